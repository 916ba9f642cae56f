import "server-only";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import { getEnv } from "@/lib/config/env";
import { processGlobal } from "@/lib/http/process-global";
import type { ProviderId } from "@/lib/oauth/provider";
import { openPool } from "@/lib/stores/postgres-pool";

/** One signed-in browser, keyed by the SHA-256 of the id in its cookie: a reader of the table cannot sign in with it. */
export interface SessionRow {
  id_hash: string;
  user_id: string;
  /** Milliseconds since 1970, as every `_at` and `_until` column. */
  created_at: number;
  seen_at: number;
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

/** The tables, for Kysely. */
export interface Schema {
  sessions: SessionRow;
  transactions: OAuthRequestRow;
  connections: ConnectionRow;
  rates: RateRow;
  consents: ConsentRow;
  entity_consents: EntityConsentRow;
}

const TRIES = 20;
const PAUSE_MS = 100;

/** The second form comes from two processes that migrate a new SQLite file together: Kysely's lock works on Postgres only. */
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
  kysely: Kysely<Schema>;
}

/** Options for opening a database. */
interface OpenOptions {
  /** Time limit of one statement on Postgres, in milliseconds; 0: none. Default: 5000. */
  queryTimeoutMs?: number;
}

async function openPostgres(url: string, { queryTimeoutMs = 5_000 }: OpenOptions): Promise<Database> {
  const pool = await openPool(url, queryTimeoutMs);
  return { engine: "postgres", kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }) };
}

async function openSqlite(path: string): Promise<Database> {
  const { default: Libsql } = await import("libsql");
  const inMemory = path === ":memory:";
  const file = inMemory ? path : resolve(/* turbopackIgnore: true */ path);
  if (!inMemory) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // The default busy timeout is 0: if several processes use one file, writes would fail at once.
  const database = new Libsql(file, { timeout: 1_000 });
  await retryOnContention(() => database.pragma("journal_mode = WAL"));
  database.pragma("synchronous = NORMAL");
  return { engine: "sqlite", kysely: new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }) };
}

/** Opens `postgres://...`, `file:path` or `file::memory:`. The caller closes it with `kysely.destroy()`. */
export function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  return url.startsWith("file:") ? openSqlite(url.slice("file:".length)) : openPostgres(url, options);
}

/** This process's database, opened at first use. If opening fails, the next call tries again. */
export function getDatabase(): Promise<Database> {
  const slot = processGlobal<{ opened?: Promise<Database> }>("database", () => ({}));
  slot.opened ??= openDatabase(getEnv().databaseUrl).catch((error: unknown) => {
    delete slot.opened;
    throw error;
  });
  return slot.opened;
}

/** Interval in which one process sweeps one table (milliseconds). */
const SWEEP_EVERY_MS = 60_000;

/**
 * Runs a sweep at most once a minute in this process: rows that have ended are not read anyway, and need not cost every sign-in a search.
 * `now` is in milliseconds since 1970.
 */
export async function sweepOccasionally(
  database: Database,
  table: string,
  now: number,
  sweep: () => Promise<unknown>,
): Promise<void> {
  const all = processGlobal("sweeps", () => new WeakMap<Database, Map<string, number>>());
  const last = all.get(database) ?? new Map<string, number>();
  all.set(database, last);
  if (Math.abs(now - (last.get(table) ?? -Infinity)) < SWEEP_EVERY_MS) return;
  last.set(table, now);
  await sweep();
}
