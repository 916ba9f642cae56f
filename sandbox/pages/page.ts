import { randomBytes } from "node:crypto";
import type { Answer } from "../http/answer";
import { Html, html } from "./html";

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

/** The end of a consent form. `target` is the origin of the app that asks. */
export function decisionButtons(target: string): Html {
  return html`<div class="decide">
    <button name="decision" value="deny">Deny</button>
    <button name="decision" value="approve" class="primary">Approve</button>
    <p class="to">Either way, you return to ${target}</p>
  </div>`;
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
          Sandbox: a stand-in for ${page.standInFor ?? "Echo"}. Nobody is verified and no money moves.
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

/** Style of every sandbox page: neutral surfaces, one accent, text in 13, 15, 18 and 24 px at the usual size of text, light and dark. */
const STYLE = `
:root {
  color-scheme: light dark;
  --surface: #f7f7f8; --raised: #ffffff; --line: #dfe0e5; --control: #868a96;
  --text: #17181c; --quiet: #5a5e6a; --accent: #4646c6; --on-accent: #ffffff; --tint: #f1f1fd;
  --bad: #b3261e; --ok: #1a6e3c; --warn-surface: #fbf3dd; --warn-text: #6a4a06;
}
@media (prefers-color-scheme: dark) {
  :root {
    --surface: #111216; --raised: #1a1b21; --line: #2f313a; --control: #767a87;
    --text: #eeeff2; --quiet: #a4a8b4; --accent: #a3a5ff; --on-accent: #14142b; --tint: #22233a;
    --bad: #ff9a91; --ok: #7fd6a0; --warn-surface: #2c2512; --warn-text: #ecd08a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--surface); color: var(--text); font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word; }
h1, h2, h3, p, ul, fieldset, table { margin: 0; padding: 0; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.015em; font-weight: 620; text-wrap: balance; }
h2 { font-size: 1.125rem; line-height: 1.35; letter-spacing: -0.005em; font-weight: 620; }
a { color: var(--accent); text-underline-offset: 2px; }
code, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 0.8125rem; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.small { font-size: 0.8125rem; }
.strip { background: var(--warn-surface); color: var(--warn-text); font-size: 0.8125rem; padding: 8px 16px; text-align: center; }
.column { max-width: 600px; margin: 0 auto; padding: 40px 16px; }
.wide { max-width: 1040px; }
.stack > * + * { margin-top: 12px; }
.card { background: var(--raised); border: 1px solid var(--line); border-radius: 12px; padding: 20px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button, .button { font: inherit; font-weight: 560; min-height: 44px; padding: 8px 20px; border-radius: 8px; border: 1px solid var(--control); background: var(--raised); color: var(--text); cursor: pointer; }
button:hover { border-color: var(--text); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover { filter: brightness(1.08); }
button.danger { color: var(--bad); }
label { display: block; }
input:not([type=radio], [type=checkbox]), select { font: inherit; width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--control); border-radius: 8px; background: var(--raised); color: var(--text); }
fieldset { border: 0; min-width: 0; }
@media (prefers-reduced-motion: no-preference) { button, .choice { transition: background-color 120ms, border-color 120ms; } }

.consent-head { margin-bottom: 28px; }
.consent-head .quiet { margin-top: 8px; }
.scopes { list-style: none; margin: 20px 0 0; border-top: 1px solid var(--line); }
.scopes li { padding: 10px 0; border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; justify-content: space-between; }
.scopes span { color: var(--quiet); font-size: 0.8125rem; }
fieldset.scopes { border-top: 1px solid var(--line); }
.scope { display: flex; gap: 12px; align-items: center; min-height: 44px; border-bottom: 1px solid var(--line); cursor: pointer; }
.scope input { width: 18px; height: 18px; min-height: 0; margin: 0; flex: none; accent-color: var(--accent); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.others { margin-top: 8px; }
.group + .group { margin-top: 28px; }
.group legend { font-size: 0.8125rem; font-weight: 560; color: var(--quiet); padding: 0; margin-bottom: 8px; }
.search { margin-bottom: 20px; }
.search span { display: block; font-size: 0.8125rem; color: var(--quiet); margin-bottom: 4px; }
.choices { background: var(--raised); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.choice { display: grid; grid-template-columns: 20px 1fr; gap: 12px; padding: 12px 16px; cursor: pointer; }
.choice + .choice { border-top: 1px solid var(--line); }
.choice:hover { background: var(--surface); }
.choice:has(:checked) { background: var(--tint); }
.choice:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 12px; }
.choice input { accent-color: var(--accent); width: 18px; height: 18px; margin: 2px 0 0; outline: none; }
.choice b { display: block; font-weight: 560; line-height: 1.4; }
.choice small { display: block; font-size: 0.8125rem; color: var(--quiet); line-height: 1.45; margin-top: 1px; }
.decide { position: sticky; bottom: 0; background: var(--surface); border-top: 1px solid var(--line); margin: 32px -16px 0; padding: 12px 16px max(12px, env(safe-area-inset-bottom)); display: flex; flex-wrap: wrap; gap: 12px; }
.decide button { flex: 1 1 auto; padding: 8px; }
.decide .primary { flex-grow: 2; }
.to { font-size: 0.8125rem; color: var(--quiet); flex: 1 0 100%; text-align: center; }

.panel-head { display: flex; flex-wrap: wrap; gap: 16px; align-items: end; justify-content: space-between; margin-bottom: 24px; }
.panel { display: grid; gap: 16px; grid-template-columns: minmax(0, 1fr); align-items: start; }
.fields { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 8rem), 1fr)); }
.fields .full { grid-column: 1 / -1; }
.fields span, .row label span { display: block; font-size: 0.8125rem; color: var(--quiet); margin-bottom: 4px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; }
.row label { flex: 1 1 140px; }
.plain { list-style: none; }
.plain li { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; justify-content: space-between; border-top: 1px solid var(--line); padding: 8px 0; }
.card-head { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; justify-content: space-between; }
.card-head button, .plain button { min-height: 36px; padding: 4px 12px; font-size: 0.8125rem; }
.scroll { overflow-x: auto; margin: 0 -20px; padding: 0 20px; max-height: 560px; overflow-y: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 560; color: var(--quiet); }
th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
.bad, .choice small.bad { color: var(--bad); }
.ok, .choice small.ok { color: var(--ok); }
.check { display: flex; gap: 10px; align-items: center; min-height: 44px; }
.check input { width: 18px; min-height: 18px; margin: 0; accent-color: var(--accent); flex: none; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr)); gap: 12px 20px; margin-bottom: 0; }
.facts dt { font-size: 0.8125rem; color: var(--quiet); }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
.facts .long { grid-column: 1 / -1; }
.stack > .tools { display: grid; gap: 24px 32px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); margin-top: 24px; }
.tools > div > * + * { margin-top: 8px; }
.tools h3 { font-size: 0.9375rem; font-weight: 560; }
#said { position: sticky; bottom: 8px; width: fit-content; max-width: 100%; margin: 16px auto 0; padding: 8px 16px; border-radius: 8px; background: var(--text); color: var(--surface); font-size: 0.8125rem; z-index: 1; }
#said:empty { visibility: hidden; }
.json { margin: 0; padding: 12px; max-height: 420px; overflow: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; font-size: 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.scenarios { list-style: none; display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr)); }
.scenarios button { width: 100%; height: 100%; padding: 8px 12px; text-align: left; }
.scenarios small { display: block; font-size: 0.8125rem; font-weight: 400; color: var(--quiet); line-height: 1.4; }
td button { min-height: 28px; padding: 0 10px; font-size: 0.8125rem; }
summary { cursor: pointer; }
[hidden] { display: none !important; }
@media (min-width: 860px) { .panel { grid-template-columns: minmax(0, 5fr) minmax(0, 4fr); } .panel .full { grid-column: 1 / -1; } }
@media (max-width: 560px) { .column { padding-top: 24px; } .card { padding: 16px; } .scroll { margin: 0 -16px; padding: 0 16px; } }
`;
