"use client";

import { site } from "@/lib/config/site";
import { errorDigest } from "@/components/ui/error-view";

// Replaces the whole document when the layout itself fails: it cannot rely on a style sheet, a font or a theme.
const css = `
:root { color-scheme: light dark; --accent: light-dark(${site.accent.light}, ${site.accent.dark}); }
body { margin: 0; font: 0.9375rem/1.6 system-ui, sans-serif; background: light-dark(#f7f7f5, #101012); color: light-dark(#1b1b19, #ededf0); }
main { max-width: 36rem; margin: 0 auto; padding: 6rem 1rem; }
h1 { font-size: min(1.5rem, 9vw); line-height: 1.3; }
p { margin: 0 0 1rem; }
a { display: inline-block; border: 1px solid transparent; margin: .5rem 0 1.5rem; padding: .6rem 1.25rem; border-radius: 8px; font-weight: 500; text-decoration: none;
  background: var(--accent); color: light-dark(${site.onAccent.light}, ${site.onAccent.dark}); }
small { display: block; color: light-dark(#5b5b55, #a5a5af); }
`;

export default function GlobalError({ error }: { error: unknown }) {
  const reference = errorDigest(error);
  return (
    <html lang={site.locale}>
      <head>
        <title>{`Something went wrong - ${site.name}`}</title>
        <style>{css}</style>
      </head>
      <body>
        <main>
          <h1>This site could not be shown</h1>
          <p>Something went wrong. Try again; if it keeps happening, report it.</p>
          <a href="/">Try again</a>
          {reference && <small translate="no">{`Reference ${reference}`}</small>}
        </main>
      </body>
    </html>
  );
}
