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

const DAY = 24 * HOUR;

/** Tests that every SessionStore passes. */
export function sessionStoreContract(bench: () => StoreBench): void {
  const after = (ms: number) => (bench().clock.now = BENCH_TIME + ms);
  const read = (idHash: string) => bench().other.sessions.read(idHash);

  describe("a session", () => {
    it("can be read by every instance once it was created", async () => {
      await bench().one.sessions.create("hash", "ada");
      expect(await read("hash")).toEqual({ userId: "ada" });
    });

    it("is null when it is not known", async () => {
      expect(await read("unknown")).toBeNull();
    });

    it("is null once it was revoked, and revoking it again does no harm", async () => {
      await bench().one.sessions.create("hash", "ada");
      await bench().one.sessions.create("hash-2", "ada");
      await bench().one.sessions.revoke("hash");
      await bench().one.sessions.revoke("hash");
      expect([await read("hash"), await read("hash-2")]).toEqual([null, { userId: "ada" }]);
    });

    it("is listed for its user while it lives, the one used last first", async () => {
      await bench().one.sessions.create("first", "ada", "laptop");
      after(120_000);
      await bench().one.sessions.create("second", "ada");
      await bench().one.sessions.create("of eve", "eve");
      after(240_000);
      await read("first");
      expect(await bench().other.sessions.list("ada")).toEqual([
        { idHash: "first", createdAt: BENCH_TIME, seenAt: BENCH_TIME + 240_000, browserHash: "laptop" },
        { idHash: "second", createdAt: BENCH_TIME + 120_000, seenAt: BENCH_TIME + 120_000, browserHash: null },
      ]);
      after(120_000 + DAY);
      expect(await bench().other.sessions.list("ada")).toMatchObject([{ idHash: "first" }]);
    });

    it("ends with the others of its user in the same browser, and with no others", async () => {
      const live = async (idHashes: readonly string[]) => {
        const found = await Promise.all(idHashes.map(async (idHash) => ((await read(idHash)) ? [idHash] : [])));
        return found.flat();
      };
      const { sessions } = bench().one;
      await sessions.create("first", "ada", "laptop");
      await sessions.create("second", "ada", "laptop");
      await sessions.create("phone", "ada", "phone");
      await sessions.create("earlier version", "ada");
      await sessions.create("eve", "eve", "laptop");
      const all = ["first", "second", "phone", "earlier version", "eve"];
      await bench().other.sessions.revokeBrowser("unknown");
      expect(await live(all)).toEqual(all);
      await bench().other.sessions.revokeBrowser("first");
      expect(await live(all)).toEqual(["phone", "earlier version", "eve"]);
      await sessions.create("another", "ada");
      await bench().other.sessions.revokeBrowser("earlier version");
      expect(await live([...all, "another"])).toEqual(["phone", "eve", "another"]);
    });

    it("ends with all the others of its user, and nobody else's", async () => {
      await bench().one.sessions.create("first", "ada");
      await bench().one.sessions.create("second", "ada");
      await bench().one.sessions.create("of eve", "eve");
      await bench().other.sessions.revokeAll("ada");
      expect([await read("first"), await read("second"), await read("of eve")]).toEqual([
        null,
        null,
        { userId: "eve" },
      ]);
    });

    it("cannot be taken over by creating it once more", async () => {
      await bench().one.sessions.create("hash", "ada");
      await expect(bench().one.sessions.create("hash", "eve")).rejects.toThrow();
      expect(await read("hash")).toEqual({ userId: "ada" });
    });

    it("ends after a day without use", async () => {
      await bench().one.sessions.create("hash", "ada");
      await bench().one.sessions.create("hash-2", "ada");
      after(DAY - 1);
      expect(await read("hash")).not.toBeNull();
      after(DAY);
      expect(await read("hash-2")).toBeNull();
    });

    it("is kept alive by reading it", async () => {
      await bench().one.sessions.create("hash", "ada");
      after(DAY - 1);
      await bench().one.sessions.read("hash");
      after(2 * DAY - 2);
      expect(await read("hash")).toEqual({ userId: "ada" });
    });

    it("ends a week after sign-in, however busy it is", async () => {
      await bench().one.sessions.create("hash", "ada");
      for (let passed = 0; passed < 7 * DAY; passed += 12 * HOUR) {
        after(passed);
        expect(await read("hash")).not.toBeNull();
      }
      after(7 * DAY - 1);
      expect(await read("hash")).not.toBeNull();
      after(7 * DAY);
      expect(await read("hash")).toBeNull();
    });

    it("that has ended is swept at a sign-in, which happens at most once a minute", async () => {
      const { kysely } = bench().one.database;
      const left = async () => (await kysely.selectFrom("sessions").select("id_hash").execute()).length;
      await bench().one.sessions.create("first", "ada");
      after(2 * DAY);
      await bench().one.sessions.create("second", "ada");
      expect(await left()).toBe(1);
      const ended = { id_hash: "ended", user_id: "ada", created_at: BENCH_TIME, seen_at: BENCH_TIME };
      await kysely.insertInto("sessions").values(ended).execute();
      after(2 * DAY + MINUTE - 1);
      await bench().one.sessions.create("third", "ada");
      expect(await left()).toBe(3);
      after(2 * DAY + MINUTE);
      await bench().one.sessions.create("fourth", "ada");
      expect(await left()).toBe(3);
      expect(await read("ended")).toBeNull();
    });

    it("that has ended does not come to life again when it is read", async () => {
      await bench().one.sessions.create("hash", "ada");
      after(DAY);
      expect(await read("hash")).toBeNull();
      expect(await read("hash")).toBeNull();
    });
  });
}

const MINUTE = 60_000;

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
