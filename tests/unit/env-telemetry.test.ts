import { describe, expect, it } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { liveEnvironment } from "@/tests/support/live-environment";

function problemsOf(changes: Record<string, string>): string[] {
  const check = checkEnv({ ...liveEnvironment, ...changes });
  return check.ok ? [] : check.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

function settingsOf(changes: Record<string, string>) {
  const check = checkEnv({ ...liveEnvironment, ...changes });
  if (!check.ok) throw new Error(`Refused: ${check.problems.map(({ variable }) => variable).join()}`);
  return check.env.telemetry;
}

describe("the address of a collector", () => {
  const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  it.each([
    "http://localhost:4318",
    "http://127.0.0.1:4318",
    "http://[::1]:4318",
    "http://otel-collector:4318",
    "http://collector.internal:4318",
    "http://collector.monitoring.svc:4318",
    "http://10.1.2.3:4318",
    "https://otlp.example.com",
    "https://otlp.example.com/otlp/",
  ])("may be %s", (url) => {
    expect(problemsOf({ [ENDPOINT]: url })).toEqual([]);
  });

  it.each([
    ["http://otlp.example.com:4318", "without encryption"],
    ["http://8.8.8.8:4318", "without encryption"],
    ["http://[2001:db8::1]:4318", "without encryption"],
    ["otel-collector:4317", "must be an http or https URL"],
    ["grpc://otel-collector:4317", "must be an http or https URL"],
    ["https://user:secret@otlp.example.com", "OTEL_EXPORTER_OTLP_HEADERS"],
    ["https://otlp.example.com/?key=secret", "without a query"],
    ["https://<your-collector>", "placeholder"],
    ["nonsense", "must be an http or https URL"],
  ])("may not be %s, and the problem does not repeat it", (url, problem) => {
    const problems = problemsOf({ [ENDPOINT]: url });
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toMatch(/secret|example\.com/);
  });

  it("is followed by the specification's paths, unless each kind has its own", () => {
    expect(settingsOf({ [ENDPOINT]: "https://otlp.example.com/base/" })).toMatchObject({
      tracesUrl: "https://otlp.example.com/base/v1/traces",
      metricsUrl: "https://otlp.example.com/base/v1/metrics",
      headers: {},
    });
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example.com/in" };
    expect(settingsOf(own)).toMatchObject({ tracesUrl: "https://traces.example.com/in", metricsUrl: undefined });
  });

  it("is what switches telemetry on: no other variable does", () => {
    const others = { OTEL_SERVICE_NAME: "sale", OTEL_TRACES_SAMPLER: "always_on", OTEL_EXPORTER_OTLP_HEADERS: "a=b" };
    expect(settingsOf(others)).toBeUndefined();
    expect(settingsOf({ [ENDPOINT]: " " })).toBeUndefined();
  });
});

describe("the headers for a collector", () => {
  const headersOf = (value: string) =>
    settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://otlp.example.com", OTEL_EXPORTER_OTLP_HEADERS: value })?.headers;

  it("are pairs whose values may be in percent form, and may contain an equals sign", () => {
    expect(headersOf("api-key=abc, Authorization = Basic%20dXNlcjpwYXNz==")).toEqual({
      "api-key": "abc",
      Authorization: "Basic dXNlcjpwYXNz==",
    });
  });

  it.each(["secret", "a=secret,b", "=secret", "a b=secret", "a=secret%0d%0ab:c", "a=%zz-secret", "a=,b=secret"])(
    "are refused as %s, without being repeated",
    (value) => {
      const problems = problemsOf({ OTEL_EXPORTER_OTLP_HEADERS: value });
      expect(problems).toEqual([expect.stringContaining("OTEL_EXPORTER_OTLP_HEADERS must be name=value")]);
      expect(problems.join()).not.toContain("secret");
    },
  );
});

describe("the other variables", () => {
  it.each([
    ["OTEL_TRACES_SAMPLER_ARG", "0"],
    ["OTEL_TRACES_SAMPLER_ARG", "0.25"],
    ["OTEL_TRACES_SAMPLER_ARG", "1"],
    ["OTEL_TRACES_SAMPLER", "parentbased_traceidratio"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"],
    ["OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging,service.version=1.2"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "15000"],
  ])("%s may be %s", (variable, value) => {
    expect(problemsOf({ [variable]: value })).toEqual([]);
  });

  it.each([
    ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
    ["OTEL_TRACES_SAMPLER_ARG", "10%"],
    ["OTEL_TRACES_SAMPLER", "sometimes"],
    ["OTEL_TRACES_SAMPLER", " always_on"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"],
    ["OTEL_RESOURCE_ATTRIBUTES", "staging"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "0"],
    ["OTEL_SERVICE_NAME", '"sale"'],
  ])("%s may not be %s: OpenTelemetry would take something else without a word", (variable, value) => {
    expect(problemsOf({ [variable]: value })).toEqual([expect.stringContaining(variable)]);
  });
});
