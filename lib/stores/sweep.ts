import "server-only";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ExpressionBuilder, SelectQueryBuilder } from "kysely";
import { errorFields, requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import type { Database, Schema } from "@/lib/stores/database";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A session ends this long after it was last used (milliseconds). */
export const SESSION_IDLE_MS = 24 * HOUR_MS;

/** A session ends this long after sign-in, used or not (milliseconds). */
export const SESSION_ABSOLUTE_MS = 7 * 24 * HOUR_MS;

/** OAuth requests stay this long after they expired (milliseconds), so that a late callback is told "too late" and not "unknown". */
const KEPT_AFTER_EXPIRY_MS = HOUR_MS;

/** Counts stay until the minute after theirs has passed too (milliseconds). */
const COUNTS_KEPT_MS = 2 * MINUTE_MS;

/** Rows that one statement deletes at most. SQLite works in this process's own thread: half a million rows at once stop it for two seconds. */
const MOST_AT_ONCE = 1_000;

/** Deletes at most `most` rows that have ended, and returns their number. `now` is in milliseconds since 1970. */
type Sweep = (database: Database, now: number, most: number) => Promise<number>;

/** On Postgres, rows that another instance is deleting are left to it, or two sweeps could wait for each other. */
function pick<Table extends keyof Schema, O>(
  { engine }: Database,
  most: number,
  rows: SelectQueryBuilder<Schema, Table, O>,
): SelectQueryBuilder<Schema, Table, O> {
  const piece = rows.limit(most);
  return engine === "postgres" ? piece.forUpdate().skipLocked() : piece;
}

const sweepRates: Sweep = async (database, now, most) => {
  const { kysely: db } = database;
  const ended = db
    .selectFrom("rates")
    .select("key")
    .where("window_start", "<=", now - COUNTS_KEPT_MS);
  const deleted = await db
    .deleteFrom("rates")
    .where("key", "in", pick(database, most, ended))
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
};

const sweepOAuthRequests: Sweep = async (database, now, most) => {
  const { kysely: db } = database;
  const ended = db
    .selectFrom("transactions")
    .select("state_hash")
    .where("expires_at", "<", now - KEPT_AFTER_EXPIRY_MS);
  const deleted = await db
    .deleteFrom("transactions")
    .where("state_hash", "in", pick(database, most, ended))
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
};

const sweepSessions: Sweep = async (database, now, most) => {
  const { kysely: db } = database;
  const ended = db
    .selectFrom("sessions")
    .select("id_hash")
    .where((eb) =>
      eb.or([eb("seen_at", "<=", now - SESSION_IDLE_MS), eb("created_at", "<=", now - SESSION_ABSOLUTE_MS)]),
    );
  const deleted = await db
    .deleteFrom("sessions")
    .where("id_hash", "in", pick(database, most, ended))
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
};

function hasSession(eb: ExpressionBuilder<Schema, "connections">) {
  return eb.exists(
    eb.selectFrom("sessions").select("id_hash").whereRef("sessions.user_id", "=", "connections.user_id"),
  );
}

/** The connections of users who have not returned within a session's longest life. */
const sweepConnections: Sweep = async (database, now, most) => {
  const { kysely: db } = database;
  const ended = db
    .selectFrom("connections")
    .select(["user_id", "provider"])
    .where("updated_at", "<=", now - SESSION_ABSOLUTE_MS)
    .where((eb) => eb.not(hasSession(eb)));
  const piece = pick(database, most, ended);
  const deleted = await db
    .deleteFrom("connections")
    .where((eb) => eb(eb.refTuple("user_id", "provider"), "in", piece.$asTuple("user_id", "provider")))
    .executeTakeFirst();
  return Number(deleted.numDeletedRows);
};

/** In this order: whether a connection has ended depends on the sessions. */
const SWEEPS = {
  rates: sweepRates,
  transactions: sweepOAuthRequests,
  sessions: sweepSessions,
  connections: sweepConnections,
} as const satisfies Partial<Record<keyof Schema, Sweep>>;

/** The tables whose rows end. */
export type SweptTable = keyof typeof SWEEPS;

const TABLES: readonly SweptTable[] = ["rates", "transactions", "sessions", "connections"];

/**
 * Deletes all rows that have ended, and returns how many per table. It works in pieces, and lets the process do other things in between.
 * `now` is in milliseconds since 1970. Throws if the database fails; what was deleted before stays deleted, and it can be called again.
 */
export async function sweepAll(database: Database, now: number): Promise<Record<SweptTable, number>> {
  const counts = { rates: 0, transactions: 0, sessions: 0, connections: 0 };
  for (const table of TABLES) {
    let deleted: number;
    do {
      deleted = await SWEEPS[table](database, now, MOST_AT_ONCE);
      counts[table] += deleted;
      await nextTurn();
    } while (deleted === MOST_AT_ONCE);
  }
  return counts;
}

/** The time in which one process sweeps a table once, if one piece is enough (milliseconds). */
const SWEEP_EVERY_MS = MINUTE_MS;

interface Swept {
  /** Milliseconds since 1970. */
  last: number;
  sweeping: boolean;
}

function sweptAt(database: Database, table: SweptTable): Swept {
  const all = processGlobal("sweeps", () => new WeakMap<Database, Map<SweptTable, Swept>>());
  const tables = all.get(database) ?? new Map<SweptTable, Swept>();
  all.set(database, tables);
  const swept = tables.get(table) ?? { last: -Infinity, sweeping: false };
  tables.set(table, swept);
  return swept;
}

async function sweepPiece(database: Database, table: SweptTable, now: number, most: number): Promise<number> {
  const swept = sweptAt(database, table);
  if (swept.sweeping || Math.abs(now - swept.last) < SWEEP_EVERY_MS) return 0;
  swept.sweeping = true;
  try {
    const deleted = await SWEEPS[table](database, now, most);
    // More may be left: then the next row that is stored sweeps the next piece, so that rows are deleted faster than they come.
    if (deleted < most) swept.last = now;
    return deleted;
  } catch (error) {
    // Rows that have ended are not read anyway: a sign-in does not fail because of them.
    requestLog("-").warn("sweep.failed", { call: table, ...errorFields(error) });
    swept.last = now;
    return 0;
  } finally {
    swept.sweeping = false;
  }
}

/**
 * Sweeps tables at most once a minute in this process, before a row is stored in them: rows that have ended are not read, and need not cost
 * every sign-in a search. One call deletes at most one piece from all of them together, and the next call continues: nobody waits for half a
 * million rows, and no work is left behind after an answer, when a serverless host would freeze it. `now` is in milliseconds since 1970.
 */
export async function sweepOccasionally(database: Database, tables: readonly SweptTable[], now: number): Promise<void> {
  let left = MOST_AT_ONCE;
  for (const table of tables) {
    if (left > 0) left -= await sweepPiece(database, table, now, left);
  }
}
