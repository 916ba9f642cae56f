import { beforeAll, describe, expect, it } from "vitest";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import type { Result } from "@/lib/result";
import { startChain } from "@/sandbox/chain/start";
import { entityId } from "@/sandbox/echo/personas/persona";
import { openAppBench, outdateTokens, storedConnections, type AppBench } from "@/tests/support/app/app-bench";
import { acceptTerms, INPUTS, WALLET } from "@/tests/support/app/call-action";
import { takeCanaryTour, type Tour } from "@/tests/support/app/canary-tour";
import { startCollector, type Collector, type ReceivedSpan } from "@/tests/support/app/collector";
import { findSecrets } from "@/tests/support/app/find-secrets";
import { linesUpTo, type LogLine } from "@/tests/support/app/log-lines";
import { ECHO } from "@/tests/support/app/upstream-gate";

const KEY = "collector-key-0123456789abcdef";
const PERMITS_PER_MINUTE = 3;

/** Headers by which a visitor could choose the trace that a request belongs to, and add text to it. */
const FOREIGN_TRACE = "a1".repeat(16);
const FOREIGN = {
  traceparent: `00-${FOREIGN_TRACE}-${"b2".repeat(8)}-01`,
  tracestate: "vendor=canary-in-tracestate",
  baggage: "user=canary-in-baggage",
  "User-Agent": "canary-in-agent",
};

/** What the database and the upstream know of the same events. */
interface Facts {
  events: readonly { event: string; details: string }[];
  userIds: readonly string[];
  refreshes: number;
  refused: number;
  /** The headers of all requests to Sonar. */
  upstreamHeaders: string;
}

let tour: Tour;
let collector: Collector;
let spans: readonly ReceivedSpan[];
let log: readonly LogLine[];
let facts: Facts;

/** Another instance holds the lease of a refresh, and dies. */
async function waitForLease(bench: AppBench): Promise<void> {
  const { call } = await bench.connected();
  await outdateTokens(bench);
  for (const key of await storedConnections(bench)) {
    const stored = await bench.tokens.get(key);
    const lease = { holder: "another instance", until: Date.now() + 500 };
    if (stored) await bench.tokens.takeLease(key, stored.version, lease);
  }
  const profile = await call("getProfile", {});
  if (!profile.ok) throw new Error(`The lease was not taken over: ${profile.error.code}`);
}

/** Asks for more permits than a minute has, wherever a new minute begins. Returns the number that were refused for it. */
async function askTooOften(bench: AppBench): Promise<number> {
  const { call, browser } = await bench.connected();
  await acceptTerms(browser, bench.app.url, entityId("ada"));
  const asked: Result<unknown>[] = [];
  while (asked.length < 2 * PERMITS_PER_MINUTE + 2) {
    asked.push(await call("generatePurchasePermit", INPUTS["generatePurchasePermit"]));
  }
  await browser.submit(`${bench.app.url}/auth/sign-out`);
  return asked.filter((result) => !result.ok && result.error.code === "api/rate_limited").length;
}

async function readFacts(bench: AppBench, refused: number, refreshes: number): Promise<Facts> {
  const rows = await bench.database.kysely.selectFrom("audit").select(["event", "details", "user_id"]).execute();
  const userIds = [...new Set(rows.map((row) => row.user_id))];
  const upstreamHeaders = JSON.stringify(bench.gate.passages.map(({ headers }) => headers));
  return { events: rows, userIds, refreshes, refused, upstreamHeaders };
}

