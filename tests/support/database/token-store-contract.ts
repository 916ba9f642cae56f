import { beforeEach, describe, expect, it } from "vitest";
import type { TokenSet } from "@/lib/oauth/provider";
import type { StoredConnection } from "@/lib/stores/contracts";
import { BENCH_TIME, type StoreBench, type StoreInstance } from "@/tests/support/database/store-bench";

const KEY = { provider: "sonar", userId: "ada" } as const;
const DAY = 24 * 60 * 60_000;

function tokensOf(name: string): TokenSet {
  return { accessToken: `access ${name}`, refreshToken: `refresh ${name}`, obtainedAt: 1, expiresAt: 2 };
}

/** Tests that every TokenStore passes about connecting, replacing and clearing. */
export function tokenStoreContract(bench: () => StoreBench): void {
  describe("the token store", () => {
    const tokens = () => bench().one.tokens;
    const others = () => bench().other.tokens;

    async function stored(): Promise<StoredConnection> {
      const connection = await others().get(KEY);
      if (!connection) throw new Error("There is no connection");
      return connection;
    }

    async function connected(name: string): Promise<StoredConnection> {
      expect(await tokens().set(KEY, tokensOf(name), "session")).toBe(true);
      return stored();
    }

    beforeEach(() => bench().one.sessions.create("session", "ada"));

    describe("a connection", () => {
      it("comes back as it was stored, with numbers for times", async () => {
        const { version, ...rest } = await connected("a");
        expect(rest).toEqual({ tokens: tokensOf("a"), connectedAt: BENCH_TIME, cooldownUntil: 0, leaseUntil: 0 });
        expect(version).toMatch(/./);
      });

      it("may consist of an access token alone", async () => {
        await tokens().set(KEY, { accessToken: "a" }, "session");
        expect((await stored()).tokens).toEqual({ accessToken: "a" });
      });

      it("is its user's only, and listed for nobody else", async () => {
        await connected("a");
        expect(await others().get({ ...KEY, userId: "eve" })).toBeNull();
        expect([await others().list("ada"), await others().list("eve")]).toEqual([["sonar"], []]);
      });

      it("made again takes the old one's place, as a new version without lease and cool-down", async () => {
        const { version } = await connected("a");
        const lease = { holder: "h", until: BENCH_TIME + 1_000 };
        await tokens().takeLease(KEY, version, lease);
        await tokens().releaseLease(KEY, "h", BENCH_TIME + 9_000);
        await tokens().takeLease(KEY, version, lease);
        bench().clock.now += 5;
        const again = await connected("b");
        expect(again).toMatchObject({ tokens: tokensOf("b"), connectedAt: BENCH_TIME + 5, cooldownUntil: 0 });
        expect(again.version).not.toBe(version);
        expect(await others().takeLease(KEY, again.version, lease)).toBe(true);
      });
    });

    describe("connecting", () => {
      it.each([
        ["was never there", () => Promise.resolve("unknown")],
        ["was revoked", async () => bench().other.sessions.revoke("session")],
        ["is idle for too long", () => Promise.resolve(void (bench().clock.now += DAY))],
      ])("stores nothing for a session that %s", async (_case, end) => {
        const session = (await end()) ?? "session";
        expect(await tokens().set(KEY, tokensOf("a"), session)).toBe(false);
        expect(await others().get(KEY)).toBeNull();
      });

      it("stores nothing for a session that is too old, however busy", async () => {
        for (let day = 0; day < 7; day++) {
          await bench().one.sessions.read("session");
          bench().clock.now += DAY - 1;
        }
        bench().clock.now = BENCH_TIME + 7 * DAY;
        expect(await tokens().set(KEY, tokensOf("a"), "session")).toBe(false);
      });

      it("stores nothing in the name of another user", async () => {
        expect(await tokens().set({ ...KEY, userId: "eve" }, tokensOf("a"), "session")).toBe(false);
        expect(await others().list("eve")).toEqual([]);
      });

      it("of an ended session leaves the connection that is there", async () => {
        await connected("a");
        await bench().one.sessions.revoke("session");
        expect(await tokens().set(KEY, tokensOf("b"), "session")).toBe(false);
        expect((await stored()).tokens).toEqual(tokensOf("a"));
      });

      it("while signing out leaves no connection behind, whichever of the two comes first", async () => {
        for (let round = 0; round < 50; round++) {
          await bench().one.sessions.create(`round-${round}`, "ada");
          const signOut = async () => {
            await bench().other.sessions.revoke(`round-${round}`);
            await others().clear(KEY);
          };
          const connect = () => tokens().set(KEY, tokensOf("a"), `round-${round}`);
          await Promise.all(round % 2 ? [connect(), signOut()] : [signOut(), connect()]);
          expect(await others().get(KEY), `round ${round}`).toBeNull();
        }
      });
    });

    describe("replacing", () => {
      it("stores new tokens under a new version, and keeps the time of connecting", async () => {
        const { version } = await connected("a");
        bench().clock.now += 5;
        const next = await tokens().replace(KEY, version, tokensOf("b"));
        expect(await stored()).toEqual({
          tokens: tokensOf("b"),
          version: next,
          connectedAt: BENCH_TIME,
          cooldownUntil: 0,
          leaseUntil: 0,
        });
        expect(next).not.toBe(version);
      });

      it("is done by one of ten who have seen the same version", async () => {
        const { version } = await connected("a");
        const names = Array.from({ length: 10 }, (_, index) => String(index));
        const replaced = await Promise.all(
          names.map((name, index) => (index % 2 ? tokens() : others()).replace(KEY, version, tokensOf(name))),
        );
        const winner = replaced.findIndex((next) => next !== null);
        expect(replaced.filter((next) => next !== null)).toHaveLength(1);
        expect((await stored()).tokens).toEqual(tokensOf(String(winner)));
      });

      it("brings nothing back once the connection was cleared", async () => {
        const { version } = await connected("a");
        await others().clear(KEY);
        expect(await tokens().replace(KEY, version, tokensOf("b"))).toBeNull();
        expect(await others().get(KEY)).toBeNull();
      });

      it("does not touch a connection made since, even of the very same tokens", async () => {
        const { version } = await connected("a");
        await others().clear(KEY);
        await connected("a");
        expect(await tokens().replace(KEY, version, tokensOf("b"))).toBeNull();
        expect(await tokens().clearVersion(KEY, version)).toBe(false);
        expect(await tokens().takeLease(KEY, version, { holder: "h", until: BENCH_TIME + 1 })).toBe(false);
        expect((await stored()).tokens).toEqual(tokensOf("a"));
      });
    });

    describe("clearing", () => {
      it("removes the connection and returns its tokens, once", async () => {
        await connected("a");
        expect(await tokens().clear(KEY)).toEqual(tokensOf("a"));
        expect(await others().clear(KEY)).toBeNull();
        expect(await others().list("ada")).toEqual([]);
      });

      it("does not touch another user's connection", async () => {
        await connected("a");
        expect(await tokens().clear({ ...KEY, userId: "eve" })).toBeNull();
        expect(await others().get(KEY)).not.toBeNull();
      });

      it("of all of a user's connections returns the tokens of each, once, and touches nobody else's", async () => {
        await connected("a");
        expect(await tokens().clearAll("eve")).toEqual([]);
        expect(await tokens().clearAll("ada")).toEqual([{ provider: KEY.provider, tokens: tokensOf("a") }]);
        expect(await others().clearAll("ada")).toEqual([]);
        expect(await others().get(KEY)).toBeNull();
      });

      it("at the end of a session removes nothing while another one lives", async () => {
        await connected("a");
        await bench().one.sessions.create("another", "ada");
        await bench().one.sessions.create("of somebody else", "eve");
        await bench().one.sessions.revoke("session");
        expect(await others().clearAll("ada", "session")).toEqual([]);
        expect(await others().list("ada")).toEqual(["sonar"]);
        bench().clock.now += DAY;
        expect(await others().clearAll("ada", "session")).toMatchObject([{ tokens: tokensOf("a") }]);
      });

      it("at the end of the last two sessions at once removes everything", async () => {
        for (let round = 0; round < 25; round++) {
          await bench().one.sessions.create(`one-${round}`, "ada");
          await bench().one.sessions.create(`two-${round}`, "ada");
          await bench().one.sessions.revoke("session");
          await tokens().set(KEY, tokensOf("a"), `one-${round}`);
          const signOut = async (instance: StoreInstance, idHash: string) => {
            await instance.sessions.revoke(idHash);
            await instance.tokens.clearAll("ada", idHash);
          };
          await Promise.all([signOut(bench().one, `one-${round}`), signOut(bench().other, `two-${round}`)]);
          expect(await others().get(KEY), `round ${round}`).toBeNull();
        }
      });

      it("by version removes only the version that was refused", async () => {
        const { version } = await connected("a");
        const next = (await tokens().replace(KEY, version, tokensOf("b"))) ?? "";
        expect(await others().clearVersion(KEY, version)).toBe(false);
        expect((await stored()).tokens).toEqual(tokensOf("b"));
        expect(await others().clearVersion(KEY, next)).toBe(true);
        expect(await others().get(KEY)).toBeNull();
      });
    });

    it("connections of users who have not come back for a week are swept at a sign-in", async () => {
      await connected("a");
      bench().clock.now += 7 * DAY;
      await bench().other.sessions.create("another", "eve");
      expect(await others().list("ada")).toEqual([]);
    });

    it("connections in use are not swept, however old", async () => {
      const { version } = await connected("a");
      bench().clock.now += 6 * DAY;
      await tokens().replace(KEY, version, tokensOf("b"));
      bench().clock.now += 2 * DAY;
      await bench().other.sessions.create("another", "eve");
      expect(await others().list("ada")).toEqual(["sonar"]);
    });
  });
}
