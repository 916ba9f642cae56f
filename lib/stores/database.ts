import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import type { ProviderId } from "@/lib/oauth/provider";
import { getEnv } from "@/lib/config/env";
import { processGlobal } from "@/lib/http/process-global";
import { openPool } from "@/lib/stores/postgres-pool";

/** One signed-in browser. Keyed by the SHA-256 of the id in its cookie: who reads the table cannot sign in with it. */
export interface SessionRow {
  id_hash: string;
  user_id: string;
  /** Milliseconds since 1970, as every `_at` and `_until` column. */
  created_at: number;
  seen_at: number;
}

/** One authorization under way, between "connect" and the callback. Keyed by the SHA-256 of its `state`. */
export interface OAuthRequestRow {
  state_hash: string;
  provider: ProviderId;
  user_id: string;
  sealed_verifier: string | null;
  redirect_uri: string;
  return_to: string;
  expires_at: number;
}

/** One connected account: its sealed tokens and who is refreshing them. */
export interface ConnectionRow {
  provider: ProviderId;
  user_id: string;
  sealed_tokens: string;
  /** Changes with every write; compare-and-set goes by it. Random, so that a version never comes back. */
  version: string;
  connected_at: number;
  updated_at: number;
  lease_holder: string | null;
  lease_until: number;
  /** No refresh is tried before this time, after one failed. */
  cooldown_until: number;
}

/** How often something was done in the current minute. */
export interface RateRow {
  key: string;
  window_start: number;
  count: number;
}

/** The tables, for Kysely. */
export interface Schema {
  sessions: SessionRow;
  transactions: OAuthRequestRow;
  connections: ConnectionRow;
  rates: RateRow;
}

const TRIES = 20;
const PAUSE_MS = 100;

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked|SQLITE_BUSY/.test(error.message);
}

/**
 * Does `work` again while it fails on a lock of SQLite, for two seconds beside the time it takes itself. The busy timeout is not enough: where
 * waiting could be a deadlock, SQLite refuses at once (https://sqlite.org/c3ref/busy_handler.html), and two processes that open a new
 * file together meet just that.
 */
export async function retryWhileLocked<T>(
  work: () => T | Promise<T>,
  pause: () => unknown = () => sleep(PAUSE_MS),
): Promise<T> {
  for (let left = TRIES; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !isLocked(error)) throw error;
    }
    await pause();
  }
}

/** An open database and which engine it is: the two differ in one locking clause (see `sql-token-store.ts`). */
export interface Database {
  engine: "sqlite" | "postgres";
  kysely: Kysely<Schema>;
}

/** How a database is opened. */
interface OpenOptions {
  /** How long one statement may take on Postgres, in milliseconds; 0: as long as it takes. Default: 5000. */
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
  // The default busy timeout is 0: with several processes on one file, writes would fail at once.
  const database = new Libsql(file, { timeout: 1_000 });
  await retryWhileLocked(() => database.pragma("journal_mode = WAL"));
  database.pragma("synchronous = NORMAL");
  return { engine: "sqlite", kysely: new Kysely<Schema>({ dialect: new SqliteDialect({ database }) }) };
}

/** Opens `postgres://...`, `file:path` or `file::memory:`. The caller closes it with `kysely.destroy()`. */
export function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  return url.startsWith("file:") ? openSqlite(url.slice("file:".length)) : openPostgres(url, options);
}

/** This process's database, opened at first use. A failed opening is not kept: the next call tries again. */
export function getDatabase(): Promise<Database> {
  const slot = processGlobal<{ opened?: Promise<Database> }>("database", () => ({}));
  slot.opened ??= openDatabase(getEnv().databaseUrl).catch((error: unknown) => {
    delete slot.opened;
    throw error;
  });
  return slot.opened;
}

/** How often one process sweeps one table (milliseconds). */
const SWEEP_EVERY_MS = 60_000;

/**
 * Runs a sweep in passing, at most once a minute in this process: what has ended is not read anyway, and need not cost every sign-in a
 * search. `now` is in milliseconds since 1970.
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
