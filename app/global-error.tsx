"use client";

import { site } from "@/lib/config/site";
import { errorDigest } from "@/components/ui/error-view";
import { PLAIN_PAGE_CSS } from "@/lib/plain-page";

// Replaces the whole document when the layout itself fails: it cannot rely on a style sheet, a font or a theme.
export default function GlobalError({ error }: { error: unknown }) {
  const reference = errorDigest(error);
  return (
    <html lang={site.locale}>
      <head>
        <title>{`Something went wrong - ${site.name}`}</title>
        <style>{PLAIN_PAGE_CSS}</style>
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
