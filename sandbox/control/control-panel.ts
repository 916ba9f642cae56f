import type { Answer } from "../http/answer";
import { choice, field, number, select, html, type Html } from "../pages/html";
import { pageAnswer } from "../pages/page";
import { PANEL_SCRIPT } from "./panel-script";

/** A part of the panel that only one service has. Its script follows the panel's own and may use its functions. */
export interface PanelSection {
  markup: Html;
  script: string;
}

/** The content of a control panel. */
export interface ControlPanel {
  /** The service that the panel controls. */
  name: string;
  tokenLifetime: number;
  redirectUris: readonly string[];
  /** The paths that faults can be set for. */
  endpoints: readonly string[];
  /** The panels of the sandbox's other services. */
  others?: readonly { name: string; url: string }[];
  /** In this order, above the rest. */
  sections?: readonly PanelSection[];
}

/** GET /: controls and request log for people. It only uses the control endpoints. */
export function controlPanel(panel: ControlPanel): Answer {
  const { name, tokenLifetime, redirectUris, endpoints, others = [], sections = [] } = panel;
  const body = html`<main class="column wide">
    <header class="panel-head">
      <div>
        <h1>Sandbox controls</h1>
        <p class="quiet">Make ${name} misbehave, and see which requests your app sends.</p>
        ${others.length > 0 ? otherPanels(others) : undefined}
      </div>
      <div class="row">
        <button data-call="POST reset" data-resets>Reset all</button>
      </div>
    </header>
    <noscript
      ><p class="card">These controls need JavaScript. The endpoints under /sandbox/ offer the same.</p></noscript
    >
    <div class="panel">
      ${sections.map(({ markup }) => markup)}${faultCard(endpoints)}${tokenCard(tokenLifetime)}${redirectCard(redirectUris)}${logCard()}
    </div>
    <p id="said" role="status"></p>
  </main>`;
  const script = PANEL_SCRIPT + sections.map((section) => section.script).join("");
  return pageAnswer({ title: `Sandbox controls: ${name}`, standInFor: name, body, script });
}

function otherPanels(others: readonly { name: string; url: string }[]): Html {
  return html`<nav class="quiet small others" aria-label="Controls of the other services">
    Controls of ${others.map(({ name, url }) => html` <a href="${url}">${name}</a>`)}
  </nav>`;
}

function faultCard(endpoints: readonly string[]): Html {
  const named = endpoints.map((endpoint) => choice(endpoint, endpoint));
  return html`<section class="card stack" aria-labelledby="faults-title">
    <h2 id="faults-title">Faults</h2>
    <form id="fault" class="fields">
      ${field("Endpoint", select("endpoint", [choice("*", "All API endpoints"), ...named]), html`class="full"`)}
      ${field("Effect", select("kind", EFFECTS))}
      ${field("Status, 400 to 599", number("status", 400, 599, 503), html`data-for="status"`)}
      ${field("Retry after, seconds", number("retryAfterSeconds", 0, 3600, 30), html`data-for="rate-limit" hidden`)}
      ${field("Error", select("error", OAUTH_ERRORS), html`data-for="oauth-error" hidden`)}
      ${field("Reason", select("reason", CHECK_REASONS), html`data-for="check-failed" hidden`)}
      ${field("When", select("when", MOMENTS), html`class="full"`)}
      ${field("Added latency, ms", number("latencyMs", 0, 120_000, 0))}
      ${field("Number of answers", number("times", 1, 10_000))}
      <button class="primary full">Switch fault on</button>
    </form>
    <ul id="fault-list" class="plain"></ul>
  </section>`;
}

const EFFECTS = [
  choice("status", "Status"),
  choice("rate-limit", "429 with Retry-After"),
  choice("oauth-error", "OAuth error"),
  choice("check-failed", "Failed purchase check"),
  choice("no-entities", "No entities"),
  choice("html", "502 with an HTML page"),
  choice("wrong-shape", "JSON of the wrong shape"),
  choice("hang", "No answer"),
  choice("reset", "Connection reset"),
  choice("malformed-json", "Broken JSON"),
  choice("empty-body", "Empty body"),
  choice("", "Added latency only"),
];

const OAUTH_ERRORS = ["invalid_grant", "invalid_client", "invalid_request", "unsupported_grant_type"].map((error) =>
  choice(error, error),
);

const CHECK_REASONS = ["wallet-risk", "requires-liveness", "max-wallets-used", "outside-time-window"].map((reason) =>
  choice(reason, reason),
);

const MOMENTS = [
  choice("before", "Before: the request is not carried out"),
  choice("after", "After: the request is carried out, its answer is lost"),
];

function tokenCard(tokenLifetime: number): Html {
  return html`<section class="card stack" aria-labelledby="tokens-title">
    <h2 id="tokens-title">Tokens</h2>
    <form id="lifetime" class="row">
      ${field("Lifetime of new access tokens, seconds", number("seconds", 1, 2_073_600, tokenLifetime))}
      <button>Set lifetime</button>
    </form>
    <p class="small quiet">
      With an expired access token, the app gets a 401 until it refreshes. Revoked users must connect again.
    </p>
    <div class="row">
      <button data-call="POST expire-access-tokens">Expire access tokens</button>
      <button class="danger" data-call="POST revoke-everything">Revoke everything</button>
    </div>
  </section>`;
}

function redirectCard(redirectUris: readonly string[]): Html {
  return html`<section class="card stack full" aria-labelledby="redirects-title">
    <h2 id="redirects-title">Redirect URIs</h2>
    <ul id="redirects" class="plain mono">
      ${redirectUris.map((uri) => html`<li>${uri}</li>`)}
    </ul>
    <form id="redirect" class="row">
      ${field("Redirect URI of another app", html`<input name="uri" type="url" required placeholder="http://localhost:5173/callback" />`)}
      <button>Register URI</button>
    </form>
  </section>`;
}

function logCard(): Html {
  return html`<section class="card stack full" aria-labelledby="log-title">
    <div class="card-head">
      <h2 id="log-title">Requests</h2>
      <button data-call="DELETE requests">Clear the log</button>
    </div>
    <div class="scroll" role="group" aria-label="Request log" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Status</th>
            <th scope="col">ms</th>
            <th scope="col">Request</th>
            <th scope="col">Persona</th>
            <th scope="col">Token</th>
            <th scope="col">Entity</th>
            <th scope="col">Fault</th>
            <th scope="col">Bodies</th>
          </tr>
        </thead>
        <tbody id="log"></tbody>
      </table>
      <p id="log-empty" class="quiet small">No requests yet.</p>
    </div>
    <div id="log-detail" hidden>
      <h3 id="log-detail-title"></h3>
      <p class="small quiet">Tokens, codes, verifiers, client secrets and signatures are cut.</p>
      <pre id="log-detail-text" class="json" tabindex="0" role="group" aria-labelledby="log-detail-title"></pre>
    </div>
  </section>`;
}
