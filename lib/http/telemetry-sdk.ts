import "server-only";
import { randomUUID } from "node:crypto";
import { context, metrics, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { waitUntil } from "@vercel/functions";
import type { TelemetrySettings } from "@/lib/config/telemetry-settings";
import { withTimeout } from "@/lib/http/deadline";
import { errorFields, requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import { OwnTraces, PublicSpans } from "@/lib/http/request-traces";

// Loaded only where an exporter is configured (`lib/start-up.ts`).

/** Between two lines about a collector that does not take what is sent (milliseconds). */
const WARN_EVERY_MS = 10 * 60_000;

/** A serverless process is kept alive for a request at most this long, as `maxDuration` is (milliseconds): not every span of Next ends. */
const LONGEST_REQUEST_MS = 60_000;

/** What a server that ends waits for its collector at most (milliseconds). */
const CLOSE_MS = 2_000;

/**
 * Logs that a collector takes nothing, rarely: nobody else would tell. Without the error's text, which may quote an answer, and without an address
 * or a header.
 */
function warnOf(error: Error | undefined): void {
  const warned = processGlobal("telemetry-warned", () => ({ at: -Infinity }));
  const now = performance.now();
  if (now - warned.at < WARN_EVERY_MS) return;
  warned.at = now;
  const { errorName, errorCode } = errorFields(error);
  const status = error && "code" in error && typeof error.code === "number" ? error.code : undefined;
  requestLog("-").warn("telemetry.not-sent", { errorName, errorCode, status });
}

function watched<Outcome extends { code: number; error?: Error }>(done: (outcome: Outcome) => void) {
  return (outcome: Outcome) => {
    if (outcome.code !== 0) warnOf(outcome.error);
    done(outcome);
  };
}

class TraceExporter extends OTLPTraceExporter {
  override export(...[spans, done]: Parameters<OTLPTraceExporter["export"]>): void {
    super.export(spans, watched(done));
  }
}

class MetricExporter extends OTLPMetricExporter {
  override export(...[report, done]: Parameters<OTLPMetricExporter["export"]>): void {
    super.export(report, watched(done));
  }
}

/** One of the two kinds of telemetry. */
interface Sender {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** The name of this process among all instances, since each counts for itself. It tells nothing about the machine. */
function resource(serviceName: string): Resource {
  const own = resourceFromAttributes({ "service.name": serviceName, "service.instance.id": randomUUID() });
  return own.merge(detectResources({ detectors: [envDetector] }));
}

function sendTraces(url: string, { headers }: TelemetrySettings, about: Resource, onTrace: OnTrace): Sender {
  const batches = new BatchSpanProcessor(new TraceExporter({ url, headers }));
  const provider = new BasicTracerProvider({ resource: about, spanProcessors: [new PublicSpans(batches, onTrace)] });
  // This app's own spans of upstream calls take the place of these, whose names are addresses.
  process.env.NEXT_OTEL_FETCH_DISABLED = "1";
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new OwnTraces());
  trace.setGlobalTracerProvider(provider);
  return provider;
}

function sendMetrics(url: string, { headers, metricsEveryMs }: TelemetrySettings, about: Resource): Sender {
  const exporter = new MetricExporter({ url, headers });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: metricsEveryMs });
  const provider = new MeterProvider({ resource: about, readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return provider;
}

type OnTrace = (ended: Promise<void>) => void;

/**
 * Starts recording and sending, in the background: a collector that is away or slow delays no request, and what it does not take is dropped.
 * Returns a function for the end of the process, which sends what is left and gives up after two seconds. It never rejects.
 */
export function startTelemetry(settings: TelemetrySettings): () => Promise<void> {
  const { tracesUrl, metricsUrl, serviceName } = settings;
  const about = resource(serviceName);
  const senders: Sender[] = [];
  const flush = () => Promise.allSettled(senders.map((sender) => sender.forceFlush()));
  // A serverless host freezes the process after an answer, and no timer would send what was recorded.
  const sendSoon: OnTrace = (ended) => waitUntil(withTimeout(LONGEST_REQUEST_MS, ended).then(flush));
  const onTrace: OnTrace = process.env.VERCEL ? sendSoon : () => undefined;
  if (metricsUrl !== undefined) senders.push(sendMetrics(metricsUrl, settings, about));
  if (tracesUrl !== undefined) senders.push(sendTraces(tracesUrl, settings, about, onTrace));
  return async () => void (await withTimeout(CLOSE_MS, Promise.allSettled(senders.map((sender) => sender.shutdown()))));
}
