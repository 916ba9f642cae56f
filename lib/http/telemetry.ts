import "server-only";
import { SpanKind, SpanStatusCode, trace, type Span } from "@opentelemetry/api";
import { processGlobal } from "@/lib/http/process-global";

// This file uses OpenTelemetry's interface only. While no exporter is configured (`lib/http/telemetry-sdk.ts`), all of it does nothing.

/** The name under which this app's own spans and counters are sent. */
export const TELEMETRY_SCOPE = "sonar-app";

/**
 * Everything that a span or a counter of this app may say, by its name in OpenTelemetry. There is no field for a message, a URL, a user, an entity
 * or an amount. A new field also needs a form in `lib/http/public-span.ts`.
 */
export interface TelemetryFields {
  "app.call"?: string;
  "app.provider"?: string;
  /** How it ended, in a word of the caller's own. */
  "app.outcome"?: string;
  /** Why a connection ended, or which limit refused a request, in a word of the caller's own. */
  "app.reason"?: string;
  /** A failure code, the class name of an error, or an HTTP status. */
  "error.type"?: string;
  /** Host of an upstream, without port and path. */
  "server.address"?: string;
  "http.request.method"?: string;
  "http.response.status_code"?: number;
  "rpc.system.name"?: "jsonrpc";
  "rpc.method"?: string;
  "db.system.name"?: "postgresql" | "sqlite";
  "db.operation.name"?: string;
  /** A table. */
  "db.collection.name"?: string;
}

interface Work {
  /** Fixed: never made of anything that a request holds. */
  name: string;
  kind?: "internal" | "client";
  fields?: TelemetryFields;
}

/** The span of a piece of work that is going on. */
export interface WorkSpan {
  note(fields: TelemetryFields): void;
  /** Marks the work as failed in a way that somebody must look at. */
  fault(type: string): void;
}

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

function workSpan(span: Span): WorkSpan {
  return {
    note: (fields) => void span.setAttributes({ ...fields }),
    fault: (type) => {
      span.setAttribute("error.type", type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

/** `redirect()` and the like are thrown, and are no fault. Their digest is a word; that of an error is a number. */
function isControlFlow(error: Error): boolean {
  return "digest" in error && typeof error.digest === "string" && /^[A-Z]/.test(error.digest);
}

/** Runs `run` as a span of the current trace. Of an error that it throws, the span keeps the class name alone: its message may quote data. */
export function inSpan<T>({ name, kind = "internal", fields }: Work, run: (span: WorkSpan) => Promise<T>): Promise<T> {
  const options = { kind: KINDS[kind], attributes: { ...fields } };
  return trace.getTracer(TELEMETRY_SCOPE).startActiveSpan(name, options, async (span) => {
    const work = workSpan(span);
    try {
      return await run(work);
    } catch (error) {
      if (!(error instanceof Error)) work.fault("unknown");
      else if (!isControlFlow(error)) work.fault(error.name);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Notes something in the span that is going on, whoever began it. */
export function noteInSpan(fields: TelemetryFields): void {
  trace.getActiveSpan()?.setAttributes({ ...fields });
}

/** Adds a span for work that has just ended, to a trace that is going on: what nobody asked for, as the database's watch, begins no trace of its own. */
export function addSpan({ name, kind = "internal", fields }: Work, durationMs: number, fault?: string): void {
  if (!trace.getActiveSpan()?.isRecording()) return;
  const end = Date.now();
  const options = { kind: KINDS[kind], attributes: { ...fields }, startTime: end - durationMs };
  const span = trace.getTracer(TELEMETRY_SCOPE).startSpan(name, options);
  if (fault !== undefined) workSpan(span).fault(fault);
  span.end(end);
}

/** The id of the trace that is going on and will be sent, for the log. */
export function currentTraceId(): string | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() ? span.spanContext().traceId : undefined;
}

/** The requests that are being answered. Next answers one in two spans: first `proxy.ts`, then the page. */
interface RequestTraces {
  roots: Map<string, Span>;
  requestIds: Map<string, string>;
}

/** By trace id; a module-level variable would be another one for `proxy.ts`. */
function requestTraces(): RequestTraces {
  return processGlobal<RequestTraces>("request-traces", () => ({ roots: new Map(), requestIds: new Map() }));
}

const MOST_REMEMBERED = 5_000;

/** Adds to a map of the latest entries only. */
export function rememberLatest<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}

/** Called for the span that begins a trace; the returned function when it ends. */
export function openRoot(span: Span): () => void {
  const { traceId } = span.spanContext();
  const { roots } = requestTraces();
  rememberLatest(roots, traceId, span);
  return () => void roots.delete(traceId);
}

/** The id that log lines have for the request of a trace, once `proxy.ts` has made it. */
export function requestIdOf(traceId: string): string | undefined {
  return requestTraces().requestIds.get(traceId);
}

/** Notes the request's id in the span that began its trace, so that log and trace can be joined. */
export function noteRequestId(requestId: string): void {
  const { traceId } = trace.getActiveSpan()?.spanContext() ?? {};
  const root = traceId === undefined ? undefined : requestTraces().roots.get(traceId);
  if (traceId === undefined || !root) return;
  root.setAttribute("app.request_id", requestId);
  rememberLatest(requestTraces().requestIds, traceId, requestId);
}
