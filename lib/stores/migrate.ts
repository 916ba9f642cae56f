import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Migrator, type Kysely, type MigrationProvider } from "kysely";
import { firstTables } from "@/lib/stores/migrations/0001-first-tables";
import { sweepIndexes } from "@/lib/stores/migrations/0002-sweep-indexes";
import { retryWhileLocked, getDatabase, type Schema } from "@/lib/stores/database";
import { processGlobal } from "@/lib/http/process-global";

/** Named by hand rather than read from a folder: the bundler must find them, and a deployment has no source files. */
const migrations: MigrationProvider = {
  getMigrations: () => Promise.resolve({ "0001-first-tables": firstTables, "0002-sweep-indexes": sweepIndexes }),
};

function migrator(db: Kysely<Schema>): Migrator {
  return new Migrator({ db, provider: migrations });
}

/** Whether every migration has been applied. Throws where the database cannot be reached. */
export async function isMigrated(db: Kysely<Schema>): Promise<boolean> {
  const all = await migrator(db).getMigrations();
  return all.every((migration) => migration.executedAt !== undefined);
}

async function applyMissing(db: Kysely<Schema>): Promise<string[]> {
  const { error, results } = await migrator(db).migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error("Migrating failed", { cause: error });
  return (results ?? []).filter(({ status }) => status === "Success").map(({ migrationName }) => migrationName);
}

const TRIES = 20;
const PAUSE_MS = 100;

/** Two processes that open a new SQLite file together: Kysely's lock is Postgres-only, so one of them comes second. */
function isOvertaken(error: unknown): boolean {
  return error instanceof Error && /UNIQUE constraint failed: kysely_migration|already exists/.test(error.message);
}

/** Applies the migrations that are missing; returns their names. Throws when one fails. */
export async function migrate(db: Kysely<Schema>): Promise<string[]> {
  for (let left = TRIES; ; left--) {
    try {
      return await retryWhileLocked(() => applyMissing(db));
    } catch (error) {
      if (await isMigrated(db)) return [];
      // The other process may have more of them to apply.
      if (left === 1 || !isOvertaken(error)) throw new Error("A migration failed", { cause: error });
    }
    await sleep(PAUSE_MS);
  }
}

/** How long a good answer is good for (milliseconds): anybody may ask, and each look at the migrations reads the database's schema. */
const GOOD_FOR_MS = 3_000;

interface Readiness {
  /** Milliseconds since 1970. */
  goodUntil: number;
  looking?: Promise<boolean>;
}

async function look(): Promise<boolean> {
  try {
    return await isMigrated((await getDatabase()).kysely);
  } catch {
    return false;
  }
}

/** Whether the database answers and has every migration; a good answer is repeated for three seconds, a bad one is not. */
export async function isReady(now: () => number = Date.now): Promise<boolean> {
  const known = processGlobal<Readiness>("readiness", () => ({ goodUntil: 0 }));
  if (now() < known.goodUntil) return true;
  known.looking ??= look().finally(() => delete known.looking);
  const ready = await known.looking;
  if (ready) known.goodUntil = now() + GOOD_FOR_MS;
  return ready;
}
