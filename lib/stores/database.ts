import "server-only";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, sql, type LogEvent, type PostgresPool } from "kysely";
import { getEnv } from "@/lib/config/env";
import { processGlobal } from "@/lib/http/process-global";
import type { ProviderId } from "@/lib/oauth/provider";
import { clockOf, machineClock, adoptClock, type DatabaseClock } from "@/lib/stores/database-clock";
import { noteDatabaseError } from "@/lib/stores/database-outage";
import { openPool } from "@/lib/stores/postgres-pool";
import { spanOfStatement } from "@/lib/stores/query-spans";
import { SqliteFile, TransactionalSqliteDialect } from "@/lib/stores/sqlite-dialect";

/** One sign-in of a browser, keyed by the SHA-256 of the id in its cookie: a reader of the table cannot sign in with it. */
export interface SessionRow {
  id_hash: string;
  user_id: string;
  /** Milliseconds since 1970, as every `_at` and `_until` column. */
  created_at: number;
  seen_at: number;
  /** The same for all sessions of one user in one browser; null for a session of an earlier version. */
  browser_hash: string | null;
}

/** One pending OAuth request, keyed by the SHA-256 of its `state`. Its table has been called `transactions` since the first migration. */
export interface OAuthRequestRow {
  state_hash: string;
  provider: ProviderId;
  user_id: string;
  sealed_verifier: string | null;
  redirect_uri: string;
  return_to: string;
  expires_at: number;
  /** The session that began it; null for a sign-in. */
  session_hash: string | null;
}

/** One connected account: its sealed tokens, and the holder of the refresh lease. */
export interface ConnectionRow {
  provider: ProviderId;
  user_id: string;
  sealed_tokens: string;
  /** Changes with every write, for compare-and-set. Random, so that a version never returns. */
  version: string;
  connected_at: number;
  updated_at: number;
  lease_holder: string | null;
  lease_until: number;
  /** After a failed refresh, no other is tried before this time. */
  cooldown_until: number;
}

/** A count of uses in one minute. */
export interface RateRow {
  key: string;
  window_start: number;
  count: number;
}

/** A version of the sale's terms that a user has accepted for an entity. Rows stay after sign-out, as proof. */
export interface EntityConsentRow {
  user_id: string;
  entity_id: string;
  version: string;
  accepted_at: number;
}

/** An acceptance from before entities were recorded. Nothing reads or writes these rows any more; they stay as proof. */
export type ConsentRow = Omit<EntityConsentRow, "entity_id">;

/** Something that a user did: see `lib/audit.ts`. Rows are appended, and removed by age only. */
export interface AuditRow {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  event: string;
  user_id: string;
  /** A keyed hash of the visitor's network address; `null`: unknown. */
  address_hmac: string | null;
  /** As in the log, "-" outside of a request. */
  request_id: string;
  /** The further fields of an `AuditEvent`, as JSON. */
  details: string;
}

/** A setting that an operator changes while the servers run; see `lib/stores/settings.ts`. */
export interface SettingRow {
  key: string;
  value: string;
  updated_at: number;
}

/** The tables, for Kysely. */
export interface Schema {
  sessions: SessionRow;
  transactions: OAuthRequestRow;
  connections: ConnectionRow;
  rates: RateRow;
  consents: ConsentRow;
  entity_consents: EntityConsentRow;
  audit: AuditRow;
  settings: SettingRow;
}

const TRIES = 20;
const PAUSE_MS = 100;

/** The later forms come from two processes that migrate a new SQLite file together: Kysely's lock works on Postgres only. */
function isContention(error: unknown): boolean {
  const forms = /database is locked|SQLITE_BUSY|UNIQUE constraint failed: kysely_migration|already exists/;
  return error instanceof Error && forms.test(error.message);
}

/**
 * Repeats `work` while it fails because another process is at the same, for two seconds in addition to its own time. The busy timeout of
 * SQLite is not enough: if waiting could be a deadlock, SQLite refuses at once (https://sqlite.org/c3ref/busy_handler.html), as happens when
 * two processes open a new file together.
 */
export async function retryOnContention<T>(
  work: () => T | Promise<T>,
  pause: () => unknown = () => sleep(PAUSE_MS),
): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !isContention(error)) throw error;
    }
    await pause();
  }
}

/** An open database and its engine: the two engines differ in one locking clause (see `lib/token-store.ts`). */
export interface Database {
  engine: "sqlite" | "postgres";
  /** Its `destroy` closes the whole database. */
  kysely: Kysely<Schema>;
  /**
   * For the few writes that keep connections alive: rotated tokens, and the leases under which they are asked for. On Postgres they have a
   * connection of their own. Behind a crowd that comes back after an outage, they would come so late that another instance takes the lease, and
   * presents a refresh token that was used already (RFC 9700 section 4.14.2).
   */
  urgent: Kysely<Schema>;
  /** What expires is compared with its time, on every instance. */
  clock: DatabaseClock;
}

