import { describe, expect, it } from "vitest";
import type { Transaction } from "@/lib/stores/contracts";
import { BENCH_TIME, type StoreBench } from "@/tests/support/store-bench";

const HOUR = 60 * 60_000;

function transactionOf(userId: string, changes: Partial<Transaction> = {}): Transaction {
  return {
    provider: "sonar",
    userId,
    codeVerifier: `verifier of ${userId}`,
    redirectUri: "http://localhost:3000/oauth/callback",
    returnTo: "/?a=b",
    expiresAt: BENCH_TIME + 600_000,
    ...changes,
  };
}

/** What every PKCEStore promises. */
export function pkceStoreContract(bench: () => StoreBench): void {
  const put = (state: string, transaction: Transaction) => bench().one.transactions.setPKCEVerifier(state, transaction);
  const take = (state: string, userId: string) => bench().other.transactions.takePKCEVerifier(state, userId);

  describe("a transaction", () => {
    it("comes back as it was put", async () => {
      const { codeVerifier: _verifier, ...withoutVerifier } = transactionOf("ada");
      await put("s1", transactionOf("ada"));
      await put("s2", withoutVerifier);
      expect(await take("s1", "ada")).toEqual(transactionOf("ada"));
      expect(await take("s2", "ada")).toEqual(withoutVerifier);
    });

    it("can be taken once", async () => {
      await put("s1", transactionOf("ada"));
      expect(await take("s1", "ada")).not.toBeNull();
      expect(await take("s1", "ada")).toBeNull();
    });

    it("is got by exactly one of twenty who take it at once, on two instances", async () => {
      await put("s1", transactionOf("ada"));
      const takers = Array.from({ length: 20 }, (_, index) => (index % 2 ? bench().one : bench().other).transactions);
      const taken = await Promise.all(takers.map((store) => store.takePKCEVerifier("s1", "ada")));
      expect(taken.filter((transaction) => transaction !== null)).toEqual([transactionOf("ada")]);
    });

    it("is never got by another user, whose try consumes nothing", async () => {
      await put("s1", transactionOf("ada"));
      expect(await take("s1", "eve")).toBeNull();
      expect(await take("s1", "ada")).toEqual(transactionOf("ada"));
    });

    it("stays when another of the same user is taken: two tabs can both finish", async () => {
      await put("s1", transactionOf("ada", { codeVerifier: "one" }));
      await put("s2", transactionOf("ada", { codeVerifier: "two" }));
      expect(await take("s2", "ada")).toMatchObject({ codeVerifier: "two" });
      expect(await take("s1", "ada")).toMatchObject({ codeVerifier: "one" });
    });

    it("is not found by a state that merely resembles its own", async () => {
      await put("State-1", transactionOf("ada"));
      for (const state of ["state-1", "State-", "State-11", "", "%", "State_1"]) {
        expect(await take(state, "ada")).toBeNull();
      }
    });

    it("cannot be overwritten by one with the same state", async () => {
      await put("s1", transactionOf("ada"));
      await expect(put("s1", transactionOf("eve"))).rejects.toThrow();
      expect(await take("s1", "ada")).toEqual(transactionOf("ada"));
    });

    it("that has expired is still told, so that its user learns the reason, and is gone then", async () => {
      await put("s1", transactionOf("ada", { expiresAt: BENCH_TIME - 1 }));
      expect(await take("s1", "ada")).toMatchObject({ expiresAt: BENCH_TIME - 1 });
      expect(await take("s1", "ada")).toBeNull();
    });

    it("that was abandoned is swept when another is put, an hour after it expired", async () => {
      await put("abandoned", transactionOf("ada"));
      await put("fresh", transactionOf("ada", { expiresAt: BENCH_TIME + 2 * HOUR }));
      bench().clock.now = BENCH_TIME + 600_000 + HOUR + 1;
      await put("new", transactionOf("eve"));
      expect(await take("abandoned", "ada")).toBeNull();
      expect(await take("fresh", "ada")).not.toBeNull();
    });
  });
}
