import { describe, expect, it, vi } from "vitest";
import { freshTokens } from "@/lib/oauth/refresh";
import { fail } from "@/lib/result";
import { accessTokenOf, useEngineBench } from "@/tests/support/oauth/engine-bench";
import { answerJson } from "@/tests/support/local-server";
import { sharedEngines } from "@/tests/support/database/store-bench";
import { holding, newTokens, notJson, reset, tokenAnswer, withStatus } from "@/tests/support/oauth/token-server";

const KEY = { provider: "sonar", userId: "ada" } as const;
const HOUR = 3_600;

describe.each(sharedEngines)("tokens fit for a call, on $name", (storage) => {
  const bench = useEngineBench(storage);

  const refreshes = () => bench().server.refreshes().length;

  const fresh = () => bench().fresh(bench().one);
  const freshOnOther = () => bench().fresh(bench().other);

  describe("when the stored ones have expired", () => {
    it("come from one refresh, however many calls want them at once", async () => {
      await bench().connected("ada", -10);
      const leases = vi.spyOn(bench().one.tokens, "takeLease");
      const results = await Promise.all(Array.from({ length: 50 }, () => fresh()));
      const stored = await bench().stored("ada");
      expect(new Set(results.map(accessTokenOf))).toEqual(new Set([stored?.tokens.accessToken]));
      expect(refreshes()).toBe(1);
      // Within a process they join one flight; only the flight asks for the lease.
      expect(leases).toHaveBeenCalledTimes(1);
    });

    it("come from one refresh, however many calls want them at once on two instances", async () => {
      await bench().connected("ada", -10);
      const { one, other } = bench();
      const results = await Promise.all(
        Array.from({ length: 50 }, (_, index) => bench().fresh(index % 2 ? one : other)),
      );
      const stored = await bench().stored("ada");
      expect(new Set(results.map(accessTokenOf))).toEqual(new Set([stored?.tokens.accessToken]));
      expect(refreshes()).toBe(1);
    });

    it("are used by a later call without another refresh", async () => {
      await bench().connected("ada", -10);
      await fresh();
      await freshOnOther();
      expect(refreshes()).toBe(1);
    });

    it("are refreshed for each user alone", async () => {
      await bench().connected("ada", -10);
      await bench().connected("eve", -10);
      const { one, provider } = bench();
      await Promise.all(
        ["ada", "eve"].map((user) =>
          freshTokens({ engine: one.engine, provider, userId: user, deadline: bench().deadline() }),
        ),
      );
      expect(refreshes()).toBe(2);
    });

    it("bring a new refresh token along, which the next refresh uses", async () => {
      await bench().connected("ada", -10);
      bench().server.answer = (_request, response) =>
        answerJson(response, 200, tokenAnswer({ refresh_token: "canary-refresh-1", expires_in: 1 }));
      await fresh();
      bench().clock.ahead = 2_000;
      await freshOnOther();
      expect(bench().server.refreshes()).toEqual([
        { refresh_token: "canary-refresh-0" },
        { refresh_token: "canary-refresh-1" },
      ]);
    });

    it("keep the old refresh token when the provider sends none", async () => {
      await bench().connected("ada", -10);
      bench().server.answer = (_request, response) =>
        answerJson(response, 200, tokenAnswer({ refresh_token: undefined }));
      await fresh();
      expect((await bench().stored("ada"))?.tokens.refreshToken).toBe("canary-refresh-0");
    });

    it("do not exist without a refresh token: the connection ends, and nothing is asked", async () => {
      await bench().connected("ada", -10, { refreshToken: undefined });
      expect(await fresh()).toEqual(fail("connection/reconnect_required"));
      expect(await fresh()).toEqual(fail("connection/not_connected"));
      expect(refreshes()).toBe(0);
    });
  });

  it("do not exist without a connection", async () => {
    expect(await fresh()).toEqual(fail("connection/not_connected"));
  });

  it("are the stored ones while those last, and no refresh is made", async () => {
    const { tokens } = await bench().connected("ada", HOUR);
    expect(await fresh()).toMatchObject({ ok: true, data: { tokens } });
    expect(refreshes()).toBe(0);
  });

  describe("when the stored ones are about to expire", () => {
    it("are refreshed first", async () => {
      const { tokens } = await bench().connected("ada", 30);
      expect(accessTokenOf(await fresh())).not.toBe(tokens.accessToken);
      expect(refreshes()).toBe(1);
    });

    it.each([
      ["500", withStatus(500)],
      ["a broken connection", reset],
      ["no JSON", notJson],
    ])("are the stored ones if the refresh fails with %s", async (_case, answer) => {
      const { tokens } = await bench().connected("ada", 30);
      bench().server.answer = answer;
      expect(await fresh()).toMatchObject({ ok: true, data: { tokens } });
      expect(refreshes()).toBe(1);
    });

    it("are the stored ones if the refresh hangs, and the caller gets them before it ends", async () => {
      const { tokens } = await bench().connected("ada", 30);
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      expect(await bench().fresh(bench().one, { waitMs: 400 })).toMatchObject({ ok: true, data: { tokens } });
      held.release();
    });

    it("are the stored ones without a refresh token", async () => {
      const { tokens } = await bench().connected("ada", 30, { refreshToken: undefined });
      expect(await fresh()).toMatchObject({ ok: true, data: { tokens } });
    });

    it("are the stored ones at once while a failed refresh cools down", async () => {
      const { tokens, version } = await bench().connected("ada", 30);
      const cooldownUntil = bench().one.engine.now() + 60_000;
      await bench().other.tokens.takeLease(KEY, version, { holder: "h", until: cooldownUntil });
      await bench().other.tokens.releaseLease(KEY, "h", cooldownUntil);
      const looks = vi.spyOn(bench().one.tokens, "get");
      expect(await bench().fresh(bench().one, { waitMs: 1_000 })).toMatchObject({ ok: true, data: { tokens } });
      expect(looks).toHaveBeenCalledTimes(1);
      bench().clock.ahead = 60_000;
    });
  });

  it("are logged with code and status only", async () => {
    await bench().connected("ada", -10);
    bench().server.answer = withStatus(401);
    await fresh();
    const line = { level: "warn", event: "oauth.refresh", provider: "sonar", code: "auth/invalid_refresh_token" };
    expect(bench().log).toEqual([{ ...line, status: 401, durationMs: expect.any(Number) }]);
    expect(JSON.stringify(bench().log)).not.toContain("canary");
  });
});
