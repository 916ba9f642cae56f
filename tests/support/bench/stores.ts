import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { createSealer, sha256 } from "@/lib/stores/seal";
import { SqlSessionStore } from "@/lib/stores/sql-session-store";
import { SqlTokenStore } from "@/lib/token-store";
import type { DatabaseKind } from "@/tests/support/bench/bench-site";
import { percentile, type Figure } from "@/tests/support/bench/figures";

const CALLS = 2_000;

/** How many live sessions and connections the tables have. */
const FEW = 1_000;
const MANY = 1_000_000;

/** A store with more rows may be slower, but not by more than this. */
const ALLOWANCE = 2;

/** The app's own limit ends a statement that adds more. */
const ROWS_OF_A_STATEMENT = 20_000;

async function fill(database: Database, from: number, count: number): Promise<void> {
  for (let at = from; at < count; at += ROWS_OF_A_STATEMENT)
    await addRows(database, at, Math.min(at + ROWS_OF_A_STATEMENT, count));
  await sql.raw("analyze").execute(database.kysely);
}

/** Adds rows up to `count` in the database itself: sent one by one, a million would take minutes. */
async function addRows({ kysely, engine }: Database, from: number, count: number): Promise<void> {
  const numbers =
    engine === "postgres"
      ? sql`select n from generate_series(${sql.lit(from)}::int, ${sql.lit(count - 1)}::int) as numbers(n)`
      : sql`with recursive numbers(n) as (select ${sql.lit(from)} union all select n + 1 from numbers where n < ${sql.lit(count - 1)}) select n from numbers`;
  const now = sql.lit(Date.now());
  const sealed = sql.lit("x".repeat(1_200));
  await sql`insert into sessions (id_hash, user_id, created_at, seen_at)
    select 'many-' || n, 'many-' || n, ${now}, ${now} from (${numbers}) as rows`.execute(kysely);
  await sql`insert into connections (provider, user_id, sealed_tokens, version, connected_at, updated_at)
    select 'sonar', 'many-' || n, ${sealed}, 'v' || n, ${now}, ${now} from (${numbers}) as rows`.execute(kysely);
}

/** The milliseconds of each call, one after another. */
async function times(run: () => Promise<unknown>): Promise<number[]> {
  for (let call = 0; call < 50; call += 1) await run();
  const values: number[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    const started = performance.now();
    await run();
    values.push(performance.now() - started);
  }
  return values;
}

async function measureCalls(database: Database): Promise<Map<string, number[]>> {
  const sessions = new SqlSessionStore(database);
  const tokens = new SqlTokenStore(database, createSealer([randomBytes(32).toString("base64")]));
  const idHash = sha256(randomBytes(32).toString("hex"));
  const key = { provider: "sonar", userId: `bench-${idHash}` } as const;
  const set = { accessToken: "a".repeat(800), refreshToken: "r".repeat(64), expiresAt: 2_000_000_000 };
  await sessions.create(idHash, key.userId);
  const found = new Map([
    ["connect (seal and store tokens)", await times(() => tokens.set(key, set, idHash))],
    ["read a session", await times(() => sessions.read(idHash))],
    ["read tokens (open the seal)", await times(() => tokens.get(key))],
  ]);
  await tokens.clear(key);
  await sessions.revoke(idHash);
  return found;
}

/** The stores alone, with few rows and with many. */
export async function measureStores(kind: DatabaseKind, url: string): Promise<Figure[]> {
  const database = await openDatabase(url);
  try {
    await migrate(database.kysely);
    await fill(database, 0, FEW);
    const few = await measureCalls(database);
    await fill(database, FEW, MANY);
    const many = await measureCalls(database);
    return [...few].flatMap(([what, fewTimes]) => {
      const manyTimes = many.get(what) ?? [];
      const [low, high] = [percentile(fewTimes, 0.99), percentile(manyTimes, 0.99)];
      const name = `${kind}: ${what}`;
      return [
        { what: `${name}, a thousand rows`, unit: "ms", values: fewTimes },
        { what: `${name}, a million rows`, unit: "ms", values: manyTimes },
        {
          ...{ what: `${name}, 99 % of calls, a million rows`, unit: "ms", values: [high] },
          ratio: { to: "a thousand rows", value: high / low },
          goal: { most: ALLOWANCE },
        },
      ];
    });
  } finally {
    await database.kysely.destroy();
  }
}
