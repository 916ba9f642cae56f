import { migrationTarget } from "@/lib/config/database-settings";
import { envReport } from "@/lib/config/env-rules";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { migrateDatabaseAt } from "@/lib/stores/migrate";
import { announceDatabase, requireDatabaseFile } from "@/scripts/command";
import { loadWholeEnv } from "@/scripts/load-env";

/**
 * Applies the migrations. If `DATABASE_DIRECT_URL` is set, it replaces `DATABASE_URL`: migrations take locks that belong to a connection, and
 * a pooler shares connections. With neither, only a file that is there is migrated: a restored backup, before an instance can be reached.
 */
async function main(): Promise<void> {
  loadWholeEnv();
  const target = migrationTarget(process.env);
  if (!target.ok) throw new Error(envReport(target.problems));
  announceDatabase(target.url, target.isDefault);
  if (target.isDefault) requireDatabaseFile(target.url);
  let hasSaid = false;
  const onWait = () => {
    if (!hasSaid) console.error("Another transaction holds a table that has to be changed, such as a backup. Waiting.");
    hasSaid = true;
  };
  const applied = await migrateDatabaseAt(target.url, { onWait }).catch((error: unknown) => {
    throw new Error(databaseProblem(target.variable, error), { cause: error });
  });
  console.log(applied.length > 0 ? `Applied: ${applied.join(", ")}` : "The database is up to date.");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
