import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Database } from "@/lib/stores/database";
import { sha256 } from "@/lib/stores/seal";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { BENCH_TIME, instanceOn, type StoreBench } from "@/tests/support/database/store-bench";

const KEY = { provider: "sonar", userId: "ada" } as const;
const SECRETS = ["canary-access", "canary-refresh", "canary-verifier", "canary-state", "canary-session"] as const;
const [ACCESS, REFRESH, VERIFIER, STATE, SESSION] = SECRETS;

/** A provider this app does not have. */
const ELSEWHERE = "elsewhere";

/** The contents of all tables as text. */
async function dump({ kysely }: Database): Promise<string> {
  const tables = await kysely.introspection.getTables();
  const rows = await Promise.all(tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(kysely)));
  return JSON.stringify(rows.map((result) => result.rows));
}

/** Tests that all stores pass about data that somebody reads or changes in the tables. */
export function atRestContract(bench: () => StoreBench): void {
  async function fill(): Promise<void> {
    const { sessions, tokens, transactions } = bench().one;
    await sessions.create(sha256(SESSION), "ada");
    await tokens.set(KEY, { accessToken: ACCESS, refreshToken: REFRESH }, sha256(SESSION));
    await transactions.setPKCEVerifier(STATE, {
      ...KEY,
      codeVerifier: VERIFIER,
      redirectUri: "http://localhost:3000/oauth/callback",
      returnTo: "/",
      expiresAt: BENCH_TIME + 600_000,
    });
  }

  describe("at rest", () => {
    it("no token, verifier, state or session id can be read in any table", async () => {
      await fill();
      const text = await dump(bench().other.database);
      expect(text).toContain("ada");
      for (const secret of SECRETS) expect(text).not.toContain(secret);
    });

    it("tokens that were moved to another user do not open", async () => {
      await fill();
      await bench().one.database.kysely.updateTable("connections").set({ user_id: "eve" }).execute();
      expect(await bench().other.tokens.get({ ...KEY, userId: "eve" })).toBeNull();
      expect(await bench().other.tokens.clear({ ...KEY, userId: "eve" })).toBeNull();
    });

    it("tokens that were moved to another provider do not open", async () => {
      await fill();
      await bench().one.database.kysely.updateTable("connections").set({ provider: ELSEWHERE }).execute();
      expect(await bench().other.tokens.get({ ...KEY, provider: ELSEWHERE })).toBeNull();
    });

    it("a transaction that was moved to another user is worth nothing", async () => {
      await fill();
      await bench().one.database.kysely.updateTable("transactions").set({ user_id: "eve" }).execute();
      expect(await bench().other.transactions.takePKCEVerifier(STATE, "eve")).toBeNull();
    });

    it("a transaction that was moved to another state is worth nothing", async () => {
      await fill();
      await bench()
        .one.database.kysely.updateTable("transactions")
        .set({ state_hash: sha256("mine") })
        .execute();
      expect(await bench().other.transactions.takePKCEVerifier("mine", "ada")).toBeNull();
    });

    it("a transaction that was moved to another provider is worth nothing", async () => {
      await fill();
      await bench().one.database.kysely.updateTable("transactions").set({ provider: ELSEWHERE }).execute();
      expect(await bench().other.transactions.takePKCEVerifier(STATE, "ada")).toBeNull();
    });

    it("what was sealed under a key that is gone counts as not there", async () => {
      await fill();
      const { database } = bench().other;
      const { tokens, transactions } = instanceOn(database, [encryptionKey()], () => BENCH_TIME);
      expect(await tokens.get(KEY)).toBeNull();
      expect(await transactions.takePKCEVerifier(STATE, "ada")).toBeNull();
      expect(await tokens.list("ada")).toEqual([]);
      expect(await tokens.clear(KEY)).toBeNull();
      expect(await bench().other.tokens.list("ada")).toEqual([]);
    });

    it("a transaction that was sealed under another key stays for an instance that has the key, and its verifier with it", async () => {
      await fill();
      const { transactions } = instanceOn(bench().other.database, [encryptionKey()], () => BENCH_TIME);
      expect(await transactions.takePKCEVerifier(STATE, "ada")).toBeNull();
      expect(await transactions.lacksKeyFor(STATE, "ada")).toBe(true);
      expect(await bench().other.transactions.lacksKeyFor(STATE, "ada")).toBe(false);
      expect(await bench().other.transactions.takePKCEVerifier(STATE, "ada")).toMatchObject({ codeVerifier: VERIFIER });
    });

    it("what was sealed under a key that is gone is removed at the sign-out, and stays so if the key comes back", async () => {
      await fill();
      const { tokens } = instanceOn(bench().other.database, [encryptionKey()], () => BENCH_TIME);
      expect(await tokens.clearAll("ada")).toEqual([]);
      expect(await bench().other.tokens.get(KEY)).toBeNull();
    });
  });
}
