import { resolve } from "node:path";
import { describe, expect, it, vi, type TestContext } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { NOBODY } from "@/tests/support/app/app-environment";
import { startCollector } from "@/tests/support/app/collector";
import { linesSince, linesUpTo } from "@/tests/support/app/log-lines";
import { deferred } from "@/tests/support/deferred";
import { answerJson, startLocalServer, type Handler } from "@/tests/support/local-server";

/** Milliseconds. */
const PATIENCE = { timeout: 20_000, interval: 50 };

const KEY = "collector-key-0123456789abcdef";

/** OpenTelemetry's own settings: batches leave at once, and a collector that does not answer is given up soon. */
const IMPATIENT = {
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${KEY}`,
  OTEL_BSP_SCHEDULE_DELAY: "100",
  OTEL_EXPORTER_OTLP_TIMEOUT: "500",
  OTEL_METRIC_EXPORT_INTERVAL: "1000",
};

async function startWith({ onTestFinished }: TestContext, settings: Readonly<Record<string, string>>) {
  const bench = await openAppBench({ ...IMPATIENT, ...settings });
  onTestFinished(() => bench.close());
  return bench;
}

/** The lines of the log; what Next prints while it starts is none. */
function logOf({ app }: AppBench) {
  return { logs: () => app.logs().replace(/^[^{].*$/gm, "") };
}

/** The page of somebody who is signed in and connected. */
async function loadPage(bench: AppBench): Promise<string> {
  const { browser } = await bench.connected();
  return (await browser.get(bench.app.url)).text();
}

/** The server ends as it should, and its log says one thing: that the collector takes nothing. */
async function expectQuietEnd(bench: AppBench, line: object): Promise<void> {
  bench.app.kill("SIGTERM");
  expect(await bench.app.exitCode).toBe(0);
  const worse = linesSince(logOf(bench), 0).filter(({ level }) => level > 30);
  expect(worse).toEqual([expect.objectContaining({ level: 40, msg: "telemetry.not-sent", requestId: "-", ...line })]);
  expect(bench.app.logs()).not.toContain(KEY);
}

describe("a collector that takes nothing", () => {
  const collectors: readonly [string, Handler | undefined, object][] = [
    ["refuses connections", undefined, { errorCode: "ECONNREFUSED" }],
    ["does not answer", () => undefined, { errorName: "Error" }],
  ];

  it.for(collectors)("because it %s: pages are served, and one line says so", async ([, handle, line], test) => {
    const server = handle && (await startLocalServer(handle));
    test.onTestFinished(() => server?.close());
    const bench = await startWith(test, { OTEL_EXPORTER_OTLP_ENDPOINT: server?.origin ?? NOBODY });
    expect(await loadPage(bench)).toContain("Ada Lovelace");
    await linesUpTo(logOf(bench), 0, "telemetry.not-sent");
    expect(await loadPage(bench)).toContain("Ada Lovelace");
    const seen = server?.requests.length ?? 0;
    if (server) await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(seen + 1), PATIENCE);
    await expectQuietEnd(bench, line);
  });

  it("for a while gets what is recorded afterwards; its own words are not repeated", async (test) => {
    const words = "the collector's own words";
    let isAway = true;
    const server = await startLocalServer((_request, response) => {
      if (isAway) response.writeHead(401).end(words);
      else answerJson(response, 200, {});
    });
    test.onTestFinished(() => server.close());
    const bench = await startWith(test, { OTEL_EXPORTER_OTLP_ENDPOINT: server.origin });
    await loadPage(bench);
    await linesUpTo(logOf(bench), 0, "telemetry.not-sent");
    isAway = false;
    server.requests.length = 0;
    await loadPage(bench);
    await vi.waitFor(() => {
      const bodies = server.requests.map(({ body }) => body).join();
      expect(bodies).toContain("oauth.exchange");
      expect(bodies).toContain("app.connects");
    }, PATIENCE);
    await expectQuietEnd(bench, { status: 401 });
    expect(bench.app.logs()).not.toContain(words);
  });

  it("holds no page and no shutdown up while it has a report and does not answer", async (test) => {
    const { promise: arrived, resolve: arrive } = deferred<void>();
    const server = await startLocalServer(() => arrive());
    test.onTestFinished(() => server.close());
    const bench = await startWith(test, {
      OTEL_EXPORTER_OTLP_ENDPOINT: server.origin,
      OTEL_EXPORTER_OTLP_TIMEOUT: "600000",
    });
    await loadPage(bench);
    await arrived;
    expect(await loadPage(bench)).toContain("Ada Lovelace");
    expect((await fetch(`${bench.app.url}/api/health?ready`)).status).toBe(200);
    bench.app.kill("SIGTERM");
    expect(await bench.app.exitCode).toBe(0);
  });
});

describe("OpenTelemetry's packages", () => {
  const PROBE = { NODE_OPTIONS: `--import ${resolve("tests/support/app/module-probe.mjs")}` };

  /** The packages in the memory of a server that somebody has used. */
  async function loadedPackages(bench: AppBench): Promise<string[]> {
    await loadPage(bench);
    bench.app.kill("SIGUSR2");
    await vi.waitFor(() => expect(bench.app.logs()).toMatch(/loaded packages: .* \./), PATIENCE);
    const [, names = ""] = /loaded packages: (.*) \./.exec(bench.app.logs()) ?? [];
    return names.split(" ");
  }

  it("are not loaded without an address, apart from the interface that Next brings along", async (test) => {
    const bench = await startWith(test, { ...PROBE, OTEL_SERVICE_NAME: "sale", OTEL_TRACES_SAMPLER: "always_on" });
    const loaded = await loadedPackages(bench);
    expect(loaded).toContain("next");
    expect(loaded.filter((name) => name.startsWith("@opentelemetry/") && name !== "@opentelemetry/api")).toEqual([]);
  });

  it("are loaded with one; each kind can have its own, and a sampler that takes nothing leaves the counters", async (test) => {
    const [traces, metrics] = [await startCollector(), await startCollector()];
    test.onTestFinished(async () => {
      await traces.close();
      await metrics.close();
    });
    const bench = await startWith(test, {
      ...PROBE,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.origin}/v1/traces`,
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${metrics.origin}/v1/metrics`,
      OTEL_TRACES_SAMPLER: "traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0",
    });
    const loaded = await loadedPackages(bench);
    expect(loaded).toEqual(expect.arrayContaining(["@opentelemetry/sdk-trace-base", "@opentelemetry/sdk-metrics"]));
    await bench.app.stop();
    expect(traces.requests).toEqual([]);
    expect(metrics.total("app.connects")).toBe(1);
  });
});
