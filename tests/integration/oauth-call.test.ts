import { describe, expect, it } from "vitest";
import type { FailureCode } from "@/lib/failures";
import { callWithTokens } from "@/lib/oauth/authorised-call";
import { fail, success, type Result } from "@/lib/result";
import { sharedEngines } from "@/tests/support/database/store-bench";
import { deferred } from "@/tests/support/deferred";
import { useEngineBench } from "@/tests/support/oauth/engine-bench";
import { accessToken, withStatus } from "@/tests/support/oauth/token-server";

const HOUR = 3_600;
const KEY = { provider: "sonar", userId: "ada" } as const;
const unauthorized = fail("api/unauthorized", { status: 401 });

describe.each(sharedEngines)("a call, on $name", (storage) => {
  const bench = useEngineBench(storage);

  const refreshes = () => bench().server.refreshes().length;

  /** Calls an API that answers as `answer` says; also tells with which access tokens it was called. */
  async function call(answer: (token: string, calls: number) => Result<string> | Promise<Result<string>>) {
    const { one, provider } = bench();
    const tokens: string[] = [];
    const result = await callWithTokens(
      { engine: one.engine, provider, userId: "ada", deadline: bench().deadline() },
      async (token) => answer(token, tokens.push(token)),
    );
    return { result, tokens };
  }

  it("is made once, with the stored access token", async () => {
    const { tokens } = await bench().connected("ada", HOUR);
    expect(await call(success)).toEqual({ result: success(tokens.accessToken), tokens: [tokens.accessToken] });
    expect(refreshes()).toBe(0);
  });

  it("is not made without a connection", async () => {
    expect(await call(success)).toEqual({ result: fail("connection/not_connected"), tokens: [] });
  });

  it("is not made when the tokens have expired and cannot be refreshed", async () => {
    await bench().connected("ada", -10);
    bench().server.answer = withStatus(400);
    const { result, tokens } = await call(success);
    expect([result, tokens]).toEqual([fail("auth/invalid_refresh_token", { status: 400 }), []]);
  });

  it("with an expired token: fifty at once make one refresh, and all are answered", async () => {
    await bench().connected("ada", -10);
    const results = await Promise.all(Array.from({ length: 50 }, () => call(success)));
    expect(results.every(({ result, tokens }) => result.ok && tokens.length === 1)).toBe(true);
    expect(refreshes()).toBe(1);
  });

  describe("answered with 401", () => {
    it("is made once more after one refresh, with the new token", async () => {
      const { tokens: old } = await bench().connected("ada", HOUR);
      const { result, tokens } = await call((token) => (token === old.accessToken ? unauthorized : success(token)));
      const stored = await bench().stored("ada");
      expect(tokens).toEqual([old.accessToken, stored?.tokens.accessToken]);
      expect(result).toEqual(success(stored?.tokens.accessToken));
      expect(refreshes()).toBe(1);
    });

    it("for fifty at once, makes one refresh and repeats each call once", async () => {
      const { tokens: old } = await bench().connected("ada", HOUR);
      // The refusals wait for each other: a call that began after the refresh would need no repetition.
      const allCalled = deferred<void>();
      let called = 0;
      const refuseOld = async (token: string) => {
        if (token !== old.accessToken) return success(token);
        called += 1;
        if (called === 50) allCalled.resolve();
        await allCalled.promise;
        return unauthorized;
      };
      const results = await Promise.all(Array.from({ length: 50 }, () => call(refuseOld)));
      expect(results.every(({ result, tokens }) => result.ok && tokens.length === 2)).toBe(true);
      expect(refreshes()).toBe(1);
    });

    it("every time, is made exactly twice, offers to connect again, and the connection is kept", async () => {
      const before = await bench().connected("ada", HOUR);
      const { result, tokens } = await call(() => unauthorized);
      expect([result, tokens.length, refreshes()]).toEqual([unauthorized, 2, 1]);
      expect(result).toMatchObject({ error: { recovery: "reconnect" } });
      const { tokens: kept } = (await bench().stored("ada")) ?? before;
      expect(kept.accessToken).not.toBe(before.tokens.accessToken);
      expect(await call(success)).toEqual({ result: success(kept.accessToken), tokens: [kept.accessToken] });
      expect(refreshes()).toBe(1);
    });

    it("every time, makes no further refresh for half a minute, and then one", async () => {
      await bench().connected("ada", HOUR);
      await call(() => unauthorized);
      for (const laterMs of [0, 29_000]) {
        bench().clock.ahead = laterMs;
        const { result, tokens } = await call(() => unauthorized);
        expect([result, tokens.length, refreshes()]).toEqual([unauthorized, 1, 1]);
      }
      // Of two instances each may find out for itself, once.
      const onOther = () =>
        callWithTokens(
          { engine: bench().other.engine, provider: bench().provider, userId: "ada", deadline: bench().deadline() },
          () => Promise.resolve(unauthorized),
        );
      for (let times = 0; times < 3; times++) {
        expect(await onOther()).toEqual(unauthorized);
        expect((await call(() => unauthorized)).tokens).toHaveLength(1);
      }
      expect(refreshes()).toBe(2);
      bench().clock.ahead = 31_000;
      expect((await call(() => unauthorized)).tokens).toHaveLength(2);
      expect(refreshes()).toBe(3);
    });

    it("every time, costs none of thirty users their connection, whichever instance they ask", async () => {
      const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
      const { one, other, provider } = bench();
      for (const user of users) await bench().connected(user, HOUR);
      const ask = ({ engine }: typeof one, answer: (token: string) => Result<string>) =>
        Promise.all(
          users.map((user) =>
            callWithTokens({ engine, provider, userId: user, deadline: bench().deadline() }, (token) =>
              Promise.resolve(answer(token)),
            ),
          ),
        );
      const refused = await Promise.all([ask(one, () => unauthorized), ask(other, () => unauthorized)]);
      expect(refused.flat()).toEqual(Array.from({ length: 60 }, () => unauthorized));
      for (const instance of [one, other]) {
        const answers = await ask(instance, success);
        expect(answers.filter(({ ok }) => !ok)).toEqual([]);
      }
    });

    it("every time, leaves alone a connection that was made meanwhile", async () => {
      await bench().connected("ada", HOUR);
      const again = accessToken("again");
      const { result } = await call(async (_token, calls) => {
        if (calls === 2) await bench().connected("ada", HOUR, { accessToken: again });
        return unauthorized;
      });
      expect(result).toEqual(unauthorized);
      expect((await bench().stored("ada"))?.tokens.accessToken).toBe(again);
    });

    it("because another instance has refreshed since, is repeated with its tokens and without a refresh", async () => {
      const { version } = await bench().connected("ada", HOUR);
      const winner = accessToken("winner");
      const { result } = await call(async (token) => {
        if (token === winner) return success(token);
        await bench().other.tokens.replace(KEY, version, { accessToken: winner });
        return unauthorized;
      });
      expect(result).toEqual(success(winner));
      expect(refreshes()).toBe(0);
    });

    it("is not repeated when the refresh fails for now, and the connection is kept", async () => {
      await bench().connected("ada", HOUR);
      bench().server.answer = withStatus(500);
      const { result, tokens } = await call(() => unauthorized);
      expect(result).toMatchObject({ error: { code: "oauth/network_error", recovery: "retry" } });
      expect(tokens).toHaveLength(1);
      expect(await bench().stored("ada")).not.toBeNull();
    });

    it("is not repeated when the refresh is refused, and the connection ends", async () => {
      await bench().connected("ada", HOUR);
      bench().server.answer = withStatus(401);
      const { result, tokens } = await call(() => unauthorized);
      expect([result, tokens.length]).toEqual([fail("auth/invalid_refresh_token", { status: 401 }), 1]);
      expect(await bench().stored("ada")).toBeNull();
    });

    it("is not repeated without a refresh token, and the connection is kept until its tokens expire", async () => {
      const before = await bench().connected("ada", HOUR, { refreshToken: undefined });
      const { result, tokens } = await call(() => unauthorized);
      expect([result, tokens.length]).toEqual([unauthorized, 1]);
      expect(await bench().stored("ada")).toEqual(before);
      bench().clock.ahead = 2 * HOUR * 1_000;
      expect((await call(success)).result).toEqual(fail("connection/reconnect_required"));
      expect(await bench().stored("ada")).toBeNull();
    });
  });

  it.each([
    ["api/forbidden", 403],
    ["api/not_found", 404],
    ["api/invalid_request", 400],
    ["api/rate_limited", 429],
    ["api/server_error", 503],
    ["api/network_error", undefined],
  ] satisfies [FailureCode, number | undefined][])(
    "answered with %s (%s) is returned: no refresh, no second call, the connection as it was",
    async (code, status) => {
      const before = await bench().connected("ada", HOUR);
      const failure = fail(code, { ...(status !== undefined && { status }) });
      const { result, tokens } = await call(() => failure);
      expect([result, tokens.length, refreshes()]).toEqual([failure, 1, 0]);
      expect(await bench().stored("ada")).toEqual(before);
    },
  );
});
