import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openAppBench, outdateTokens, storedConnections, type AppBench } from "@/tests/support/app/app-bench";
import { ECHO } from "@/tests/support/app/upstream-gate";

const CALLS = 50;

/** Milliseconds. */
const PATIENCE = { timeout: 50_000 };

describe("an access token that is no longer good", () => {
  let bench: AppBench;

  beforeAll(async () => {
    // So many calls at once can take long on a busy machine; the time is not the subject here.
    bench = await openAppBench({ UPSTREAM_TIMEOUT_MS: "40000" });
    return () => bench.close();
  });
  beforeEach(() => bench.reset());

  it("is refreshed once for 50 calls at once, and all 50 are answered", async () => {
    const user = await bench.connected();
    await outdateTokens(bench);
    // Slow, so that all calls need it before it is done.
    await bench.sandbox.control.setFault({ endpoint: ECHO.refresh, latencyMs: 500 });
    const answers = await Promise.all(Array.from({ length: CALLS }, () => user.call("getProfile", {})));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(CALLS);
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
    expect(await bench.requestsTo(ECHO.profile)).toBe(CALLS);
  });

  it("is refreshed once when the API refuses it in 50 calls at once, and all 50 are answered", async () => {
    const user = await bench.connected();
    await bench.sandbox.control.expireAccessTokens();
    const hold = bench.gate.hold(ECHO.refresh);
    const answered = Promise.all(Array.from({ length: CALLS }, () => user.call("getProfile", {})));
    const allRefused = vi.waitFor(async () => expect(await bench.requestsTo(ECHO.profile)).toBe(CALLS), PATIENCE);
    await Promise.race([allRefused, answered]);
    hold.release();
    const answers = await answered;
    expect(answers.filter(({ ok }) => ok)).toHaveLength(CALLS);
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
  });

  it("is refreshed once for all the reads of one page", async () => {
    const { browser } = await bench.connected();
    await outdateTokens(bench);
    const page = await (await browser.get(bench.app.url)).text();
    expect(page).toContain("Ada Lovelace");
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
  });

  it("is refreshed again when the next one has run out", async () => {
    const user = await bench.connected();
    for (const refreshes of [1, 2]) {
      await outdateTokens(bench);
      expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
      expect(await bench.requestsTo(ECHO.refresh)).toBe(refreshes);
    }
  });

  it("leads to one refresh and one retry after a 401", async () => {
    const user = await bench.connected();
    await bench.sandbox.control.expireAccessTokens();
    expect(await user.call("getProfile", {})).toMatchObject({ ok: true, data: { EmailAddress: "ada@example.com" } });
    expect(await bench.requestsTo(ECHO.profile)).toBe(2);
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
  });

  it("keeps the connection when a refreshed one is refused as well, after two calls and one refresh", async () => {
    const user = await bench.connected();
    await bench.sandbox.control.setFault({ endpoint: ECHO.profile, effect: { kind: "status", status: 401 } });
    const error = { code: "api/unauthorized", recovery: "reconnect", status: 401 };
    expect(await user.call("getProfile", {})).toMatchObject({ ok: false, error });
    expect(await bench.requestsTo(ECHO.profile)).toBe(2);
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
    expect(await storedConnections(bench)).toHaveLength(1);
  });

  it("is asked for nothing more while the API goes on refusing", async () => {
    const user = await bench.connected();
    await bench.sandbox.control.setFault({ endpoint: ECHO.profile, effect: { kind: "status", status: 401 } });
    await user.call("getProfile", {});
    bench.gate.passages.length = 0;
    expect(await user.call("getProfile", {})).toMatchObject({ error: { code: "api/unauthorized" } });
    expect(bench.gate.passages.map(({ path }) => path)).toEqual([ECHO.profile]);
  });

  it("that an API refuses is told on the page with a way to connect again; the next good answer clears that", async () => {
    const { browser } = await bench.connected();
    const page = async () => (await browser.get(bench.app.url)).text();
    await bench.sandbox.control.setFault({ endpoint: ECHO.entities, effect: { kind: "status", status: 401 } });
    const refused = await page();
    for (const text of ["rejected this connection", "Connect again", "Disconnect Sonar"]) {
      expect(refused).toContain(text);
    }
    await bench.sandbox.control.clearFaults();
    const cleared = await page();
    expect(cleared).toContain("Ada Lovelace");
    expect(cleared).not.toContain("rejected this connection");
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
  });

  it.each([
    [403, "api/forbidden"],
    [404, "api/not_found"],
    [429, "api/rate_limited"],
    [500, "api/server_error"],
    [503, "api/server_error"],
  ])("is not what a %i says: nothing is refreshed and the connection stays", async (status, code) => {
    const user = await bench.connected();
    await bench.sandbox.control.setFault({ endpoint: ECHO.profile, effect: { kind: "status", status }, times: 1 });
    expect(await user.call("getProfile", {})).toMatchObject({ ok: false, error: { code, status } });
    expect(bench.gate.passages.map(({ path }) => path)).toEqual([ECHO.profile]);
    expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
    expect(await bench.requestsTo(ECHO.refresh)).toBe(0);
  });
});
