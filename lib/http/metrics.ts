import "server-only";
import { metrics, type Counter, type Histogram } from "@opentelemetry/api";
import { processGlobal } from "@/lib/http/process-global";
import { TELEMETRY_SCOPE, type TelemetryFields } from "@/lib/http/telemetry";

// Counters of one process, by OpenTelemetry's interface only: while no exporter is configured, all of it does nothing.

const COUNTERS = {
  "app.connects": { unit: "{connection}", description: "Accounts that were connected" },
  "app.disconnects": { unit: "{connection}", description: "Connections that ended, by provider and reason" },
  "app.refreshes": { unit: "{refresh}", description: "Refreshes of tokens, by provider and outcome" },
  "app.permits": { unit: "{permit}", description: "Purchase permits that were asked for, by outcome" },
  "app.failures": { unit: "{failure}", description: "Failures of actions and routes, by call and code" },
  "app.refusals": {
    unit: "{request}",
    description: "Requests over a limit per minute, answered with 429 where they are no action, by limit",
  },
} as const;

/** A counter of this app. */
export type CounterName = keyof typeof COUNTERS;

/** The fields by which counts are told apart: each has a few values only, or a collector would have to keep a count for every visitor. */
export type CountedBy = Pick<
  TelemetryFields,
  "app.call" | "app.provider" | "app.outcome" | "app.reason" | "error.type"
>;

/** Made at first use, which is after the start of the exporter: the interface hands out counters that do nothing before. */
interface Instruments {
  counters: Map<CounterName, Counter>;
  leaseWait?: Histogram;
}

function instruments(): Instruments {
  return processGlobal<Instruments>("instruments", () => ({ counters: new Map() }));
}

/** Adds one to a counter. */
export function count(name: CounterName, by: CountedBy): void {
  const { counters } = instruments();
  const counter = counters.get(name) ?? metrics.getMeter(TELEMETRY_SCOPE).createCounter(name, COUNTERS[name]);
  counters.set(name, counter);
  counter.add(1, { ...by });
}

/** Counts a request that waited for the refresh of another one's lease, and for how long (milliseconds). */
export function countLeaseWait(ms: number, by: CountedBy): void {
  const all = instruments();
  all.leaseWait ??= metrics.getMeter(TELEMETRY_SCOPE).createHistogram("app.lease_wait.duration", {
    unit: "ms",
    description: "Waits for a refresh that another instance had begun, by provider",
  });
  all.leaseWait.record(ms, { ...by });
}
