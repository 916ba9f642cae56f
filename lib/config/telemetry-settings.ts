import "server-only";
import type { Environment } from "@/lib/config/env-schema";

/** Where traces and metrics are sent, each only if it has an address. OpenTelemetry reads the sampler's variables itself. */
export interface TelemetrySettings {
  tracesUrl?: string;
  metricsUrl?: string;
  /** Sent with every request to the collector; may hold its key. */
  headers: Readonly<Record<string, string>>;
  serviceName: string;
  /** Milliseconds between two reports of the counters. */
  metricsEveryMs: number;
}

/** The specification's path below the common address (OTLP/HTTP, "OTLP/HTTP Request"). */
function below(endpoint: string | undefined, path: string): string | undefined {
  return endpoint && `${endpoint.replace(/\/$/, "")}/${path}`;
}

/** The settings of the exporters; undefined if no address is set: then nothing of them is loaded. */
export function telemetrySettings(vars: Environment): TelemetrySettings | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = vars;
  const tracesUrl = vars.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? below(endpoint, "v1/traces");
  const metricsUrl = vars.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? below(endpoint, "v1/metrics");
  if (tracesUrl === undefined && metricsUrl === undefined) return undefined;
  return {
    tracesUrl,
    metricsUrl,
    headers: vars.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: vars.OTEL_SERVICE_NAME ?? "sonar-integration-app",
    metricsEveryMs: vars.OTEL_METRIC_EXPORT_INTERVAL ?? 60_000,
  };
}
