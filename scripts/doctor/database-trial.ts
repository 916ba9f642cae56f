import { randomUUID } from "node:crypto";
import { sql, type Kysely } from "kysely";
import { errorFields } from "@/lib/http/log";
import { withTimeout } from "@/lib/http/deadline";
import { writeProbeRow } from "@/lib/http/readiness";
import type { Database, Schema } from "@/lib/stores/database";
import { databaseRemedy } from "@/lib/stores/database-remedies";
import { operatorRightsMissing, rightsMissing } from "@/lib/stores/rights";
import { fix, note, type Finding } from "@/scripts/doctor/finding";

/** Connections that are looked at at the same time: behind a pooler, some can be of before a fail-over, and others of after it. */
const LOOKED_AT = 4;

/** Seconds for which each is held, so that a pooler gives another one to each question. */
const HELD_S = 0.2;

/** Which of a database's connections take no writes. */
export async function readOnlyConnections({ kysely }: Database): Promise<"none" | "some" | "all"> {
  const look = () =>
    sql<{ only: string }>`select current_setting('transaction_read_only') as only, pg_sleep(${HELD_S})`.execute(kysely);
  const answers = await Promise.all(Array.from({ length: LOOKED_AT }, look));
  const only = answers.filter(({ rows }) => rows[0]?.only === "on").length;
  if (only === 0) return "none";
  return only === LOOKED_AT ? "all" : "some";
}

/** Text that does not get much smaller when it is compressed: about a megabyte, for which a table needs new pages. */
const MUCH_TEXT = {
  postgres: sql<string>`(select string_agg(md5(random()::text), '') from generate_series(1, 32768))`,
  sqlite: sql<string>`hex(randomblob(524288))`,
};

/** One statement for each table that the app uses, of rows that nobody else has. */
function attempts(db: Kysely<Schema>, engine: Database["engine"]): Readonly<Record<string, () => Promise<unknown>>> {
  const name = `doctor-${randomUUID()}`;
  const tokens = { user_id: name, provider: "sonar" as const };
  const request = { ...tokens, state_hash: name, sealed_verifier: null, redirect_uri: "", return_to: "/" };
  const connection = { ...tokens, sealed_tokens: "", version: name, lease_holder: null };
  const times = { connected_at: 0, updated_at: 0, lease_until: 0, cooldown_until: 0 };
  const event = { id: name, at: 0, event: "doctor", user_id: name, address_hmac: null, request_id: "-" };
  return {
    sessions: () =>
      db
        .insertInto("sessions")
        .values({ id_hash: name, user_id: name, created_at: 0, seen_at: 0, browser_hash: null })
        .execute(),
    transactions: () =>
      db
        .insertInto("transactions")
        .values({ ...request, expires_at: 0, session_hash: null })
        .execute(),
    connections: () =>
      db
        .insertInto("connections")
        .values({ ...connection, ...times })
        .execute(),
    rates: () => db.insertInto("rates").values({ key: name, window_start: 0, count: 1 }).execute(),
    entity_consents: () =>
      db
        .insertInto("entity_consents")
        .values({ user_id: name, entity_id: name, version: "", accepted_at: 0 })
        .execute(),
    settings: () => db.selectFrom("settings").select("key").limit(1).execute(),
    audit: () =>
      db
        .insertInto("audit")
        .values({ ...event, details: MUCH_TEXT[engine] })
        .execute(),
  };
}

/** What is said of a SQLite file whose lock another process holds: no transaction begins meanwhile. */
function lockedText(error: unknown): string | undefined {
  const code = errorFields(error).errorCode ?? "";
  return code.startsWith("SQLITE_BUSY")
    ? `but another process keeps it locked. End that one, or wait for it. (${code})`
    : undefined;
}

function faultText(table: string, error: unknown): string {
  const code = errorFields(error).errorCode ?? "";
  if (/^(55P03|57014)$/.test(code))
    return `but its table ${table} does not answer: somebody holds a lock. Look for it in pg_stat_activity ("The database is slow" in docs/operation.md). (${code})`;
  if (/^(53[12]00|SQLITE_FULL)$/.test(code))
    return `but it has no room for a row of ${table}: free space on its disk, or enlarge it ("The database is full" in docs/operation.md). (${code})`;
  return lockedText(error) ?? `but its table ${table} cannot be used: ${databaseRemedy(error)}`;
}

/** A transaction, or what is said where none begins. */
function begin({ kysely }: Database) {
  return kysely
    .startTransaction()
    .execute()
    .catch((error: unknown) => {
      const locked = lockedText(error);
      if (locked === undefined) throw error;
      return locked;
    });
}

async function tryEach(database: Database, patienceMs: number): Promise<string | undefined> {
  const transaction = await begin(database);
  if (typeof transaction === "string") return transaction;
  try {
    if (database.engine === "postgres") {
      await sql`set local lock_timeout = ${sql.lit(Math.round(patienceMs / 4))}`.execute(transaction);
      await sql`set local statement_timeout = ${sql.lit(Math.round(patienceMs / 2))}`.execute(transaction);
    }
    for (const [table, attempt] of Object.entries(attempts(transaction, database.engine))) {
      try {
        await attempt();
      } catch (error) {
        return faultText(table, error);
      }
    }
    return undefined;
  } finally {
    await transaction.rollback().execute();
  }
}

const NO_COMMIT =
  'but a commit gets no answer: it waits for a standby that is gone (SyncRep in pg_stat_activity). Bring the standby back, or take it out of synchronous_standby_names ("The database is full or read-only" in docs/operation.md).';

/** What was rolled back has never waited for a standby, so the row of readiness is committed. */
async function tryCommit(database: Database): Promise<string | undefined> {
  try {
    await writeProbeRow(database, Date.now());
    return undefined;
  } catch (error) {
    return errorFields(error).errorCode === undefined ? NO_COMMIT : faultText("rates", error);
  }
}

const TOO_LONG = "but it does not finish a few small writes in time. Look at its load, its disk and its locks.";

/**
 * What of the app's work does not succeed: it uses every table as the app does, writes a megabyte, and rolls all of that back. Then it commits the row
 * that readiness writes. Reading tells neither a full disk nor a lock nor a lacking right, and no rollback tells what a commit waits for.
 */
export async function trialFindings(
  database: Database,
  { subject, reached, patienceMs }: { subject: string; reached: string; patienceMs: number },
): Promise<Finding[]> {
  const missing = await rightsMissing(database);
  if (missing.length > 0)
    return [
      fix(
        subject,
        `${reached}, and migrated, but its user lacks rights: ${missing.join("; ")}. Grant them ("A user of its own" in docs/going-live.md).`,
      ),
    ];
  const inTime = async (work: Promise<string | undefined>, late: string) =>
    (
      (await withTimeout(
        patienceMs,
        work.then((fault) => ({ fault })),
      )) ?? { fault: late }
    ).fault;
  const fault =
    (await inTime(tryEach(database, patienceMs), TOO_LONG)) ?? (await inTime(tryCommit(database), NO_COMMIT));
  if (fault !== undefined) return [fix(subject, `${reached}, and migrated, ${fault}`)];
  const further = await operatorRightsMissing(database);
  if (further.length === 0) return [];
  return [
    note(
      subject,
      `its user lacks rights that commands of an operator and the removal of old rows need: ${further.join("; ")}.`,
    ),
  ];
}
