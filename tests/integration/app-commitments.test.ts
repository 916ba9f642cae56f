import { describe, expect, it as base, vi } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { ECHO } from "@/tests/support/app/upstream-gate";

const VISITORS = 20;

/** A value is fresh for five seconds. */
const UNTIL_STALE = { timeout: 20_000, interval: 200 };

/** An app for every test: the value is kept by the process. */
const it = base.extend<{ bench: AppBench }>({
  bench: async ({}, provide) => {
    const bench = await openAppBench();
    await provide(bench);
    await bench.close();
  },
});

const read = ({ app }: AppBench) => fetch(`${app.url}/api/commitments`);

const fail = ({ sandbox }: AppBench) =>
  sandbox.control.setFault({ endpoint: ECHO.commitments, effect: { kind: "status", status: 503 } });

// They wait for values to grow old, so they wait at the same time.
describe.concurrent("/api/commitments", () => {
  it("asks once for 20 visitors who come at once, and lets caches share the answer", async ({ bench }) => {
    const hold = bench.gate.hold(ECHO.commitments);
    const answers = Array.from({ length: VISITORS }, () => read(bench));
    await hold.arrived;
    hold.release();
    for (const answer of await Promise.all(answers)) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("public, s-maxage=5, stale-while-revalidate=30");
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(await answer.json()).toMatchObject({ ok: true });
    }
    expect(await bench.requestsTo(ECHO.commitments)).toBe(1);
    await (await fetch(bench.app.url)).text();
    expect(await bench.requestsTo(ECHO.commitments)).toBe(1);
  });

  it("goes on serving the last good value while Echo fails", async ({ bench }) => {
    const good = await (await read(bench)).text();
    await fail(bench);
    await vi.waitFor(async () => {
      expect(await (await read(bench)).text()).toBe(good);
      expect(await bench.requestsTo(ECHO.commitments)).toBeGreaterThan(2);
    }, UNTIL_STALE);
    expect((await read(bench)).status).toBe(200);
  });

  it("says so, to nobody but who asks, while there is no value to serve; and recovers", async ({ bench }) => {
    await fail(bench);
    const answer = await read(bench);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([502, "no-store"]);
    expect(await answer.json()).toMatchObject({ ok: false, error: { code: "api/server_error", recovery: "retry" } });
    await bench.sandbox.control.clearFaults();
    await vi.waitFor(async () => expect((await read(bench)).status).toBe(200), UNTIL_STALE);
  });
});
