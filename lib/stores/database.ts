import "server-only";
import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import { getEnv } from "@/lib/env";
import { processGlobal } from "@/lib/process-global";
import { openPool } from "@/lib/stores/postgres-pool";
import type { Schema } from "@/lib/stores/schema";
import { untilUnlocked } from "@/lib/stores/until-unlocked";

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
  await untilUnlocked(() => database.pragma("journal_mode = WAL"));
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
