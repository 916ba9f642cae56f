import { migrationTarget } from "@/lib/config/database-settings";
import { envReport } from "@/lib/config/env-rules";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { migrateDatabaseAt } from "@/lib/stores/migrate";
import { announceDatabase } from "@/scripts/command";
import { loadWholeEnv } from "@/scripts/load-env";

/**
 * Applies the migrations. If `DATABASE_DIRECT_URL` is set, it replaces `DATABASE_URL`: migrations take locks that belong to a connection, and
 * a pooler shares connections.
 */
async function main(): Promise<void> {
  loadWholeEnv();
  const target = migrationTarget(process.env);
  if (!target.ok) throw new Error(envReport(target.problems));
  if (!target.url)
    throw new Error("DATABASE_URL is not set. SQLite needs no migration by hand: the app migrates its own file.");
  announceDatabase(target.url, false);
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
