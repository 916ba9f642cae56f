import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { FaultEffect } from "@/sandbox/faults/fault";
import {
  nearlyOutdateTokens,
  openAppBench,
  outdateTokens,
  storedConnections,
  type AppBench,
} from "@/tests/support/app/app-bench";
import { ECHO } from "@/tests/support/app/upstream-gate";

/** After a failed refresh none is tried for a second, and calls wait for that. */
const PATIENCE = { timeout: 10_000 };

const PASSING: FaultEffect[] = [
  { kind: "status", status: 500 },
  { kind: "rate-limit", retryAfterSeconds: 1 },
  { kind: "malformed-json" },
  { kind: "empty-body" },
  { kind: "reset" },
];

describe("a refresh that fails", () => {
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench();
    return () => bench.close();
  });
  beforeEach(() => bench.reset());

  it.each(PASSING)("with $kind keeps the connection, and trying again recovers it", async (effect) => {
    const user = await bench.connected();
    await outdateTokens(bench);
    await bench.sandbox.control.setFault({ endpoint: ECHO.refresh, effect, times: 1 });
    expect(await user.call("getProfile", {})).toMatchObject({ ok: false, error: { recovery: "retry" } });
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
    expect(await storedConnections(bench)).toHaveLength(1);
    await vi.waitFor(async () => expect(await user.call("getProfile", {})).toMatchObject({ ok: true }), PATIENCE);
    expect(await bench.requestsTo(ECHO.refresh)).toBe(2);
  });

  it.each([400, 401])("with %i ends the connection, tells so once, and asks for nothing more", async (status) => {
    const user = await bench.connected();
    await outdateTokens(bench);
    await bench.sandbox.control.setFault({ endpoint: ECHO.refresh, effect: { kind: "status", status } });
    const error = { code: "auth/invalid_refresh_token", recovery: "reconnect", status };
    expect(await user.call("getProfile", {})).toMatchObject({ ok: false, error });
    expect(await storedConnections(bench)).toEqual([]);
    expect(bench.gate.passages.map(({ path }) => path)).toEqual([ECHO.refresh]);
    expect(await user.call("getProfile", {})).toMatchObject({ error: { code: "connection/not_connected" } });
    expect(bench.gate.passages).toHaveLength(1);
  });

  it("ends the connection when the user has withdrawn consent", async () => {
    const user = await bench.connected();
    await bench.sandbox.control.revokeEverything();
    expect(await user.call("getProfile", {})).toMatchObject({ error: { code: "auth/invalid_refresh_token" } });
    expect(await storedConnections(bench)).toEqual([]);
  });

  it("after Echo has carried it out is not taken for an end before Echo says so", async () => {
    const user = await bench.connected();
    await outdateTokens(bench);
    const lost = { endpoint: ECHO.refresh, effect: { kind: "reset" }, when: "after", times: 1 } as const;
    await bench.sandbox.control.setFault(lost);
    expect(await user.call("getProfile", {})).toMatchObject({ error: { recovery: "retry" } });
    // The lost answer used the refresh token up. Using it again ends the grant (RFC 9700 section 4.14.2).
    await vi.waitFor(
      async () => expect(await user.call("getProfile", {})).toMatchObject({ error: { recovery: "reconnect" } }),
      PATIENCE,
    );
    expect(await bench.requestsTo(ECHO.refresh)).toBe(2);
  });

  it("does not matter while the access token is still good", async () => {
    const user = await bench.connected();
    await nearlyOutdateTokens(bench);
    const effect = { kind: "status", status: 500 } as const;
    await bench.sandbox.control.setFault({ endpoint: ECHO.refresh, effect });
    expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
  });

  it("is told on the page with a way to try again, and the user stays connected", async () => {
    const { browser } = await bench.connected();
    await outdateTokens(bench);
    await bench.sandbox.control.setFault({ endpoint: ECHO.refresh, effect: { kind: "status", status: 500 } });
    const page = await (await browser.get(bench.app.url)).text();
    expect(page).toContain("Try again");
    expect(page).toContain("Disconnect Sonar");
  });

  it("for good is told on the page with a way to connect again", async () => {
    const { browser } = await bench.connected();
    await outdateTokens(bench);
    await bench.sandbox.control.setFault({ endpoint: ECHO.refresh, effect: { kind: "status", status: 401 } });
    expect(await (await browser.get(bench.app.url)).text()).toContain("Your connection has ended.");
    expect(await (await browser.get(bench.app.url)).text()).toContain("Connect with Sonar");
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
  });
});
