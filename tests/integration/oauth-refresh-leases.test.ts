import { afterEach, describe, expect, it, vi } from "vitest";
import { freshTokens } from "@/lib/oauth/refresh";
import { sharedEngines } from "@/tests/support/database/store-bench";
import { accessTokenOf, useEngineBench, type EngineInstance } from "@/tests/support/oauth/engine-bench";
import { deferred } from "@/tests/support/deferred";
import { hang, holding, newTokens, notJson, reset, withStatus } from "@/tests/support/oauth/token-server";

const KEY = { provider: "sonar", userId: "ada" } as const;

/** In seconds: due for a refresh, and still good. */
const DUE = 40;

/** More than the app reads, beginning as a good answer does. */
const endless: typeof newTokens = (_request, response) =>
  void response.writeHead(200, { "Content-Type": "application/json" }).end(`{"access_token":"${"a".repeat(1_100_000)}`);

describe.each(sharedEngines)("of the refreshes of several instances, on $name", (storage) => {
  const bench = useEngineBench(storage);

  const refreshes = () => bench().server.refreshes().length;
  const fresh = (instance: EngineInstance) => bench().fresh(instance);

  afterEach(() => void vi.useRealTimers());

  describe("one whose answer was lost", () => {
    it.each([
      ["a broken connection", reset],
      ["a gateway that gave up (502)", withStatus(502)],
      ["Cloudflare, which gave up (524)", withStatus(524)],
      ["a gateway that gave up (504)", withStatus(504)],
      ["no answer in time", hang],
      ["an answer of success that is no JSON", notJson],
      ["an answer of success without tokens", withStatus(200)],
      ["an answer of success that is too long", endless],
    ] satisfies [string, typeof newTokens][])(
      "by %s is not repeated by any instance while the access token is good, and once afterwards",
      async (_case, answer) => {
        const { tokens } = await bench().connected("ada", DUE);
        const { one, other, clock } = bench();
        one.engine.timeoutMs = 1_000;
        bench().server.answer = answer;
        expect(accessTokenOf(await fresh(one))).toBe(tokens.accessToken);
        await bench().settled();
        bench().server.answer = newTokens;
        for (const seconds of [2, 10, DUE - 10]) {
          clock.ahead = seconds * 1_000;
          for (const instance of [one, other]) expect(accessTokenOf(await fresh(instance))).toBe(tokens.accessToken);
        }
        expect(refreshes()).toBe(1);
        clock.ahead = (DUE + 1) * 1_000;
        expect(accessTokenOf(await fresh(other))).not.toBe(tokens.accessToken);
        expect(refreshes()).toBe(2);
      },
    );

    it("is repeated if the API no longer accepts the access token", async () => {
      const { tokens, version } = await bench().connected("ada", DUE);
      const { one, other, provider, clock } = bench();
      bench().server.answer = reset;
      await fresh(one);
      bench().server.answer = newTokens;
      clock.ahead = 2_000;
      const caller = { engine: other.engine, provider, userId: "ada", deadline: bench().deadline() };
      expect(accessTokenOf(await freshTokens(caller, version))).not.toBe(tokens.accessToken);
    });
  });

  it.each([
    ["500", withStatus(500)],
    ["503", withStatus(503)],
    ["429", withStatus(429)],
  ])("one that was answered with %s is repeated after its cool-down", async (_case, answer) => {
    const { tokens } = await bench().connected("ada", DUE);
    bench().server.answer = answer;
    expect(accessTokenOf(await fresh(bench().one))).toBe(tokens.accessToken);
    bench().server.answer = newTokens;
    bench().clock.ahead = 1_001;
    expect(accessTokenOf(await fresh(bench().other))).not.toBe(tokens.accessToken);
  });

  describe("one whose process is gone", () => {
    it("costs no time while the access token is good", async () => {
      const { tokens, version } = await bench().connected("ada", DUE);
      const { one, other } = bench();
      const lease = { holder: "gone", until: one.engine.now() + 5_000 };
      await one.tokens.takeLease(KEY, version, lease);
      const reads = vi.spyOn(other.tokens, "get");
      expect(accessTokenOf(await fresh(other))).toBe(tokens.accessToken);
      bench().clock.ahead = 6_000;
      expect(accessTokenOf(await fresh(other))).toBe(tokens.accessToken);
      expect(reads).toHaveBeenCalledTimes(2);
      expect(refreshes()).toBe(0);
    });

    it("is taken over within the time that a caller waits, once the access token has ended", async () => {
      const { version } = await bench().connected("ada", -10);
      const { one, other } = bench();
      await one.tokens.takeLease(KEY, version, { holder: "gone", until: one.engine.now() + 500 });
      other.engine.timeoutMs = 10_000;
      const results = await Promise.all([fresh(other), fresh(other)]);
      for (const result of results) expect(result.ok).toBe(true);
      expect(refreshes()).toBe(1);
    });
  });

  describe("one that takes long", () => {
    it("keeps its lease for as long as it lasts", async () => {
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
      await bench().connected("ada", -10);
      const { one, other, clock } = bench();
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const first = fresh(one);
      await held.arrived;
      const renewed = vi.spyOn(one.tokens, "renewLease");
      for (let step = 1; step <= 4; step++) {
        clock.ahead += 5_000;
        vi.advanceTimersByTime(2_000);
        await Promise.all(renewed.mock.results.map(({ value }) => value));
        expect((await bench().stored("ada"))?.leaseUntil).toBeGreaterThan(other.engine.now());
      }
      held.release();
      expect((await first).ok).toBe(true);
      expect(vi.getTimerCount()).toBe(0);
      expect(refreshes()).toBe(1);
    });

    it("holds nobody up for long whose access token is good", async () => {
      const { tokens } = await bench().connected("ada", DUE);
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      // Far less than the time limit of the call.
      const [own, foreign] = await Promise.all([fresh(bench().one), held.arrived.then(() => fresh(bench().other))]);
      expect([own, foreign].map(accessTokenOf)).toEqual([tokens.accessToken, tokens.accessToken]);
      held.release();
      await bench().settled();
      expect(accessTokenOf(await fresh(bench().other))).not.toBe(tokens.accessToken);
      expect(refreshes()).toBe(1);
    });
  });

  describe("one whose process is stopped between taking its lease and using it", () => {
    it("is not begun any more once the lease is over: another instance has refreshed with the same token", async () => {
      await bench().connected("ada", -10);
      const { one, other, clock } = bench();
      const takeForReal = one.tokens.takeLease.bind(one.tokens);
      const take = vi.spyOn(one.tokens, "takeLease").mockImplementationOnce(async (...args) => {
        const taken = await takeForReal(...args);
        // Longer than the lease and the time for which others watch it.
        clock.ahead += 10_000;
        expect((await fresh(other)).ok).toBe(true);
        return taken;
      });
      const result = await fresh(one);
      take.mockRestore();
      expect(refreshes()).toBe(1);
      expect(accessTokenOf(result)).toBe((await bench().stored("ada"))?.tokens.accessToken);
    });
  });

  // SQLite has one connection in a process, and no queue for it that lasts.
  describe.runIf(storage.name === "Postgres")("one whose process has all its connections taken by others", () => {
    /** Far more than the pool has: whoever comes later waits behind them. */
    const TAKEN = 20;
    let letGo: () => Promise<unknown>;

    afterEach(() => letGo());

    /** Takes them all, as a crowd does that comes back after an outage. */
    async function takeConnections(): Promise<void> {
      const { kysely } = bench().one.database;
      const [first, end] = [deferred<void>(), deferred<void>()];
      const take = () => (first.resolve(), end.promise);
      // Those that wait too long in the queue fail.
      const taken = Promise.allSettled(Array.from({ length: TAKEN }, () => kysely.connection().execute(take)));
      letGo = () => (end.resolve(), taken);
      await first.promise;
    }

    it("stores its tokens all the same, before its lease is taken", async () => {
      await bench().connected("ada", -10);
      const { one, other, clock } = bench();
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const first = fresh(one);
      await held.arrived;
      await takeConnections();
      held.release();
      await vi.waitFor(() => expect(bench().log.map(({ event }) => event)).toContain("oauth.refresh"));
      clock.ahead = 20_000;
      const second = accessTokenOf(await fresh(other));
      expect(refreshes()).toBe(1);
      expect(accessTokenOf(await first)).toBe(second);
    });

    it("keeps its lease all the same", async () => {
      const { version } = await bench().connected("ada", -10);
      const { one, other } = bench();
      await one.tokens.takeLease(KEY, version, { holder: "one", until: other.engine.now() + 6_000 });
      await takeConnections();
      const until = other.engine.now() + 60_000;
      await one.tokens.renewLease(KEY, "one", until);
      expect((await bench().stored("ada"))?.leaseUntil).toBe(until);
    });
  });

  describe("one whose process was cut off from the database", () => {
    it("stores its tokens before anybody else asks again", async () => {
      await bench().connected("ada", -10);
      const { one, other, clock } = bench();
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const isDown = Object.assign(new Error("down"), { code: "57P01" });
      const replaceForReal = one.tokens.replace.bind(one.tokens);
      let down = true;
      const replace = vi
        .spyOn(one.tokens, "replace")
        .mockImplementation((...args) => (down ? Promise.reject(isDown) : replaceForReal(...args)));
      const first = fresh(one);
      await held.arrived;
      held.release();
      await vi.waitFor(() => expect(replace).toHaveBeenCalled());
      // Its lease is over when the database is back for both.
      clock.ahead = 20_000;
      down = false;
      const second = await fresh(other);
      expect(accessTokenOf(second)).toBe(accessTokenOf(await first));
      replace.mockRestore();
      expect(refreshes()).toBe(1);
      expect(bench().revoked).toEqual([]);
    });

    it("does not revoke what another instance has stored for the same connection", async () => {
      const { version } = await bench().connected("ada", -10);
      const { one, other } = bench();
      const held = holding(newTokens);
      bench().server.answer = held.answer;
      const first = fresh(one);
      await held.arrived;
      await other.tokens.replace(KEY, version, { accessToken: "of the other", expiresAt: 4_000_000_000 });
      held.release();
      expect(accessTokenOf(await first)).toBe("of the other");
      expect(bench().revoked).toEqual([]);
    });
  });

  it("none is needed for a call whose access token is good, if the database takes no writes", async () => {
    const { tokens } = await bench().connected("ada", DUE);
    const readOnly = Object.assign(new Error("read-only"), { code: "25006" });
    const take = vi.spyOn(bench().one.tokens, "takeLease").mockRejectedValue(readOnly);
    expect(accessTokenOf(await fresh(bench().one))).toBe(tokens.accessToken);
    take.mockRestore();
    expect(bench().log).toMatchObject([{ event: "oauth.refresh.not-begun", level: "warn", errorCode: "25006" }]);
  });
});
