import { setImmediate as nextTurn } from "node:timers/promises";
import { sql, type KyselyPlugin } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OAuthRequest } from "@/lib/stores/contracts";
import type { Database, Schema } from "@/lib/stores/database";
import { sweepAll, sweepOccasionally } from "@/lib/stores/sweep";
import {
  BENCH_TIME,
  openStoreBench,
  sqliteFile,
  storageEngines,
  type StoreBench,
} from "@/tests/support/database/store-bench";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Counts the rows that each statement changes. */
function watched(database: Database): { database: Database; changes: number[] } {
  const changes: number[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult({ result }) {
      if (result.numAffectedRows !== undefined) changes.push(Number(result.numAffectedRows));
      return Promise.resolve(result);
    },
  };
  return { database: { ...database, kysely: database.kysely.withPlugin(plugin) }, changes };
}

async function count({ kysely }: Database, table: keyof Schema): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(kysely);
  return Number(rows[0]?.n);
}

/** Sessions of users that were last used at `seenAt`. */
async function fillSessions({ kysely }: Database, rows: number, seenAt: number): Promise<void> {
  const name = sql`cast(${String(seenAt)} as text) || '-' || i`;
  await sql`
    with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < ${rows})
    insert into sessions (id_hash, user_id, created_at, seen_at)
    select ${name}, ${name}, cast(${seenAt} as bigint), cast(${seenAt} as bigint) from numbers`.execute(kysely);
}

