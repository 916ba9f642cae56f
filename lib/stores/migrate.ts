import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Migrator, type Kysely, type MigrationProvider } from "kysely";
import { retryWhileLocked, type Schema } from "@/lib/stores/database";
import { firstTables } from "@/lib/stores/migrations/0001-first-tables";
import { sweepIndexes } from "@/lib/stores/migrations/0002-sweep-indexes";

/** Named here and not read from a folder, because the bundler must find them, and a deployment has no source files. */
const migrations: MigrationProvider = {
  getMigrations: () => Promise.resolve({ "0001-first-tables": firstTables, "0002-sweep-indexes": sweepIndexes }),
};

/** Out of order too: a fork's own migrations have been applied when an update of this app brings one with a lower number. */
function migrator(db: Kysely<Schema>): Migrator {
  return new Migrator({ db, provider: migrations, allowUnorderedMigrations: true });
}

/** True if every migration has been applied. Throws if the database cannot be reached. */
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

/** Two processes may open a new SQLite file together. Kysely's lock works on Postgres only, so the second one fails. */
function isOvertaken(error: unknown): boolean {
  return error instanceof Error && /UNIQUE constraint failed: kysely_migration|already exists/.test(error.message);
}

/** Applies the missing migrations and returns their names. Throws if one fails. */
export async function migrate(db: Kysely<Schema>): Promise<string[]> {
  for (let left = TRIES; ; left--) {
    try {
      return await retryWhileLocked(() => applyMissing(db));
    } catch (error) {
      if (await isMigrated(db)) return [];
      // The other process may still have migrations to apply.
      if (left === 1 || !isOvertaken(error)) throw new Error("A migration failed", { cause: error });
    }
    await sleep(PAUSE_MS);
  }
}
