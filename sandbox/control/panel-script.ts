/** The control panel's script, as text: it runs in the browser unchanged, and puts data on the page as text only. */
export const PANEL_SCRIPT = `
"use strict";
const byId = (id) => document.getElementById(id);
let quieter;
function say(text) {
  byId("said").textContent = text;
  clearTimeout(quieter);
  quieter = setTimeout(() => { byId("said").textContent = ""; }, 8000);
}

/** Shows a setting in its field when it has changed, and not while a person is changing the field. */
let shownSettings = {};
function sync(name, field, value) {
  if (shownSettings[name] === value) return;
  shownSettings[name] = value;
  field.value = value;
}
function afterReset() {
  for (const form of document.querySelectorAll("form")) form.reset();
  shownSettings = {};
}

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

/** Says what is now so, in the sandbox's words or these. */
async function act(done, ...request) {
  try {
    const { now } = await call(...request);
    say(now || done);
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
    element("td", entry.ms === undefined ? "" : String(entry.ms)),
    element("td", entry.method + " " + entry.path, "mono"),
    element("td", entry.persona || ""),
    element("td", entry.token || "", "mono"),
    element("td", entry.entity || "", "mono"),
    element("td", entry.fault || ""),
  );
  const cell = document.createElement("td");
  const show = element("button", "Show");
  show.setAttribute("aria-label", "Show the bodies of request " + entry.number + ", " + entry.path);
  show.addEventListener("click", () => showBodies(entry.number));
  cell.append(show);
  row.append(cell);
  return row;
}

async function showBodies(number) {
  try {
    const entry = await call("GET", "requests/" + number);
    byId("log-detail-title").textContent = "Request " + number + ": " + entry.method + " " + entry.path;
    byId("log-detail-text").textContent = "> " + (entry.request || "(no body)") + "\\n\\n< " + (entry.response || "(no body)");
    byId("log-detail").hidden = false;
    byId("log-detail-text").focus();
  } catch (error) {
    say("Failed: " + error.message);
  }
}

let shown = "";
async function refresh() {
  const [log, board, health] = await Promise.all([call("GET", "requests"), call("GET", "faults"), call("GET", "health")]);
  sync("lifetime", byId("lifetime").elements.seconds, String(health.tokenLifetimeSeconds));
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
  button.addEventListener("click", async () => {
    await act("Done.", ...button.dataset.call.split(" "));
    if ("resets" in button.dataset) afterReset();
    await refresh();
  });
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