describe.each(storageEngines)("$name", (engine) => {
  let bench: StoreBench;

  beforeEach(async () => void (bench = await openStoreBench(engine)));
  afterEach(() => bench.close());

  it("a sweep of everything removes what has ended, keeps the rest, and tells how much it was", async () => {
    const { database } = bench.one;
    const { kysely } = database;
    const now = BENCH_TIME;
    const rate = (key: string, at: number) => ({ key, window_start: at, count: 1 });
    await kysely
      .insertInto("rates")
      .values([rate("old", now - 2 * MINUTE), rate("new", now - MINUTE)])
      .execute();
    const request = (name: string, expires: number) => ({
      ...{
        state_hash: name,
        provider: "sonar",
        user_id: name,
        sealed_verifier: null,
        redirect_uri: "",
        return_to: "/",
      },
      expires_at: expires,
    });
    await kysely
      .insertInto("transactions")
      .values([request("old", now - 61 * MINUTE), request("late", now - 59 * MINUTE)])
      .execute();
    const session = (name: string, created: number, seen: number) => ({
      ...{ id_hash: name, user_id: name },
      ...{ created_at: created, seen_at: seen },
    });
    await kysely
      .insertInto("sessions")
      .values([
        session("idle", now - 2 * DAY, now - DAY),
        session("too old", now - 7 * DAY, now),
        session("here", now - 6 * DAY, now - MINUTE),
      ])
      .execute();
    const connection = (name: string, updated: number) => ({
      ...{ provider: "sonar", user_id: name, sealed_tokens: "", version: "1", connected_at: updated },
      ...{ updated_at: updated, lease_holder: null, lease_until: 0, cooldown_until: 0 },
    });
    await kysely
      .insertInto("connections")
      .values([connection("idle", now - 8 * DAY), connection("here", now - 8 * DAY), connection("gone", now - DAY)])
      .execute();
    expect(await sweepAll(database, now)).toEqual({ rates: 1, transactions: 1, sessions: 2, connections: 1 });
    const names = async (table: "rates" | "transactions" | "sessions" | "connections", column: string) =>
      (await sql<{ name: string }>`select ${sql.ref(column)} as name from ${sql.table(table)}`.execute(kysely)).rows
        .map(({ name }) => name)
        .sort();
    expect(await names("rates", "key")).toEqual(["new"]);
    expect(await names("transactions", "state_hash")).toEqual(["late"]);
    expect(await names("sessions", "id_hash")).toEqual(["here"]);
    expect(await names("connections", "user_id")).toEqual(["gone", "here"]);
    expect(await sweepAll(database, now)).toEqual({ rates: 0, transactions: 0, sessions: 0, connections: 0 });
  });

  it("two sweeps at once delete every row once, and neither waits for the other", async () => {
    const { one, other } = bench;
    await fillSessions(one.database, 5_000, BENCH_TIME - DAY);
    const swept = await Promise.all([sweepAll(one.database, BENCH_TIME), sweepAll(other.database, BENCH_TIME)]);
    expect(swept.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(5_000);
    expect(await count(one.database, "sessions")).toBe(0);
  });

  it("a sign-in deletes at most a thousand rows, and the next one continues until none is left", async () => {
    const { database, changes } = watched(bench.one.database);
    await fillSessions(database, 2_500, BENCH_TIME - DAY);
    changes.length = 0;
    const left: number[] = [];
    for (const _ of [1, 2, 3, 4]) {
      await sweepOccasionally(database, ["sessions", "connections"], BENCH_TIME);
      left.push(await count(database, "sessions"));
    }
    expect(left).toEqual([1_500, 500, 0, 0]);
    expect(Math.max(...changes)).toBe(1_000);
    // The tables are clean: for a minute, nothing is searched.
    const before = changes.length;
    await sweepOccasionally(database, ["sessions", "connections"], BENCH_TIME + MINUTE - 1);
    expect(changes).toHaveLength(before);
  });

  it("a sign-in does not fail because old rows cannot be deleted", async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const { database, sessions } = bench.one;
    await fillSessions(database, 1, BENCH_TIME - DAY);
    if (database.engine === "postgres") {
      await sql`create function refuse() returns trigger language plpgsql as 'begin raise ''refused''; end'`.execute(
        database.kysely,
      );
      await sql`create trigger refusal before delete on sessions for each row execute function refuse()`.execute(
        database.kysely,
      );
    } else {
      const refusal = sql`select raise(abort, 'refused')`;
      await sql`create trigger refusal before delete on sessions begin ${refusal}; end`.execute(database.kysely);
    }
    await sessions.create("new", "ada");
    expect(await sessions.read("new")).toMatchObject({ userId: "ada" });
  });

  it("a user has at most 100 sessions: the one that was used least lately ends", async () => {
    const { sessions, database } = bench.one;
    for (let index = 0; index < 105; index++) {
      bench.clock.now = BENCH_TIME + index;
      await sessions.create(`hash ${index}`, "ada");
    }
    await sessions.create("of another", "eve");
    expect(await count(database, "sessions")).toBeLessThanOrEqual(101);
    expect(await sessions.read("hash 4")).toBeNull();
    for (const kept of ["hash 6", "hash 104"]) expect(await sessions.read(kept)).toMatchObject({ userId: "ada" });
    expect(await sessions.read("of another")).toMatchObject({ userId: "eve" });
  });

  it("a user has at most 20 pending OAuth requests: the oldest is over; sign-ins that have begun are nobody's", async () => {
    const { transactions, database } = bench.one;
    const begin = (name: string, userId: string, expiresAt: number) => {
      const request: OAuthRequest = { provider: "sonar", userId, redirectUri: "", returnTo: "/", expiresAt };
      return transactions.setPKCEVerifier(name, request);
    };
    const later = BENCH_TIME + 10 * MINUTE;
    for (let index = 0; index < 23; index++) await begin(`state ${index}`, "ada", later + index);
    for (let index = 0; index < 30; index++) await begin(`login ${index}`, "", later + index);
    expect(await count(database, "transactions")).toBe(50);
    expect(await transactions.takePKCEVerifier("state 2", "ada")).toBeNull();
    expect(await transactions.takePKCEVerifier("state 3", "ada")).toMatchObject({ userId: "ada" });
    expect(await transactions.takePKCEVerifier("login 0", "")).toMatchObject({ userId: "" });
  });
});

it("half a million rows are deleted a thousand at a time, and other queries get their turn in between", async () => {
  const bench = await openStoreBench(sqliteFile);
  const { database, changes } = watched(bench.one.database);
  await fillSessions(database, 500_000, BENCH_TIME - DAY);
  changes.length = 0;
  let swept = false;
  const sweeping = sweepAll(database, BENCH_TIME).finally(() => (swept = true));
  const seen: number[] = [];
  let turns = 0;
  for (; !swept; turns += 1) {
    // A question to SQLite is answered in the same turn of the event loop, so that each turn comes from the sweep.
    if (turns % 100 === 50) seen.push(await count(bench.one.database, "sessions"));
    await nextTurn();
  }
  expect(await sweeping).toMatchObject({ sessions: 500_000 });
  expect(Math.max(...changes)).toBe(1_000);
  expect(turns).toBeGreaterThanOrEqual(500);
  expect(seen.some((rows) => rows > 0 && rows < 500_000)).toBe(true);
  await bench.close();
});
