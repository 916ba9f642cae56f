import "server-only";
import { environmentCheck, type Env } from "@/lib/config/env";
import { envReport } from "@/lib/config/env-rules";
import { limitArrival, limitConnections } from "@/lib/http/arrival-limits";
import { logInsteadOfConsole } from "@/lib/http/framework-lines";
import { equipServer, type AppServer } from "@/lib/http/http-servers";
import { distrustForwardedFor, keepConnections } from "@/lib/http/server-connections";
import { outsideRequests } from "@/lib/http/outside-requests";
import { processGlobal } from "@/lib/http/process-global";
import { watchDatabase } from "@/lib/http/readiness";
import { earlyAnswer, guardServer, ignoreUpgrades, refuseForeignHost } from "@/lib/http/server-gate";
import { takeOverSignals } from "@/lib/http/shutdown";
import { startSandbox } from "@/lib/start-sandbox";
import { closeDatabase, getDatabase } from "@/lib/stores/database";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { isMigrated, migrate, migrateDatabaseAt } from "@/lib/stores/migrate";

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
    await explained(variable, migrateDatabaseAt(migrationUrl));
  }
}

/** Whoever starts the server reads the error, and needs to know what to change. */
function explained<T>(variable: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw new Error(databaseProblem(variable, error), { cause: error });
  });
}

function equip(server: AppServer, { arrival, production, ownHosts }: Env): void {
  limitArrival(server, arrival);
  limitConnections(server);
  guardServer(server, (head) => (production ? undefined : refuseForeignHost(head, ownHosts)) ?? earlyAnswer(head));
  if (production) ignoreUpgrades(server);
}

/** Traces and metrics: nothing is loaded unless there is an address to send them to. Returns what sends the rest when the process ends. */
async function beginTelemetry({ telemetry }: Env): Promise<() => Promise<void>> {
  if (!telemetry) return () => Promise.resolve();
  const { startTelemetry } = await import("@/lib/http/telemetry-sdk");
  return processGlobal("telemetry", () => startTelemetry(telemetry));
}

/**
 * Loads what the bundle has left in `node_modules` before the first request needs it: what could not be read then, as while the process has no file
 * left, is never read again, and the server would answer 500 until a restart. Nobody waits for it.
 */
function loadAhead(): void {
  const packages = Promise.all([import("viem"), import("viem/accounts"), import("viem/chains"), import("viem/utils")]);
  packages.catch((error: unknown) => stop(`The server's code cannot be loaded: ${String(error)}`));
}

/** In development Ctrl-C ends the server at once, and a serverless host ends a process in its own way. */
function watchServer(env: Env, sendTheRest: () => Promise<void>): true {
  const { keepAliveSeconds, trustedProxies, production, shutdown } = env;
  // Next has set PORT to the one that its server listens on.
  equipServer(Number(process.env.PORT), (server) => equip(server, env));
  const onStopListening = keepConnections(keepAliveSeconds);
  if (trustedProxies === 0) distrustForwardedFor();
  watchDatabase();
  const close = async () => void (await Promise.all([closeDatabase(), sendTheRest()]));
  if (production && !process.env.VERCEL) takeOverSignals({ ...shutdown, onStopListening, close });
  return true;
}

/**
 * Runs once when a server process starts. In production, a problem is printed and ends the process (an error thrown here would leave it
 * running, answering 500); in development a page shows configuration problems.
 */
export async function startUp(): Promise<void> {
  releaseAbortStacks();
  // Before any request.
  outsideRequests(() => undefined);
  const check = environmentCheck();
  try {
    if (!check.ok) return stop(envReport(check.problems));
    if (check.env.production) loadAhead();
    const sendTheRest = await beginTelemetry(check.env);
    processGlobal("connections", () => watchServer(check.env, sendTheRest));
    await prepareDatabase(check.env);
    if (check.env.sandbox) await startSandbox(check.env, check.env.sandbox);
    // Last, because what is printed until here is for whoever starts the server. Next answers no request before this function has ended.
    if (check.env.production) logInsteadOfConsole();
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
