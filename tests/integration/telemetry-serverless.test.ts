import { propagation, ROOT_CONTEXT, trace, type TextMapGetter, type TextMapSetter } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { inSpan } from "@/lib/http/telemetry";
import { count } from "@/lib/http/metrics";
import { startTelemetry } from "@/lib/http/telemetry-sdk";
import { startCollector, type Collector } from "@/tests/support/app/collector";

/** The place where Vercel puts the function that keeps a process alive for a promise. */
const VERCEL_CONTEXT = Symbol.for("@vercel/request-context");

/** Longer than any test: nothing is sent by a timer. */
const NEVER = "600000";

const kept: Promise<unknown>[] = [];

let collector: Collector;
let close: () => Promise<void>;

beforeAll(async () => {
  collector = await startCollector();
  vi.stubEnv("VERCEL", "1");
  vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", NEVER);
  const waitUntil = (work: Promise<unknown>) => void kept.push(work);
  Reflect.set(globalThis, VERCEL_CONTEXT, { get: () => ({ waitUntil }) });
  close = startTelemetry({
    tracesUrl: `${collector.origin}/v1/traces`,
    metricsUrl: `${collector.origin}/v1/metrics`,
    headers: {},
    serviceName: "test",
    metricsEveryMs: Number(NEVER),
  });
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, VERCEL_CONTEXT);
  await close();
  await collector.close();
});

it("a serverless process is kept alive until the spans and counts of its request are sent", async () => {
  await inSpan({ name: "request" }, async () => {
    await inSpan({ name: "work" }, () => Promise.resolve());
    count("app.connects", { "app.provider": "sonar" });
    expect(collector.requests).toEqual([]);
  });
  expect(kept).toHaveLength(1);
  await Promise.all(kept);
  expect(collector.spans().map(({ name }) => name)).toEqual(["work", "request"]);
  expect(collector.total("app.connects")).toBe(1);
});

const setter: TextMapSetter<Map<string, string>> = { set: (carrier, name, value) => void carrier.set(name, value) };
const getter: TextMapGetter<Map<string, string>> = {
  get: (carrier, name) => carrier.get(name),
  keys: (carrier) => [...carrier.keys()],
};

it("a trace is continued from what this process has handed on, to the letter, and from nothing else", () => {
  const span = trace.getTracer("test").startSpan("first");
  const handed = new Map<string, string>();
  propagation.inject(trace.setSpan(ROOT_CONTEXT, span), handed, setter);
  span.end();
  const { traceId, spanId } = span.spanContext();
  expect([...handed]).toEqual([["traceparent", `00-${traceId}-${spanId}-01`]]);
  const traceOf = (header: string) => {
    const carrier = new Map([["traceparent", header]]);
    return trace.getSpanContext(propagation.extract(ROOT_CONTEXT, carrier, getter))?.traceId;
  };
  expect(traceOf(handed.get("traceparent") ?? "")).toBe(traceId);
  expect(traceOf(`00-${traceId}-${"b".repeat(16)}-01`)).toBeUndefined();
  expect(traceOf(`00-${"a".repeat(32)}-${spanId}-01`)).toBeUndefined();
  expect(traceOf("")).toBeUndefined();
});
