import "server-only";
import { Migrator, type Kysely, type MigrationProvider } from "kysely";
import { firstTables } from "@/lib/stores/migrations/0001-first-tables";
import { sweepIndexes } from "@/lib/stores/migrations/0002-sweep-indexes";
import type { Schema } from "@/lib/stores/schema";
import { untilUnlocked } from "@/lib/stores/until-unlocked";

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

/** Applies the migrations that are missing; returns their names. Throws when one fails. */
export async function migrate(db: Kysely<Schema>): Promise<string[]> {
  try {
    return await untilUnlocked(() => applyMissing(db));
  } catch (error) {
    // Two processes that open a new SQLite file together: Kysely's lock is Postgres-only, so one of them comes second.
    if (await isMigrated(db)) return [];
    throw new Error("A migration failed", { cause: error });
  }
}