/** Options for opening a database. */
interface OpenOptions {
  /** Time limit of one statement on Postgres, in milliseconds; 0: none. Default: 5000. */
  queryTimeoutMs?: number;
}

async function readTime(db: Kysely<Schema>): Promise<number> {
  // Not `now()`, which stands still within a transaction.
  const statement = sql<{ now: number }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  const { rows } = await statement.execute(db);
  return rows[0]?.now ?? Date.now();
}

/** Five connections together. The urgent one is given up sooner, so that it is tried again while a lease that is over is still watched. */
const POOLS = { usual: { max: 4, waitMs: 5_000 }, urgent: { max: 1, waitMs: 2_000 } };

/** Of every statement: a span, and the outage that it has met. */
function watchStatements(system: "postgresql" | "sqlite") {
  const addSpan = spanOfStatement(system);
  return (event: LogEvent): void => {
    addSpan(event);
    if (event.level === "error") noteDatabaseError(event.error);
  };
}

async function openPostgres(url: string, { queryTimeoutMs = 5_000 }: OpenOptions): Promise<Database> {
  const usual = await openPool(url, { ...POOLS.usual, queryTimeoutMs });
  const urgentPool = await openPool(url, { ...POOLS.urgent, queryTimeoutMs });
  const pool: PostgresPool = {
    connect: () => usual.connect(),
    end: async () => void (await Promise.all([usual.end(), urgentPool.end()])),
  };
  const log = watchStatements("postgresql");
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), log });
  const urgent = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: urgentPool }), log });
  return { engine: "postgres", kysely, urgent, clock: clockOf(() => readTime(kysely)) };
}

/**
 * Makes a new file readable by its owner only, whatever folder it is in: it has the audit table and sealed tokens. SQLite gives `-wal` and `-shm`
 * the mode of the file. One that is there keeps its mode, on which another user's process may rely.
 */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, "ax", 0o600));
  } catch {
    // It is there, or cannot be made: the database says so itself.
  }
}

/**
 * libsql looks into Node's report for this system's C library. For the report, Node asks the name server on its only thread who each of its
 * connections belongs to: with a name server that does not answer, a process that starts while a hundred clients wait stood still for 24 s (issue 13).
 */
function reportNoConnections(): void {
  Object.assign(process.report, { excludeNetwork: true });
}

async function openSqlite(path: string): Promise<Database> {
  reportNoConnections();
  const { default: Libsql } = await import("libsql");
  const inMemory = path === ":memory:";
  const file = inMemory ? path : resolve(/* turbopackIgnore: true */ path);
  if (!inMemory) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    createPrivately(file);
  }
  const database = new SqliteFile(() => {
    // The default busy timeout is 0: if several processes use one file, writes would fail at once.
    const connection = new Libsql(file, { timeout: 1_000 });
    connection.exec("pragma synchronous = NORMAL");
    return connection;
  });
  await retryOnContention(() => database.exec("pragma journal_mode = WAL"));
  const dialect = new TransactionalSqliteDialect(database);
  const kysely = new Kysely<Schema>({ dialect, log: watchStatements("sqlite") });
  // A file has one connection in a process, which waits for nobody else's work.
  return { engine: "sqlite", kysely, urgent: kysely, clock: machineClock };
}

/** Opens `postgres://...`, `file:path` or `file::memory:`. The caller closes it with `kysely.destroy()`. */
export function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  return url.startsWith("file:") ? openSqlite(url.slice("file:".length)) : openPostgres(url, options);
}

interface Slot {
  opened?: Promise<Database>;
}

function databaseSlot(): Slot {
  return processGlobal<Slot>("database", () => ({}));
}

/** This process's database, opened at first use, with a clock that can be relied on. If opening fails, the next call tries again. */
export async function getDatabase(): Promise<Database> {
  const database = await openedDatabase();
  adoptClock(database.clock);
  await database.clock.settle();
  return database;
}

function openedDatabase(): Promise<Database> {
  const slot = databaseSlot();
  slot.opened ??= openDatabase(getEnv().databaseUrl).catch((error: unknown) => {
    delete slot.opened;
    throw error;
  });
  return slot.opened;
}

/** Closes this process's database, if it was opened: when the process ends. Never rejects. */
export async function closeDatabase(): Promise<void> {
  const database = await databaseSlot().opened?.catch(() => undefined);
  await database?.kysely.destroy().catch(() => undefined);
}
