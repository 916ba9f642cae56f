import "server-only";
import {
  SpanKind,
  trace,
  type Context,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { publicSpan } from "@/lib/http/public-span";
import { openRoot, rememberLatest, requestIdOf } from "@/lib/http/telemetry";

const HEADER = "traceparent";

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/**
 * Continues traces within this process only. Next answers a request in two passes, and hands the trace from one to the other in a header of the
 * request. The same header of a visitor is not believed: anybody could have every request of theirs recorded, add spans to the trace of
 * somebody else, or put text of their own into what is sent (`tracestate`). Nothing is handed to upstreams.
 */
export class OwnTraces implements TextMapPropagator {
  /** By the header's value. Nobody outside can guess the 192 random bits in it. */
  private readonly handedOn = new Map<string, SpanContext>();

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = trace.getSpanContext(context);
    if (!span) return;
    const value = `00-${span.traceId}-${span.spanId}-0${span.traceFlags & 1}`;
    rememberLatest(this.handedOn, value, span);
    setter.set(carrier, HEADER, value);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const value = getter.get(carrier, HEADER);
    const span = isText(value) ? this.handedOn.get(value) : undefined;
    return span ? trace.setSpanContext(context, span) : context;
  }

  fields(): string[] {
    return [HEADER];
  }
}

/** Passes on what may be sent of each span, and gives the spans of a request its id. */
export class PublicSpans implements SpanProcessor {
  /** Of the traces that are going on, by the id of the span that began each. */
  private readonly closers = new Map<string, () => void>();

  /** `onTrace` is told of every trace that begins, with a promise of its first span's end. */
  constructor(
    private readonly next: SpanProcessor,
    private readonly onTrace: (ended: Promise<void>) => void = () => undefined,
  ) {}

  onStart(span: Span, parentContext: Context): void {
    const { traceId, spanId } = span.spanContext();
    if (!span.parentSpanContext) this.begin(span, spanId);
    const requestId = span.kind === SpanKind.SERVER ? requestIdOf(traceId) : undefined;
    if (requestId !== undefined) span.setAttribute("app.request_id", requestId);
    this.next.onStart(span, parentContext);
  }

  private begin(span: Span, spanId: string): void {
    const close = openRoot(span);
    const ended = new Promise<void>((resolve) => {
      // Next does not end the span of every request whose client has left.
      rememberLatest(this.closers, spanId, () => {
        close();
        resolve();
      });
    });
    this.onTrace(ended);
  }

  onEnd(span: ReadableSpan): void {
    const { spanId } = span.spanContext();
    // First, so that it is among what is sent when its trace has ended.
    const shown = publicSpan(span);
    if (shown) this.next.onEnd(shown);
    this.closers.get(spanId)?.();
    this.closers.delete(spanId);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}
