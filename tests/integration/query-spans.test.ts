import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { sql } from "kysely";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countUses } from "@/lib/http/rate-limit";
import { inSpan } from "@/lib/http/telemetry";
import { BENCH_TIME, openStoreBench, sharedEngines, type StoreBench } from "@/tests/support/database/store-bench";

const CANARY = "canary-0123456789abcdef";

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});

const inRequest = <T>(run: () => Promise<T>) => inSpan({ name: "request" }, run);

function spansOfStatements() {
  return exporter.getFinishedSpans().filter(({ name }) => name !== "request");
}

describe.each(sharedEngines)("statements on $name", (engine) => {
  let bench: StoreBench;

  beforeAll(async () => {
    bench = await openStoreBench(engine);
    return () => bench.close();
  });
  beforeEach(() => exporter.reset());

  it("are spans of the request, by verb and table, without any value", async () => {
    const { sessions, tokens, database } = bench.one;
    const key = { provider: "sonar", userId: `user-${CANARY}` };
    const hash = `hash-${CANARY}`;
    await inRequest(async () => {
      await sessions.create(hash, key.userId);
      await tokens.set(key, { accessToken: CANARY, refreshToken: CANARY }, hash);
      await tokens.get(key);
      const counting = { secret: CANARY, now: BENCH_TIME };
      await countUses(database, [{ name: "reads", by: CANARY, limit: 5 }], counting);
    });
    const names = spansOfStatements().map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["INSERT sessions", "INSERT connections", "SELECT connections", "INSERT rates"]),
    );
    const [request] = exporter.getFinishedSpans().filter(({ name }) => name === "request");
    for (const span of spansOfStatements()) {
      expect(span.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
      expect(span.attributes["db.system.name"]).toBe(engine.name === "Postgres" ? "postgresql" : "sqlite");
      expect(JSON.stringify([span.name, span.attributes, span.events, span.status])).not.toContain("canary");
    }
  });

  it("that fail are marked with the class of the error, without its text", async () => {
    await expect(
      inRequest(() => sql`insert into sessions (nobody) values (${CANARY})`.execute(bench.one.database.kysely)),
    ).rejects.toThrow();
    const [span] = spansOfStatements();
    expect(span).toMatchObject({ name: "INSERT sessions", status: { code: 2 }, events: [] });
    expect(span?.attributes["error.type"]).toMatch(/^[A-Za-z]+$/);
    expect(JSON.stringify([span?.attributes, span?.status])).not.toMatch(/canary|nobody/);
  });

  it("outside of a request are no spans: the watch of the database asks all the time", async () => {
    await bench.one.sessions.list("nobody");
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
