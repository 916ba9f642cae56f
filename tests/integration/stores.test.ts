import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { atRestContract } from "@/tests/support/database/at-rest-contract";
import { leaseContract } from "@/tests/support/database/lease-contract";
import { sessionStoreContract } from "@/tests/support/database/session-store-contract";
import { tokenStoreContract } from "@/tests/support/database/token-store-contract";
import { consentStoreContract, pkceStoreContract } from "@/tests/support/database/store-contracts";
import {
  BENCH_TIME,
  emptyTables,
  openStoreBench,
  storageEngines,
  type StoreBench,
} from "@/tests/support/database/store-bench";

/** Tests that every TokenStore passes about the names of Echo's guide. */
function guideNamesContract(bench: () => StoreBench): void {
  describe("the token store under the guide's names", () => {
    const key = { provider: "sonar", userId: "ada" } as const;
    const tokens = () => bench().one.tokens;
    const others = () => bench().other.tokens;
    const tokensOf = (name: string) => ({ accessToken: `access ${name}`, refreshToken: name, expiresAt: 2 });

    beforeEach(() => bench().one.sessions.create("session", "ada"));

    it("stores, reads and clears a user's tokens of Sonar, by the user alone", async () => {
      await tokens().set({ ...key, provider: "other" }, tokensOf("other"), "session");
      expect(await tokens().setTokens("ada", tokensOf("a"))).toBe(true);
      expect(await others().getTokens("ada")).toEqual(tokensOf("a"));
      expect(await tokens().setTokens("ada", tokensOf("b"))).toBe(true);
      expect([await others().getTokens("ada"), await others().getTokens("eve")]).toEqual([tokensOf("b"), null]);
      await tokens().clearTokens("ada");
      expect([await others().getTokens("ada"), await others().list("ada")]).toEqual([null, ["other"]]);
    });

    it("stores nothing for a user who is signed in nowhere, and needs only one of several sessions", async () => {
      await bench().one.sessions.create("second", "ada");
      await bench().other.sessions.revoke("session");
      expect(await tokens().setTokens("ada", tokensOf("a"))).toBe(true);
      expect(await tokens().setTokens("eve", tokensOf("a"))).toBe(false);
      await tokens().clearTokens("ada");
      await bench().other.sessions.revoke("second");
      expect(await tokens().setTokens("ada", tokensOf("b"))).toBe(false);
      expect(await others().getTokens("ada")).toBeNull();
    });

    it("ends a refresh that began before: its tokens replace nothing", async () => {
      await tokens().setTokens("ada", tokensOf("a"));
      const { version = "" } = (await others().get(key)) ?? {};
      await tokens().setTokens("ada", tokensOf("b"));
      expect(await others().replace(key, version, tokensOf("refreshed"))).toBeNull();
      expect(await others().getTokens("ada")).toEqual(tokensOf("b"));
    });
  });
}

describe.each(storageEngines)("on $name", (engine) => {
  let opened: StoreBench | undefined;

  function bench(): StoreBench {
    if (!opened) throw new Error("The stores are not open");
    return opened;
  }

  beforeAll(async () => {
    opened = await openStoreBench(engine);
  });

  beforeEach(async () => {
    bench().clock.now = BENCH_TIME;
    await emptyTables(bench().one.database);
  });

  afterAll(() => opened?.close());

  sessionStoreContract(bench);
  pkceStoreContract(bench);
  tokenStoreContract(bench);
  guideNamesContract(bench);
  leaseContract(bench);
  atRestContract(bench);
  consentStoreContract(bench);
});
