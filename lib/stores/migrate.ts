import "server-only";
import { Migrator, type Kysely, type Migration } from "kysely";
import { openDatabase, retryOnContention, type Schema } from "@/lib/stores/database";
import { firstTables } from "@/lib/stores/migrations/0001-first-tables";
import { sweepIndexes } from "@/lib/stores/migrations/0002-sweep-indexes";
import { consents } from "@/lib/stores/migrations/0003-consents";
import { entityConsents } from "@/lib/stores/migrations/0004-entity-consents";
import { audit } from "@/lib/stores/migrations/0005-audit";
import { sessionBoundRequests } from "@/lib/stores/migrations/0006-session-bound-requests";
import { settings } from "@/lib/stores/migrations/0007-settings";
import { requestLimits } from "@/lib/stores/migrations/0008-request-limits";
import { browsersOfSessions } from "@/lib/stores/migrations/0009-browsers-of-sessions";

/** Named here and not read from a folder, because the bundler must find them, and a deployment has no source files. */
const migrations: Record<string, Migration> = {
  "0001-first-tables": firstTables,
  "0002-sweep-indexes": sweepIndexes,
  "0003-consents": consents,
  "0004-entity-consents": entityConsents,
  "0005-audit": audit,
  "0006-session-bound-requests": sessionBoundRequests,
  "0007-settings": settings,
  "0008-request-limits": requestLimits,
  "0009-browsers-of-sessions": browsersOfSessions,
};

/** The names of all migrations, as `kysely_migration` lists them once they have been applied. */
export const MIGRATION_NAMES: readonly string[] = Object.keys(migrations);

/** Out of order too: a fork's own migrations have been applied when an update of this app brings one with a lower number. */
function migrator(db: Kysely<Schema>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    allowUnorderedMigrations: true,
  });
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

/** Applies the missing migrations and returns their names. Throws if one fails. */
export function migrate(db: Kysely<Schema>): Promise<string[]> {
  return retryOnContention(async () => {
    try {
      return await applyMissing(db);
    } catch (error) {
      // Another process may have applied them meanwhile.
      if (await isMigrated(db)) return [];
      throw error;
    }
  });
}

/**
 * Migrates a Postgres over a connection of its own, and returns the names of the migrations applied. Of several processes at once, one
 * applies them under a lock of the database, and the others wait for it. No time limit: an index on a large table takes long, and if the
 * client gave up, the server would continue unrecorded.
 */
export async function migratePostgres(url: string): Promise<string[]> {
  const { kysely } = await openDatabase(url, { queryTimeoutMs: 0 });
  return migrate(kysely).finally(() => kysely.destroy());
}
