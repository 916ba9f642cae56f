import { z } from "zod";
import { answerJson, startLocalServer, type LocalServer } from "@/tests/support/local-server";

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** A span as a collector receives it. */
export interface ReceivedSpan {
  /** Name of the tracer that made it: this app's own, or Next's. */
  scope: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: Values;
  /** True if its status is "error". */
  failed: boolean;
  /** Everything about it, as text. */
  text: string;
}

/** One count or histogram of a report. */
export interface ReceivedCount {
  name: string;
  attributes: Values;
  /** Of a histogram, the number of its values. */
  count: number;
}

const attributesSchema = z
  .array(
    z.object({
      key: z.string(),
      value: z.object({
        stringValue: z.string().optional(),
        boolValue: z.boolean().optional(),
        intValue: z.number().optional(),
        doubleValue: z.number().optional(),
      }),
    }),
  )
  .default([])
  .transform((list): Values =>
    Object.fromEntries(
      list.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue]),
    ),
  );

const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: attributesSchema,
  status: z.object({ code: z.number() }),
});

const tracesSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: attributesSchema }),
      scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(z.unknown()) })),
    }),
  ),
});

const points = z.object({
  dataPoints: z.array(
    z.object({ attributes: attributesSchema, asDouble: z.number().optional(), count: z.number().optional() }),
  ),
});

const metricsSchema = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(z.object({ name: z.string(), sum: points.optional(), histogram: points.optional() })),
        }),
      ),
    }),
  ),
});

function readSpan(scope: string, raw: unknown): ReceivedSpan {
  const { status, ...span } = spanSchema.parse(raw);
  return { ...span, scope, failed: status.code === 2, text: JSON.stringify(raw) };
}

function spansIn(body: string): ReceivedSpan[] {
  return tracesSchema
    .parse(JSON.parse(body))
    .resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => readSpan(scope.name, span))),
    );
}

function countsIn(body: string): ReceivedCount[] {
  const metrics = metricsSchema
    .parse(JSON.parse(body))
    .resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  return metrics.flatMap(({ name, sum, histogram }) =>
    [...(sum?.dataPoints ?? []), ...(histogram?.dataPoints ?? [])].map(({ attributes, asDouble, count }) => ({
      name,
      attributes,
      count: count ?? asDouble ?? 0,
    })),
  );
}

/** A stand-in for an OpenTelemetry collector, on loopback. */
export interface Collector extends LocalServer {
  spans(): ReceivedSpan[];
  /** The counts of the latest report: a count goes on for as long as its process lives. */
  counts(): ReceivedCount[];
  /** The attributes of the latest report's sender. */
  resource(): Values;
  /** The sum of a counter, over all points that have these attributes. */
  total(name: string, attributes?: Values): number;
}

/** Starts a collector that takes everything. */
export async function startCollector(): Promise<Collector> {
  const server = await startLocalServer((_request, response) => answerJson(response, 200, {}));
  const bodies = (path: string) => server.requests.filter((request) => request.path === path).map(({ body }) => body);
  const counts = () => countsIn(bodies("/v1/metrics").at(-1) ?? '{"resourceMetrics":[]}');
  return {
    ...server,
    spans: () => bodies("/v1/traces").flatMap(spansIn),
    counts,
    resource: () =>
      tracesSchema.parse(JSON.parse(bodies("/v1/traces").at(-1) ?? "{}")).resourceSpans[0]?.resource.attributes ?? {},
    total: (name, wanted = {}) =>
      counts()
        .filter((point) => point.name === name)
        .filter(({ attributes }) => Object.entries(wanted).every(([key, value]) => attributes[key] === value))
        .reduce((sum, { count }) => sum + count, 0),
  };
}
