import { describe, expect, it, vi } from "vitest";
import { disconnect, disconnectAll } from "@/lib/oauth/flow";
import type { TokenSet } from "@/lib/oauth/provider";
import { freshTokens } from "@/lib/oauth/refresh";
import { fail, type Result } from "@/lib/result";
import type { StoredConnection } from "@/lib/stores/contracts";
import { accessToken, hang, holding, newTokens, notJson, reset, withStatus } from "@/tests/support/oauth/token-server";
import { accessTokenOf, useEngineBench } from "@/tests/support/oauth/engine-bench";
import { answerJson } from "@/tests/support/local-server";
import { sharedEngines } from "@/tests/support/database/store-bench";

const KEY = { provider: "sonar", userId: "ada" } as const;
const HOUR = 3_600;

describe.each(sharedEngines)("a refresh, on $name", (storage) => {
  const bench = useEngineBench(storage);

  const refreshes = () => bench().server.refreshes().length;

  const fresh = () => bench().fresh(bench().one);
  const freshOnOther = () => bench().fresh(bench().other);

  describe("that fails for now", () => {
    it.each([
      ["500", withStatus(500)],
      ["503", withStatus(503)],
      ["429", withStatus(429)],
      ["a broken connection", reset],
      ["no JSON", notJson],
      ["no tokens", (_request, response) => answerJson(response, 200, {})],
    ] satisfies [string, typeof newTokens][])(
      "with %s, the connection is kept, trying again is offered, and later it works",
      async (_case, answer) => {
        const before = await bench().connected("ada", -10);
        bench().server.answer = answer;
        expect(await fresh()).toMatchObject({ ok: false, error: { recovery: "retry" } });
        expect(refreshes()).toBe(1);
        expect(await bench().stored("ada")).toMatchObject({ tokens: before.tokens, version: before.version });
        bench().server.answer = newTokens;
        bench().clock.ahead = 1_000;
        expect(accessTokenOf(await freshOnOther())).not.toBe(before.tokens.accessToken);
      },
    );

    it("with no answer in time, the same, and the request is not repeated", async () => {
      await bench().connected("ada", -10);
      bench().one.engine.timeoutMs = 1_000;
      bench().server.answer = hang;
      expect(await fresh()).toMatchObject({ error: { code: "oauth/network_error", reason: "timeout" } });
      await bench().settled();
      expect(refreshes()).toBe(1);
      bench().server.answer = newTokens;
      bench().clock.ahead = 2_000;
      expect((await freshOnOther()).ok).toBe(true);
    });

    it("sets a cool-down that every instance sees", async () => {
      await bench().connected("ada", -10);
      bench().server.answer = withStatus(500);
      const before = bench().one.engine.now();
      await fresh();
      expect((await bench().stored("ada"))?.cooldownUntil).toBeGreaterThan(before);
    });

    it("is not tried again by any instance before the cool-down is over", async () => {
      const { version } = await bench().connected("ada", -10);
      const { one, other } = bench();
      const until = one.engine.now() + 60_000;
      await one.tokens.takeLease(KEY, version, { holder: "h", until });
      await one.tokens.releaseLease(KEY, "h", until);
      other.engine.timeoutMs = 300;
      expect(await freshOnOther()).toMatchObject({ error: { recovery: "retry" } });
      expect(refreshes()).toBe(0);
    });

    it("is waited for no longer because the clock is set back", async () => {
      const { version } = await bench().connected("ada", -10);
      const { one, other, clock } = bench();
      await one.tokens.takeLease(KEY, version, { holder: "h", until: one.engine.now() + 60_000 });
      other.engine.timeoutMs = 500;
      const waiting = freshOnOther();
      await vi.waitFor(() => expect(other.engine.refreshes.size).toBe(1));
      clock.ahead = -3_600_000;
      expect(await waiting).toMatchObject({ error: { recovery: "retry" } });
      // Whoever asks next would join it.
      await vi.waitFor(() => expect(other.engine.refreshes.size).toBe(0));
    });
  });

  describe("that is refused without saying what is wrong", () => {
    it.each([402, 403, 404, 405, 410, 418, 422, 451])(
      "with %d, the connection is kept, the operator is told, and connecting again is offered too",
      async (status) => {
        const before = await bench().connected("ada", -10);
        bench().server.answer = withStatus(status);
        expect(await fresh()).toEqual(fail("oauth/refresh_refused", { status }));
        expect(await bench().stored("ada")).toMatchObject({ tokens: before.tokens, version: before.version });
        expect(bench().log).toMatchObject([{ level: "error", event: "oauth.refresh", status }]);
        bench().server.answer = newTokens;
        bench().clock.ahead = 1_000;
        expect((await freshOnOther()).ok).toBe(true);
      },
    );

    it.each([
      ["oauth/invalid_request", 400],
      ["oauth/invalid_scope", 400],
      ["oauth/unauthorized_client", 400],
      ["oauth/unsupported_grant_type", 400],
      ["oauth/invalid_response", 403],
      ["oauth/invalid_response", 404],
    ] as const)("as %s (%d) by a standard provider, the same", async (code, status) => {
      await bench().connected("ada", -10);
      const { oauth, ...provider } = bench().provider;
      const refused = { ...provider, oauth: { ...oauth, refresh: () => Promise.resolve(fail(code, { status })) } };
      const { engine } = bench().one;
      const caller = { engine, provider: refused, userId: "ada", deadline: bench().deadline() };
      expect(await freshTokens(caller)).toEqual(fail("oauth/refresh_refused", { status }));
      expect(await bench().stored("ada")).not.toBeNull();
    });

    it("says nothing while the access token still works", async () => {
      await bench().connected("ada", 10);
      bench().server.answer = withStatus(403);
      expect((await fresh()).ok).toBe(true);
    });
  });

  describe("that is refused for good", () => {
    it.each([400, 401])("with %d, the connection ends, once, and nobody asks again", async (status) => {
      await bench().connected("ada", -10);
      bench().server.answer = withStatus(status);
      const results = await Promise.all(Array.from({ length: 10 }, () => fresh()));
      // A caller that comes later finds no connection any more.
      for (const result of results) expect(result).toMatchObject({ ok: false, error: { recovery: "reconnect" } });
      expect(results).toContainEqual(fail("auth/invalid_refresh_token", { status }));
      expect(await freshOnOther()).toEqual(fail("connection/not_connected"));
      expect(refreshes()).toBe(1);
    });

    it("the tokens that another instance has stored meanwhile are used", async () => {
      const { version } = await bench().connected("ada", -10);
      const winner: TokenSet = { accessToken: accessToken("winner"), expiresAt: 4_000_000_000 };
      bench().server.answer = async (request, response) => {
        await bench().other.tokens.replace(KEY, version, winner);
        await withStatus(400)(request, response);
      };
      expect(accessTokenOf(await fresh())).toBe(winner.accessToken);
      expect((await bench().stored("ada"))?.tokens).toEqual(winner);
    });

    it("is only the adapter's definite refusal: any other failure keeps the connection", async () => {
      const before = await bench().connected("ada", -10);
      const refresh = () => Promise.resolve(fail("oauth/invalid_client", { status: 401 }));
      const { provider } = bench();
      const misconfigured = { ...provider, oauth: { ...provider.oauth, refresh } };
      expect(await bench().fresh(bench().one, { provider: misconfigured })).toMatchObject({
        error: { code: "oauth/invalid_client" },
      });
      expect((await bench().stored("ada"))?.version).toBe(before.version);
    });
  });

  describe("that something else interrupts", () => {
    async function during(interruption: () => Promise<unknown>): Promise<Result<StoredConnection>> {
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const pending = fresh();
      await held.arrived;
      await interruption();
      held.release();
      return pending;
    }

    it("a disconnect wins: nothing is written back, and the new tokens are revoked", async () => {
      const { tokens } = await bench().connected("ada", -10);
      const result = await during(() => disconnect(bench().other.engine, bench().provider, "ada"));
      expect(result).toEqual(fail("connection/not_connected"));
      expect(await bench().stored("ada")).toBeNull();
      expect(bench().revoked).toHaveLength(2);
      expect(bench().revoked[0]).toEqual(tokens);
    });

    it("a sign-out wins", async () => {
      await bench().connected("ada", -10);
      const { other, provider } = bench();
      const result = await during(async () => {
        await other.sessions.revoke((await bench().signIn("ada")).sessionIdHash);
        await disconnectAll(other.engine, () => provider, "ada");
      });
      expect(result).toEqual(fail("connection/not_connected"));
      expect(await bench().stored("ada")).toBeNull();
    });

    it("a new connection wins, and its tokens are used", async () => {
      await bench().connected("ada", -10);
      const result = await during(() => bench().connected("ada", HOUR, { accessToken: accessToken("again") }));
      expect(accessTokenOf(result)).toMatch(/again$/);
      expect((await bench().stored("ada"))?.tokens.accessToken).toMatch(/again$/);
    });
  });

  describe("whose tokens cannot be stored at once", () => {
    const busy = Object.assign(new Error("database is locked"), { code: "SQLITE_BUSY" });

    it("stores them as soon as it can, and the used refresh token is not presented again", async () => {
      await bench().connected("ada", -10);
      const { tokens } = bench().one;
      const replace = vi.spyOn(tokens, "replace").mockRejectedValueOnce(busy).mockRejectedValueOnce(busy);
      const result = await fresh();
      expect(replace).toHaveBeenCalledTimes(3);
      replace.mockRestore();
      expect((await bench().stored("ada"))?.tokens.accessToken).toBe(accessTokenOf(result));
      expect(accessTokenOf(await freshOnOther())).toBe(accessTokenOf(result));
      expect(refreshes()).toBe(1);
    });

    it("treats a write whose answer was lost as done, and revokes nothing", async () => {
      await bench().connected("ada", -10);
      const { tokens } = bench().one;
      const replaceForReal = tokens.replace.bind(tokens);
      const replace = vi.spyOn(tokens, "replace").mockImplementationOnce(async (...args) => {
        await replaceForReal(...args);
        throw busy;
      });
      const result = await fresh();
      replace.mockRestore();
      expect((await bench().stored("ada"))?.tokens.accessToken).toBe(accessTokenOf(result));
      expect(bench().revoked).toEqual([]);
    });

    it("gives up when its lease ends, because another instance may then refresh", async () => {
      await bench().connected("ada", -10);
      const { tokens } = bench().one;
      const replace = vi.spyOn(tokens, "replace").mockImplementation(() => {
        bench().clock.ahead += 60_000;
        return Promise.reject(busy);
      });
      await expect(fresh()).rejects.toBe(busy);
      expect(replace).toHaveBeenCalledTimes(1);
      replace.mockRestore();
      expect((await freshOnOther()).ok).toBe(true);
    });
  });

  describe("that hangs", () => {
    it("a caller waits no longer than its own deadline, and the late tokens are stored", async () => {
      const { version } = await bench().connected("ada", -10);
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const callers = [bench().one, bench().one, bench().other];
      const impatient = await Promise.all(callers.map((instance) => bench().fresh(instance, { waitMs: 200 })));
      // None of them has waited for the refresh: it is answered only now.
      for (const result of impatient) expect(result).toMatchObject({ error: { reason: "timeout", recovery: "retry" } });
      const patient = freshOnOther();
      held.release();
      expect((await patient).ok).toBe(true);
      expect((await bench().stored("ada"))?.version).not.toBe(version);
      expect(refreshes()).toBe(1);
    });

    it("a disconnect does not wait for it", async () => {
      await bench().connected("ada", -10);
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const pending = fresh();
      await held.arrived;
      await disconnect(bench().one.engine, bench().provider, "ada");
      expect(await bench().stored("ada")).toBeNull();
      held.release();
      await pending;
    });

    it("because its instance died, another refreshes once the lease is over, and not before", async () => {
      const { version } = await bench().connected("ada", -10);
      const { one, other, clock } = bench();
      await one.tokens.takeLease(KEY, version, { holder: "dead", until: one.engine.now() + 60_000 });
      other.engine.timeoutMs = 300;
      expect(await freshOnOther()).toMatchObject({ error: { reason: "timeout" } });
      await bench().settled();
      expect(refreshes()).toBe(0);
      clock.ahead = 60_000;
      other.engine.timeoutMs = one.engine.timeoutMs;
      expect((await freshOnOther()).ok).toBe(true);
      expect(refreshes()).toBe(1);
    });
  });
});
