import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  openAppBench,
  outdateTokens,
  storedConnections,
  type AppBench,
  type AppUser,
} from "@/tests/support/app/app-bench";
import { beginConnect, connectAs, redirectOf } from "@/tests/support/app/http-browser";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { approve } from "@/tests/support/sandbox/sandbox-user";

describe("leaving", () => {
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench();
    return () => bench.close();
  });
  beforeEach(() => bench.reset());

  const press = async ({ browser }: AppUser, path: string) => {
    const answer = await browser.submit(bench.app.url + path);
    expect(redirectOf(answer)?.pathname).toBe("/");
  };

  /** Starts a refresh, calls `leave`, and lets the refresh finish. Returns the answer to the call that needed it. */
  async function duringRefresh(user: AppUser, leave: () => Promise<unknown>): Promise<unknown> {
    await outdateTokens(bench);
    const hold = bench.gate.hold(ECHO.refresh);
    const waiting = user.call("getProfile", {});
    await hold.arrived;
    await leave();
    hold.release();
    const answer = await waiting;
    // Echo must have made the refresh, or there would be nothing to write back.
    expect(await bench.requestsTo(ECHO.refresh)).toBe(1);
    return answer;
  }

  it("by disconnecting during a refresh stays so", async () => {
    const user = await bench.connected();
    const answer = await duringRefresh(user, () => press(user, "/auth/disconnect/sonar"));
    expect(answer).toMatchObject({ ok: false, error: { code: "connection/not_connected" } });
    expect(await storedConnections(bench)).toEqual([]);
    expect(await user.call("getProfile", {})).toMatchObject({ error: { code: "connection/not_connected" } });
  });

  it("by signing out during a refresh stays so", async () => {
    const user = await bench.connected();
    const answer = await duringRefresh(user, () => press(user, "/auth/sign-out"));
    expect(answer).toMatchObject({ ok: false, error: { code: "connection/not_connected" } });
    expect(await storedConnections(bench)).toEqual([]);
    expect(await bench.database.kysely.selectFrom("sessions").selectAll().execute()).toEqual([]);
    expect(await user.call("getProfile", {})).toMatchObject({ error: { code: "session/missing" } });
  });

  it("and connecting as somebody else during a refresh keeps the new connection", async () => {
    const user = await bench.connected("ada");
    await duringRefresh(user, async () => {
      await press(user, "/auth/disconnect/sonar");
      await connectAs(user.browser, bench.app.url, "grace");
    });
    expect(await user.call("getProfile", {})).toMatchObject({ data: { EmailAddress: "grace@example.com" } });
  });

  it("by signing out while the code is exchanged leaves no connection behind", async () => {
    const user = await bench.signedIn();
    const callback = await approve(await beginConnect(user.browser, bench.app.url));
    const hold = bench.gate.hold(ECHO.exchange);
    const waiting = user.browser.get(callback);
    await hold.arrived;
    await press(user, "/auth/sign-out");
    hold.release();
    const target = redirectOf(await waiting);
    expect(target?.searchParams.get("code")).toBe("session/missing");
    expect(await bench.requestsTo(ECHO.exchange)).toBe(1);
    expect(await storedConnections(bench)).toEqual([]);
  });

  it("by signing out makes a copy of the cookie worthless", async () => {
    const user = await bench.connected();
    const cookie = user.browser.cookies.header(new URL(bench.app.url));
    await press(user, "/auth/sign-out");
    user.browser.cookies.take(new URL(bench.app.url), [cookie]);
    expect(await user.call("getEntities", {})).toMatchObject({ error: { code: "session/missing" } });
  });
});
