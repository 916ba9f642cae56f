import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openAppBench, outdateTokens, storedConnections, type AppBench } from "@/tests/support/app/app-bench";
import { connectAs, redirectOf } from "@/tests/support/app/http-browser";
import { ECHO } from "@/tests/support/app/upstream-gate";

const timedOut = { code: "api/network_error", reason: "timeout", recovery: "retry" };

describe("an upstream that never answers", () => {
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench({ UPSTREAM_TIMEOUT_MS: "2000" });
    return () => bench.close();
  });
  beforeEach(() => bench.reset());

  const hang = (endpoint: string) => bench.sandbox.control.setFault({ endpoint, effect: { kind: "hang" } });

  it("ends an action in a Failure that says so", async () => {
    const user = await bench.connected();
    await hang(ECHO.profile);
    expect(await user.call("getProfile", {})).toMatchObject({ ok: false, error: timedOut });
    expect(await bench.requestsTo(ECHO.profile)).toBe(1);
  });

  it("ends a page's reads, and the page says so", async () => {
    const { browser } = await bench.connected();
    await hang(ECHO.entities);
    const page = await (await browser.get(bench.app.url)).text();
    expect(page).toContain("Sonar did not answer in time.");
    expect(page).toContain("</html>");
  });

  it("ends a callback on the error page, and leaves nothing behind", async () => {
    const user = await bench.signedIn();
    await hang(ECHO.exchange);
    const { searchParams } = await connectAs(user.browser, bench.app.url);
    expect(Object.fromEntries(searchParams)).toEqual({ code: "oauth/network_error", reason: "timeout" });
    expect(await storedConnections(bench)).toEqual([]);
  });

  it("does not hold up those who do not wait for it", async () => {
    const ada = await bench.connected("ada");
    const grace = await bench.connected("grace");
    const hold = bench.gate.hold(ECHO.profile);
    const waiting = ada.call("getProfile", {});
    await hold.arrived;
    expect(await ada.call("getEntities", {})).toMatchObject({ ok: true });
    expect(await grace.call("getEntities", {})).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ error: timedOut });
    hold.release();
  });

  it("in a refresh ends all calls that wait for it, keeps the connection, and the next refresh recovers it", async () => {
    const user = await bench.connected();
    await outdateTokens(bench);
    const hold = bench.gate.hold(ECHO.refresh);
    const calls = [user.call("getProfile", {}), user.call("getEntities", {}), user.call("getInvestmentHistory", {})];
    const error = { code: "oauth/network_error", reason: "timeout", recovery: "retry" };
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject({ ok: false, error });
    hold.release();
    expect(await storedConnections(bench)).toHaveLength(1);
    await vi.waitFor(async () => expect(await user.call("getProfile", {})).toMatchObject({ ok: true }), {
      timeout: 10_000,
    });
  });

  it("in a refresh does not hold up signing out", async () => {
    const user = await bench.connected();
    await outdateTokens(bench);
    const hold = bench.gate.hold(ECHO.refresh);
    const answers: unknown[] = [];
    const waiting = user.call("getProfile", {}).then((answer) => answers.push(answer));
    await hold.arrived;
    expect(redirectOf(await user.browser.submit(`${bench.app.url}/auth/sign-out`))?.pathname).toBe("/");
    expect(await storedConnections(bench)).toEqual([]);
    hold.release();
    await waiting;
    expect(answers).toMatchObject([{ ok: false }]);
  });
});
