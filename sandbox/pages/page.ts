import { randomBytes } from "node:crypto";
import type { Answer } from "../http/answer";
import { Html, html } from "./html";
import { STYLE } from "./style";

/** One page of the sandbox. */
export interface Page {
  title: string;
  /** The service that the page stands in for; absent: Echo. */
  standInFor?: string;
  body: Html;
  status?: number;
  /** The source of the page's only inline script; most pages have none. */
  script?: string;
  /** The origins that a form's answer may redirect to: browsers apply `form-action` to the redirect as well. */
  formTargets?: readonly string[];
}

/** The page as an HTTP answer. Its Content-Security-Policy allows the page's own parts and nothing else. */
export function pageAnswer(page: Page): Answer {
  const nonce = randomBytes(16).toString("base64");
  return {
    status: page.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy(page, nonce),
      // With "no-referrer", browsers would send "Origin: null" with the form, which the consent endpoint rejects.
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
    },
    body: documentMarkup(page, nonce),
  };
}

function contentSecurityPolicy(page: Page, nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    "img-src data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${["'self'", ...(page.formTargets ?? [])].join(" ")}`,
    ...(page.script === undefined ? [] : [`script-src 'nonce-${nonce}'`, "connect-src 'self'"]),
  ].join("; ");
}

function documentMarkup(page: Page, nonce: string): string {
  const script =
    page.script === undefined
      ? undefined
      : html`<script nonce="${nonce}">
          ${new Html(page.script)};
        </script>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${page.title}</title>
        <style nonce="${nonce}">
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header class="strip">
          Sandbox: a stand-in for ${page.standInFor ?? "Echo"} on this machine. Nobody is verified and no money moves.
        </header>
        ${page.body} ${script}
      </body>
    </html> `.markup;
}

/** A page with a message and no controls. */
export function messagePage(status: number, title: string, text: string, standInFor?: string): Answer {
  const body = html`<main class="column">
    <div class="card stack">
      <h1>${title}</h1>
      <p class="quiet">${text}</p>
    </div>
  </main>`;
  return pageAnswer({ title, status, body, ...(standInFor !== undefined && { standInFor }) });
}
