import { beforeEach, describe, expect, it, vi } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { ECHO } from "@/tests/support/app/upstream-gate";

const VISITORS = 20;

/** A value is taken for fresh for five seconds. */
const UNTIL_STALE = { timeout: 20_000, interval: 200 };

describe("/api/commitments", () => {
  let bench: AppBench;

  // An app for every test: the value is kept by the process.
  beforeEach(async () => {
    bench = await openAppBench();
    return () => bench.close();
  });

  const read = () => fetch(`${bench.app.url}/api/commitments`);
  const fail = () =>
    bench.sandbox.control.setFault({ endpoint: ECHO.commitments, effect: { kind: "status", status: 503 } });

  it("asks once for 20 visitors who come at once, and lets caches share the answer", async () => {
    const hold = bench.gate.hold(ECHO.commitments);
    const answers = Array.from({ length: VISITORS }, read);
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

  it("goes on serving the last good value while Echo fails", async () => {
    const good = await (await read()).text();
    await fail();
    await vi.waitFor(async () => {
      expect(await (await read()).text()).toBe(good);
      expect(await bench.requestsTo(ECHO.commitments)).toBeGreaterThan(2);
    }, UNTIL_STALE);
    expect((await read()).status).toBe(200);
  });

  it("says so, to nobody but who asks, while there is no value to serve; and recovers", async () => {
    await fail();
    const answer = await read();
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([502, "no-store"]);
    expect(await answer.json()).toMatchObject({ ok: false, error: { code: "api/server_error", recovery: "retry" } });
    await bench.sandbox.control.clearFaults();
    await vi.waitFor(async () => expect((await read()).status).toBe(200), UNTIL_STALE);
  });
});
