import { describe, expect, it } from "vitest";
import type { TermsConsent } from "@/lib/config/site";
import { checkConsent, recordConsent } from "@/lib/purchase/consent";
import type { ConsentOwner, OAuthRequest } from "@/lib/stores/contracts";
import { BENCH_TIME, type StoreBench } from "@/tests/support/database/store-bench";

const HOUR = 60 * 60_000;

function transactionOf(userId: string, changes: Partial<OAuthRequest> = {}): OAuthRequest {
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

/** Tests that every PKCEStore passes. */
export function pkceStoreContract(bench: () => StoreBench): void {
  const put = (state: string, transaction: OAuthRequest) =>
    bench().one.transactions.setPKCEVerifier(state, transaction);
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

    it("is got in the session that began it only: in another of the same user, or in none, the try consumes nothing", async () => {
      const bound = transactionOf("ada", { sessionIdHash: "session of this browser" });
      await put("s1", bound);
      const { transactions } = bench().other;
      expect(await transactions.takePKCEVerifier("s1", "ada", "session of another")).toBeNull();
      expect(await transactions.takePKCEVerifier("s1", "ada")).toBeNull();
      expect(await transactions.takePKCEVerifier("s1", "ada", "session of this browser")).toEqual(bound);
    });

    it("that is bound to no session is got in any", async () => {
      await put("s1", transactionOf("ada"));
      const taken = await bench().other.transactions.takePKCEVerifier("s1", "ada", "some session");
      expect(taken).toEqual(transactionOf("ada"));
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

const terms = (version: string): TermsConsent => ({
  by: "press",
  version,
  statement: "I accept the",
  documents: [{ label: "Terms", href: "/terms" }],
});

/** Tests of the accepted terms, and of the check before every permit. */
export function consentStoreContract(bench: () => StoreBench): void {
  const owner = (userId: string, entityID = "AUX-1"): ConsentOwner => ({ userId, entityID });
  const accept = (of: ConsentOwner, version: string, shown = version) =>
    recordConsent(bench().one.consents, terms(shown), { ...of, version });
  const check = (of: ConsentOwner, version: string) => checkConsent(bench().other.consents, terms(version), of);
  const NOT_ACCEPTED = { code: "sale/terms_not_accepted", recovery: "accept-terms" };

  describe("consent to terms", () => {
    it("counts for the user who gave it, on every instance, and for nobody else", async () => {
      expect(await accept(owner("ada"), "v1")).toMatchObject({ ok: true });
      expect(await check(owner("ada"), "v1")).toMatchObject({ ok: true });
      for (const userId of ["eve", "Ada", "ada ", "", "%"]) {
        const error = { ...NOT_ACCEPTED, terms: terms("v1") };
        expect(await check(owner(userId), "v1")).toMatchObject({ ok: false, error });
      }
    });

    it("counts for the entity it was given for, and for no other of the same user", async () => {
      await accept(owner("ada", "AUX-1"), "v1");
      expect(await check(owner("ada", "AUX-2"), "v1")).toMatchObject({ ok: false, error: NOT_ACCEPTED });
      await accept(owner("ada", "AUX-2"), "v1");
      expect(await check(owner("ada", "AUX-2"), "v1")).toMatchObject({ ok: true });
    });

    it("from before entities were recorded stays as proof, and counts for none", async () => {
      const { kysely } = bench().one.database;
      const row = { user_id: "ada", version: "v1", accepted_at: BENCH_TIME };
      await kysely.insertInto("consents").values(row).execute();
      expect(await check(owner("ada"), "v1")).toMatchObject({ ok: false, error: NOT_ACCEPTED });
      await accept(owner("ada"), "v1");
      const kept = await kysely.selectFrom("consents").selectAll().execute();
      expect(kept.map((one) => ({ ...one, accepted_at: Number(one.accepted_at) }))).toEqual([row]);
    });

    it("is asked for again when the terms have a new version, and the earlier one stays as proof", async () => {
      await accept(owner("ada"), "v1");
      const error = { code: "sale/terms_changed", recovery: "accept-terms", terms: terms("v2") };
      expect(await check(owner("ada"), "v2")).toMatchObject({ ok: false, error });
      await accept(owner("ada"), "v2");
      expect(await check(owner("ada"), "v2")).toMatchObject({ ok: true });
      expect((await bench().one.consents.versions(owner("ada"))).sort()).toEqual(["v1", "v2"]);
    });

    it("to any other version than the current one is not recorded", async () => {
      const error = { code: "sale/terms_changed", terms: terms("v2") };
      expect(await accept(owner("ada"), "v1", "v2")).toMatchObject({ ok: false, error });
      expect(await bench().one.consents.versions(owner("ada"))).toEqual([]);
    });

    it("keeps its first time when it is given twice, also at once", async () => {
      const [{ consents, database }, clock] = [bench().one, bench().clock];
      await Promise.all([consents.record(owner("ada"), "v1"), bench().other.consents.record(owner("ada"), "v1")]);
      clock.now += HOUR;
      await consents.record(owner("ada"), "v1");
      const rows = await database.kysely.selectFrom("entity_consents").selectAll().execute();
      expect(rows.map((row) => ({ ...row, accepted_at: Number(row.accepted_at) }))).toEqual([
        { user_id: "ada", entity_id: "AUX-1", version: "v1", accepted_at: BENCH_TIME },
      ]);
    });

    it("is not needed where the site has no terms", async () => {
      expect(await checkConsent(bench().one.consents, undefined, owner("ada"))).toMatchObject({ ok: true });
    });
  });
}