beforeAll(async () => {
  collector = await startCollector();
  const chain = await startChain({ port: 0 });
  const bench = await openAppBench({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
    OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${KEY}`,
    OTEL_SERVICE_NAME: "sale",
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
    RATE_PERMIT_PER_MINUTE: String(PERMITS_PER_MINUTE),
    SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
    SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
    RPC_URLS: chain.rpcUrl,
    PUBLIC_RPC_URLS: chain.rpcUrl,
  });
  const refreshesSoFar = async () => (await bench.sandbox.control.requests(ECHO.refresh)).length;
  tour = await takeCanaryTour(bench);
  await waitForLease(bench);
  const refused = await askTooOften(bench);
  for (const path of ["/", "/canary-in-path?canary=in-query", "/api/sale"]) {
    await (await fetch(bench.app.url + path, { headers: FOREIGN })).text();
  }
  log = await linesUpTo({ logs: () => bench.app.logs().replace(/^[^{].*$/gm, "") }, 0, "refused.rate-limit");
  facts = await readFacts(bench, refused, await refreshesSoFar());
  // What is left is sent when the server ends.
  await bench.close();
  await chain.close();
  spans = collector.spans();
  return () => collector.close();
}, 180_000);

function named(name: string): ReceivedSpan[] {
  return spans.filter((span) => span.name === name);
}

function parentOf({ traceId, parentSpanId }: ReceivedSpan): ReceivedSpan | undefined {
  return spans.find((span) => span.traceId === traceId && span.spanId === parentSpanId);
}

function rootOf(span: ReceivedSpan): ReceivedSpan {
  const parent = parentOf(span);
  return parent ? rootOf(parent) : span;
}

describe("the spans", () => {
  it.each([
    ["of actions and routes", "getEntities", { "app.call": "getEntities", "app.provider": "sonar" }],
    ["of forms", "sign-in", { "app.call": "sign-in" }],
    ["of callbacks", "callback", { "error.type": "oauth/invalid_state" }],
    [
      "of upstream calls",
      "sonar.ListAvailableEntities",
      { "server.address": "127.0.0.1", "http.request.method": "POST", "http.response.status_code": 200 },
    ],
    ["of the exchange", "oauth.exchange", { "http.response.status_code": 200 }],
    ["of refreshes", "refresh", { "app.provider": "sonar", "app.outcome": "refreshed" }],
    ["of failed refreshes", "refresh", { "app.outcome": "ended", "error.type": "auth/invalid_refresh_token" }],
    ["of the store", "SELECT sessions", { "db.system.name": "sqlite", "db.collection.name": "sessions" }],
    ["of the chain", "eth_call", { "rpc.system.name": "jsonrpc", "rpc.method": "eth_call" }],
    ["of its nodes", "chain.node", { "server.address": "127.0.0.1" }],
    ["of Next", "GET /oauth/callback/[[...provider]]", { "http.route": "/oauth/callback/[[...provider]]" }],
  ])("%s arrive", (_kind, name, attributes) => {
    expect(named(name).map((span) => span.attributes)).toContainEqual(expect.objectContaining(attributes));
  });

  it("of one request are one trace, from the proxy down to the statements of the store", () => {
    const [exchange] = named("oauth.exchange");
    if (!exchange) throw new Error("There is no exchange");
    const trail: string[] = [];
    for (let span: ReceivedSpan | undefined = exchange; span; span = parentOf(span)) trail.push(span.name);
    expect(trail).toEqual([
      "oauth.exchange",
      "callback",
      "AppRouteRouteHandlers.runHandler",
      "GET /oauth/callback/[[...provider]]",
      "GET",
    ]);
    const others = spans.filter(({ traceId }) => traceId === exchange.traceId).map(({ name }) => name);
    expect(others).toEqual(expect.arrayContaining(["DELETE transactions", "INSERT connections", "Middleware.execute"]));
  });

  it("of this app all hang below a request", () => {
    const own = spans.filter(({ scope }) => scope === "sonar-app");
    const lost = own.filter((span) => rootOf(span).attributes["app.request_id"] === undefined);
    expect(own.length).toBeGreaterThan(100);
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  it("have the request id of the log, and the log has their trace", () => {
    const traced = log.filter(({ trace }) => trace !== undefined);
    expect(traced.length).toBeGreaterThan(20);
    for (const { trace, requestId } of traced) {
      const roots = spans.filter(({ traceId, parentSpanId }) => traceId === trace && !parentSpanId);
      expect(roots.map(({ attributes }) => attributes["app.request_id"])).toEqual([requestId]);
    }
  });

  it("are marked as errors where somebody must look, and not where a person went wrong", () => {
    const failedCallbacks = named("callback").filter(({ failed }) => failed);
    const codes = failedCallbacks.map(({ attributes }) => attributes["error.type"]);
    expect(codes).toContain("oauth/invalid_client");
    expect(codes).not.toContain("oauth/invalid_state");
  });

  it("say who sends them", () => {
    expect(collector.resource()).toEqual({
      "service.name": "sale",
      "service.instance.id": expect.stringMatching(/^[\da-f-]{36}$/),
      "deployment.environment.name": "test",
    });
    expect(new Set(collector.requests.map(({ headers }) => headers["x-collector-key"]))).toEqual(new Set([KEY]));
  });
});

describe("the counters", () => {
  const events = (...names: string[]) => facts.events.filter(({ event }) => names.includes(event)).length;

  it("agree with the audit table about connections and permits", () => {
    expect(events("connect")).toBeGreaterThan(2);
    expect(collector.total("app.connects", { "app.provider": "sonar" })).toBe(events("connect"));
    expect(events("permit-given")).toBeGreaterThan(2);
    expect(collector.total("app.permits", { "app.outcome": "given" })).toBe(events("permit-given"));
    expect(collector.total("app.permits", { "app.outcome": "refused" })).toBe(
      events("permit-asked") - events("permit-given"),
    );
  });

  it("tell why connections ended", () => {
    const ended = (reason: string) => collector.total("app.disconnects", { "app.reason": reason });
    expect(ended("disconnect")).toBe(events("disconnect"));
    expect(ended("refresh-refused")).toBe(events("refresh-refused"));
    expect(ended("refresh-refused")).toBeGreaterThan(0);
    expect(ended("sign-out")).toBe(1);
  });

  it("agree with the upstream about refreshes, whatever their outcome", () => {
    expect(collector.total("app.refreshes")).toBe(facts.refreshes);
    expect(collector.total("app.refreshes", { "app.outcome": "refreshed" })).toBeGreaterThan(1);
    expect(collector.total("app.refreshes", { "error.type": "auth/invalid_refresh_token" })).toBe(
      events("refresh-refused"),
    );
  });

  it("count a wait for the lease of another instance", () => {
    expect(collector.total("app.lease_wait.duration", { "app.provider": "sonar" })).toBe(1);
  });

  it("agree with the log about failures", () => {
    const logged = log.filter(({ call, code }) => call === "callback" && code === "oauth/invalid_state");
    const counted = { "app.call": "callback", "error.type": "oauth/invalid_state" };
    expect(logged.length).toBeGreaterThan(0);
    expect(collector.total("app.failures", counted)).toBe(logged.length);
  });

  it("count what a limit refused", () => {
    expect(facts.refused).toBeGreaterThan(0);
    expect(collector.total("app.refusals", { "app.reason": "permits" })).toBe(facts.refused);
    const failures = { "app.call": "generatePurchasePermit", "error.type": "api/rate_limited" };
    expect(collector.total("app.failures", failures)).toBe(facts.refused);
  });
});

describe("of the people", () => {
  const received = () =>
    collector.requests.map(({ path, headers, body }) => ({ name: path, text: `${JSON.stringify(headers)}\n${body}` }));

  it("no token, code, state, verifier or session id is sent", () => {
    expect(received().length).toBeGreaterThan(2);
    expect(tour.secrets.length).toBeGreaterThan(20);
    expect(findSecrets(received(), tour.secrets)).toEqual([]);
  });

  it("no name, address, wallet, entity, user id or query is sent, and nothing that a visitor can write", () => {
    const text = received()
      .map((place) => place.text)
      .join("\n");
    expect(facts.userIds.length).toBeGreaterThan(2);
    const canaries = [WALLET, entityId("ada"), "Lovelace", "ada@example.com", "canary", "://", "?", ...facts.userIds];
    const found = canaries.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));
    expect(found).toEqual([]);
    expect(tour.places.map((place) => place.text).join()).toContain("ada@example.com");
  });

  it("nobody chooses the trace that a request belongs to, and nobody is told", () => {
    const traces = new Set(spans.map(({ traceId }) => traceId));
    expect(traces.size).toBeGreaterThan(20);
    expect(traces).not.toContain(FOREIGN_TRACE);
    const answers = tour.places.map((place) => place.text).join("\n");
    expect(facts.upstreamHeaders).toContain("authorization");
    const told = [...traces].filter((id) => answers.includes(id) || facts.upstreamHeaders.includes(id));
    expect(told).toEqual([]);
  });
});
