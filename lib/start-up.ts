import "server-only";
import { environmentCheck, envReport, type Env } from "@/lib/config/env";
import { keepConnections } from "@/lib/http/server-connections";
import { processGlobal } from "@/lib/http/process-global";
import { startSandbox } from "@/lib/start-sandbox";
import { getDatabase } from "@/lib/stores/database";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { isMigrated, migrate, migratePostgres } from "@/lib/stores/migrate";

/**
 * A SQLite file is migrated by the app that opens it. A Postgres, which several apps may use, is migrated by `npm run db:migrate`, or by the
 * first server that starts where MIGRATE_ON_START is set.
 */
async function prepareDatabase({ migrateOnStart, migrationUrl, databaseUrl }: Env): Promise<void> {
  const { engine, kysely } = await getDatabase();
  if (engine === "sqlite") {
    await migrate(kysely);
  } else if (!(await explained("DATABASE_URL", isMigrated(kysely)))) {
    if (!migrateOnStart)
      throw new Error("The database lacks migrations: run `npm run db:migrate` first, or set MIGRATE_ON_START=1.");
    const variable = migrationUrl === databaseUrl ? "DATABASE_URL" : "DATABASE_DIRECT_URL";
    await explained(variable, migratePostgres(migrationUrl));
  }
}

/** Whoever starts the server reads the error, and needs to know what to change. */
function explained<T>(variable: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new Error(databaseProblem(variable, error), { cause: error });
  });
}

/**
 * Runs once when a server process starts. In production, a problem is printed and ends the process (an error thrown here would leave it
 * running, answering 500); in development a page shows configuration problems.
 */
export async function startUp(): Promise<void> {
  releaseAbortStacks();
  const check = environmentCheck();
  try {
    if (!check.ok) return stop(envReport(check.problems));
    processGlobal("connections", () => keepConnections(check.env.keepAliveSeconds));
    await prepareDatabase(check.env);
    if (check.env.sandbox) await startSandbox(check.env, check.env.sandbox);
  } catch (error) {
    stop(error instanceof Error ? error.message : String(error));
  }
}

function stop(explanation: string): void {
  process.stderr.write(`${explanation}\n`);
  if (process.env.NODE_ENV === "production") process.exit(1);
}

/** Makes V8 turn the frames of an unread stack into text, so that the frames and all that they refer to can be collected. */
function formatStack(reason: unknown): void {
  if (reason instanceof Error) void reason.stack;
}

/**
 * Keeps the reason of an aborted signal from holding requests that have ended. After every render React aborts a controller of its own
 * with an `Error` (react/react#37288). While the stack of that error is unread, it holds the `Immediate` that ran the render and, on Node
 * before 24.20, through its neighbours in the queue the stores of other requests (nodejs/node#66129): with overlapping page loads, no memory
 * is released, and a server with little memory dies within minutes. `tests/integration/app-overlapping-loads.test.ts` tells when this can be removed.
 */
function releaseAbortStacks(): void {
  processGlobal("abort-stacks", () => {
    const { abort } = AbortController.prototype;
    AbortController.prototype.abort = function abortAndRelease(reason?: unknown) {
      abort.call(this, reason);
      // This covers the reason that the platform makes if none is given.
      formatStack(this.signal.reason);
    };
    return true;
  });
}
