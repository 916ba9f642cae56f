/** The control panel's script, as text: it runs in the browser unchanged, and puts data on the page as text only. */
export const CONTROL_PANEL_SCRIPT = `
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
