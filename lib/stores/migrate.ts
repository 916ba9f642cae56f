import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { Migrator, sql, type Kysely, type Migration } from "kysely";
import { errorFields } from "@/lib/http/log";
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
function migrator(db: Kysely<Schema>, toApply = migrations): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(toApply) },
    allowUnorderedMigrations: true,
  });
}

/** True if every migration has been applied. Throws if the database cannot be reached. */
export async function isMigrated(db: Kysely<Schema>): Promise<boolean> {
  const all = await migrator(db).getMigrations();
  return all.every((migration) => migration.executedAt !== undefined);
}

async function applyMissing(db: Kysely<Schema>, toApply?: typeof migrations): Promise<string[]> {
  const { error, results } = await migrator(db, toApply).migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error("Migrating failed", { cause: error });
  return (results ?? []).filter(({ status }) => status === "Success").map(({ migrationName }) => migrationName);
}

/** Applies the missing migrations and returns their names. Throws if one fails. */
export function migrate(db: Kysely<Schema>, toApply?: typeof migrations): Promise<string[]> {
  return retryOnContention(async () => {
    try {
      return await applyMissing(db, toApply);
    } catch (error) {
      // Another process may have applied them meanwhile.
      if (await isMigrated(db)) return [];
      throw error;
    }
  });
}

/** Waiting for a table, and the time between two attempts, in which its readers get on (milliseconds). */
const TABLE_WAIT_MS = 1_000;
const PAUSE_MS = 1_000;

/**
 * Whoever reads a table waits behind a change of it, and the change behind everybody who has read it: without a limit, a backup would take the
 * site down for as long as it lasts. The limit begins after the migrations' own lock, for which other processes may wait.
 */
function withTableWait({ up, ...others }: Migration): Migration {
  const limit = sql.raw(`set local lock_timeout = ${TABLE_WAIT_MS}`);
  return { ...others, up: async (db: Kysely<unknown>) => (await limit.execute(db), up(db)) };
}

const waiting = Object.fromEntries(Object.entries(migrations).map(([name, each]) => [name, withTableWait(each)]));

/** SQLSTATE lock_not_available. */
function isTableHeld(error: unknown): boolean {
  return errorFields(error).errorCode === "55P03";
}

/** Options of a migration. */
export interface MigrateOptions {
  /** Attempts to change a table that another transaction holds. */
  attempts?: number;
  /** Called before each further attempt. */
  onWait?: () => void;
}

/**
 * Migrates a database over a connection of its own, and returns the names of the migrations applied. Of several processes at once, one
 * applies them under a lock of the database, and the others wait for it. No time limit: an index on a large table takes long, and if the
 * client gave up, the server would continue unrecorded. Only a table that another transaction holds is given up, after about two minutes.
 */
export async function migrateDatabaseAt(
  url: string,
  { attempts = 60, onWait }: MigrateOptions = {},
): Promise<string[]> {
  const { kysely, engine } = await openDatabase(url, { queryTimeoutMs: 0 });
  const toApply = engine === "postgres" ? waiting : migrations;
  try {
    for (let left = attempts; ; left -= 1) {
      try {
        return await migrate(kysely, toApply);
      } catch (error) {
        if (left === 1 || !isTableHeld(error)) throw error;
      }
      onWait?.();
      await sleep(PAUSE_MS);
    }
  } finally {
    await kysely.destroy();
  }
}
