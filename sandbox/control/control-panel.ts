import type { Answer } from "../http/answer";
import { choice, field, number, select, html, type Html } from "../pages/html";
import { pageAnswer } from "../pages/page";

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
  section?: PanelSection;
}

/** GET /: controls and request log for people. It only uses the control endpoints. */
export function controlPanel(panel: ControlPanel): Answer {
  const { name, tokenLifetime, redirectUris, endpoints, others = [], section } = panel;
  const body = html`<main class="column wide">
    <header class="panel-head">
      <div>
        <h1>Sandbox controls</h1>
        <p class="quiet">Make ${name} misbehave, and see which requests your app sends.</p>
        ${others.length > 0 ? otherPanels(others) : undefined}
      </div>
      <div class="row">
        <button data-call="POST reset" data-said="Everything is reset; users stay connected.">Reset all</button>
      </div>
    </header>
    <noscript
      ><p class="card">These controls need JavaScript. The endpoints under /sandbox/ offer the same.</p></noscript
    >
    <p id="said" class="small quiet" role="status"></p>
    <div class="panel">
      ${section?.markup}${faultCard(endpoints)}${tokenCard(tokenLifetime)}${redirectCard(redirectUris)}${logCard()}
    </div>
  </main>`;
  const script = CONTROL_PANEL_SCRIPT + (section?.script ?? "");
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
      <button class="primary full">Switch on</button>
    </form>
    <ul id="fault-list" class="plain"></ul>
  </section>`;
}

const EFFECTS = [
  choice("status", "Status"),
  choice("rate-limit", "429 with Retry-After"),
  choice("oauth-error", "OAuth error"),
  choice("check-failed", "Failed purchase check"),
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
      <button>Set</button>
    </form>
    <p class="small quiet">
      With an expired access token, the app gets a 401 until it refreshes. Revoked users must connect again.
    </p>
    <div class="row">
      <button data-call="POST expire-access-tokens" data-said="All access tokens are expired.">
        Expire access tokens
      </button>
      <button class="danger" data-call="POST revoke-everything" data-said="Every connection is revoked.">
        Revoke everything
      </button>
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
      <button>Register</button>
    </form>
  </section>`;
}

function logCard(): Html {
  return html`<section class="card stack full" aria-labelledby="log-title">
    <div class="card-head">
      <h2 id="log-title">Requests</h2>
      <button data-call="DELETE requests" data-said="The log is empty.">Clear</button>
    </div>
    <div class="scroll" role="group" aria-label="Request log" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Status</th>
            <th scope="col">Request</th>
            <th scope="col">Persona</th>
            <th scope="col">Token</th>
            <th scope="col">Entity</th>
            <th scope="col">Fault</th>
          </tr>
        </thead>
        <tbody id="log"></tbody>
      </table>
      <p id="log-empty" class="quiet small">No requests yet.</p>
    </div>
  </section>`;
}

/** The control panel's script, as text: it runs in the browser unchanged, and puts data on the page as text only. */
const CONTROL_PANEL_SCRIPT = `
"use strict";
const byId = (id) => document.getElementById(id);
const say = (text) => { byId("said").textContent = text; };

async function call(method, path, body) {
  const response = await fetch("/sandbox/" + path, {
    method,
    headers: method === "GET" ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text === "" ? {} : JSON.parse(text);
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

async function act(done, ...request) {
  try {
    await call(...request);
    say(done);
  } catch (error) {
    say("Failed: " + error.message);
  }
  await refresh();
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function describe(fault) {
  const effect = fault.effect;
  const parts = [];
  if (fault.latencyMs > 0) parts.push("+" + fault.latencyMs + " ms");
  if (effect) parts.push(effect.kind === "status" ? "status " + effect.status : effect.kind);
  if (effect && fault.when === "after") parts.push("after the request");
  parts.push(fault.times === undefined ? "until cleared" : fault.times + " left");
  return parts.join(", ");
}

function faultRow(fault) {
  const row = document.createElement("li");
  const text = document.createElement("div");
  const clear = element("button", "Clear");
  clear.setAttribute("aria-label", "Clear the fault on " + fault.endpoint);
  clear.addEventListener("click", () => act("The fault is off.", "DELETE", "faults?endpoint=" + encodeURIComponent(fault.endpoint)));
  text.append(element("div", fault.endpoint === "*" ? "All API endpoints" : fault.endpoint, "mono"), element("div", describe(fault), "small quiet"));
  row.append(text, clear);
  return row;
}

function logRow(entry) {
  const row = document.createElement("tr");
  const status = entry.status === undefined ? "none" : String(entry.status);
  row.append(
    element("td", new Date(entry.time).toLocaleTimeString(), "quiet"),
    element("td", status, entry.status < 400 ? "ok" : "bad"),
    element("td", entry.method + " " + entry.path, "mono"),
    element("td", entry.persona || ""),
    element("td", entry.token || "", "mono"),
    element("td", entry.entity || "", "mono"),
    element("td", entry.fault || ""),
  );
  return row;
}

let shown = "";
async function refresh() {
  const [log, board] = await Promise.all([call("GET", "requests"), call("GET", "faults")]);
  const now = JSON.stringify([log, board]);
  // Unchanged rows are not replaced, so that a button in them keeps the focus.
  if (now === shown) return;
  shown = now;
  byId("fault-list").replaceChildren(...board.faults.map(faultRow));
  byId("log").replaceChildren(...log.requests.slice(-200).reverse().map(logRow));
  byId("log-empty").hidden = log.requests.length > 0;
}

function faultFrom(fields) {
  const kind = fields.get("kind");
  const effect = { kind };
  if (kind === "status") effect.status = Number(fields.get("status"));
  if (kind === "oauth-error") effect.error = fields.get("error");
  if (kind === "check-failed") effect.reason = fields.get("reason");
  if (kind === "html") effect.status = 502;
  if (kind === "rate-limit") effect.retryAfterSeconds = Number(fields.get("retryAfterSeconds"));
  return {
    endpoint: fields.get("endpoint"),
    when: fields.get("when"),
    latencyMs: Number(fields.get("latencyMs")),
    effect: kind === "" ? undefined : effect,
    times: fields.get("times") === "" ? undefined : Number(fields.get("times")),
  };
}

byId("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  act("The fault is on.", "PUT", "faults", faultFrom(new FormData(event.target)));
});
byId("fault").elements.kind.addEventListener("change", (event) => {
  for (const field of document.querySelectorAll("[data-for]")) field.hidden = field.dataset.for !== event.target.value;
});
byId("lifetime").addEventListener("submit", (event) => {
  event.preventDefault();
  const seconds = Number(new FormData(event.target).get("seconds"));
  act("New access tokens are valid for " + seconds + " seconds.", "PUT", "token-lifetime", { seconds });
});
byId("redirect").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const uri = new FormData(form).get("uri");
  try {
    const { redirectUris } = await call("PUT", "redirect-uris", { redirectUris: [uri] });
    byId("redirects").replaceChildren(...redirectUris.map((each) => element("li", each)));
    form.reset();
    say(uri + " is registered.");
  } catch (error) {
    say("Failed: " + error.message);
  }
});
for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => act(button.dataset.said, ...button.dataset.call.split(" ")));
}
async function poll() {
  try {
    await refresh();
  } catch {
    say("The sandbox is not responding.");
  }
  setTimeout(poll, 1500);
}
poll();
`;
