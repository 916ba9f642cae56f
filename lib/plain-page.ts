import { site } from "@/lib/config/site";
import type { Theme } from "@/lib/http/cookies";

/** The look of a page that can rely on no style sheet, font, script or component: it is shown when those cannot be made. */
export const PLAIN_PAGE_CSS = `
:root { color-scheme: light dark; --accent: light-dark(${site.accent.light}, ${site.accent.dark}); }
[data-theme="light"] { color-scheme: light; }
[data-theme="dark"] { color-scheme: dark; }
body { margin: 0; font: 0.9375rem/1.6 system-ui, sans-serif; background: light-dark(#f7f7f5, #101012); color: light-dark(#1b1b19, #ededf0); }
main { max-width: 36rem; margin: 0 auto; padding: 6rem 1rem; }
h1 { font-size: min(1.5rem, 9vw); line-height: 1.3; }
p { margin: 0 0 1rem; }
a { display: inline-block; border: 1px solid transparent; margin: .5rem 0 1.5rem; padding: .6rem 1.25rem; border-radius: 8px; font-weight: 500; text-decoration: none;
  background: var(--accent); color: light-dark(${site.onAccent.light}, ${site.onAccent.dark}); }
small { display: block; color: light-dark(#5b5b55, #a5a5af); }
`;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** The words of a plain page. */
export interface PlainPage {
  title: string;
  /** Says what happened, then what to do. */
  message: string;
  /** Its only button. An empty `href` is the page's own address: it loads the page again. */
  link: { href: string; label: string };
}

/** A whole document that needs nothing else. `theme` is the visitor's choice of colours. */
export function plainPage({ title, message, link }: PlainPage, theme: Theme): string {
  const chosen = theme === "system" ? "" : ` data-theme="${theme}"`;
  return `<!DOCTYPE html>
<html lang="${escape(site.locale)}"${chosen}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escape(`${title} · ${site.name}`)}</title><style>${PLAIN_PAGE_CSS}</style></head>
<body><main><h1>${escape(title)}</h1><p>${escape(message)}</p><a href="${escape(link.href)}">${escape(link.label)}</a></main></body>
</html>
`;
}

/** An answer with a plain page that no cache may keep. `retryAfter` is in seconds. */
export function plainAnswer(
  status: 429 | 503,
  html: string | null,
  { retryAfter, headers = {} }: { retryAfter: number; headers?: Readonly<Record<string, string>> },
): Response {
  const common = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(html, { status, headers: { ...common, "Retry-After": String(retryAfter), ...headers } });
}
