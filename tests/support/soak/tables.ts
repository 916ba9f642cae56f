import { sql } from "kysely";
import type { Database } from "@/lib/stores/database";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Rows that have ended long before a soak, so that sweeping shows. */
const SEEDED = 3_000;

/** The tables whose rows end, and the mark of seeded rows. */
const MARK = "soak-ended-";

/** Stores rows that have ended already in every table that is swept. */
export async function seedEndedRows({ kysely: db }: Database): Promise<void> {
  const ended = Date.now() - 30 * DAY_MS;
  const names = Array.from({ length: SEEDED }, (_, index) => `${MARK}${index}`);
  for (let at = 0; at < SEEDED; at += 500) {
    const some = names.slice(at, at + 500);
    await db
      .insertInto("sessions")
      .values(some.map((name) => ({ id_hash: name, user_id: name, created_at: ended, seen_at: ended })))
      .execute();
    await db
      .insertInto("rates")
      .values(some.map((key) => ({ key, window_start: ended, count: 1 })))
      .execute();
    await db
      .insertInto("transactions")
      .values(
        some.map((name) => ({
          state_hash: name,
          provider: "sonar",
          user_id: name,
          sealed_verifier: null,
          redirect_uri: "",
          return_to: "/",
          expires_at: ended,
          session_hash: null,
        })),
      )
      .execute();
    await db
      .insertInto("connections")
      .values(
        some.map((name) => ({
          provider: "sonar",
          user_id: name,
          sealed_tokens: "",
          version: name,
          connected_at: ended,
          updated_at: ended,
          lease_holder: null,
          lease_until: 0,
          cooldown_until: 0,
        })),
      )
      .execute();
  }
}

/** The state of the tables after a soak. */
export interface TableFigures {
  /** Rows by table. */
  rows: Record<string, number>;
  /** See `SoakFacts`. */
  leftovers: Record<string, number>;
}

async function count(db: Database["kysely"], condition: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${condition}`.execute(db);
  return rows[0]?.count ?? 0;
}

const TABLES = ["sessions", "connections", "transactions", "rates", "entity_consents", "audit"] as const;

/** An instance that nobody asks for a minute sweeps nothing, so that counts of the last minutes stay (milliseconds). */
const RATES_KEPT_MS = 5 * 60_000;

/**
 * Counts rows, and those that should have been removed by the site's own sweeping. `calmSince`: when the last fault ended (Unix milliseconds). A
 * sign-out whose database fails leaves its connection until it expires, with whatever lease it has; only those of users who were there since count.
 */
export async function readTables({ kysely: db }: Database, calmSince: number): Promise<TableFigures> {
  const rows: Record<string, number> = {};
  for (const table of TABLES) rows[table] = await count(db, sql`${sql.table(table)}`);
  const seeded = (table: string, column: string) =>
    count(db, sql`${sql.table(table)} where ${sql.ref(column)} like ${`${MARK}%`}`);
  return {
    rows,
    leftovers: {
      "sessions that had ended": await seeded("sessions", "id_hash"),
      "connections that had ended": await seeded("connections", "user_id"),
      "requests that had ended": await seeded("transactions", "state_hash"),
      "counts that had ended": await count(
        db,
        sql`rates where window_start < ${Date.now() - RATES_KEPT_MS} and key not like 'readiness %'`,
      ),
      "leases that nobody ends": await count(
        db,
        sql`connections where lease_until > 0 and exists (
          select 1 from sessions where sessions.user_id = connections.user_id and seen_at > ${calmSince})`,
      ),
    },
  };
}
