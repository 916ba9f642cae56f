import "server-only";
import { environmentCheck, envReport } from "@/lib/config/env";
import { startSandbox } from "@/lib/start-sandbox";
import { getDatabase } from "@/lib/stores/database";
import { isMigrated, migrate } from "@/lib/stores/migrate";
import { processGlobal } from "@/lib/http/process-global";

/** A file is migrated by the one app that uses it; a Postgres, before several do, by `npm run db:migrate`. */
async function prepareDatabase(): Promise<void> {
  const { engine, kysely } = await getDatabase();
  if (engine === "sqlite") await migrate(kysely);
  else if (!(await isMigrated(kysely)))
    throw new Error("The database lacks migrations: run `npm run db:migrate` first.");
}

/**
 * Runs once when a server process starts. In production, anything that is wrong is printed and ends the process (an error thrown here
 * would leave it up, answering 500); in development a page shows configuration problems.
 */
export async function startUp(): Promise<void> {
  releaseAbortStacks();
  const check = environmentCheck();
  try {
    if (!check.ok) return stop(envReport(check.problems));
    await prepareDatabase();
    if (check.env.sandbox) await startSandbox(check.env, check.env.sandbox);
  } catch (error) {
    stop(error instanceof Error ? error.message : String(error));
  }
}

function stop(explanation: string): void {
  process.stderr.write(`${explanation}\n`);
  if (process.env.NODE_ENV === "production") process.exit(1);
}

/** Turns the frames that V8 keeps for a stack nobody has read into text; the frames, and all they lead to, can then be collected. */
function formatStack(reason: unknown): void {
  if (reason instanceof Error) void reason.stack;
}

/**
 * Keeps the reason of an aborted signal from holding requests that are over. After every render React aborts a controller of its own
 * with an `Error` (react/react#37288). While the stack of that error is unread, it holds the `Immediate` that ran the render, and, on Node
 * before 24.20, through its neighbours in the queue the stores of other requests (nodejs/node#66129): with loads that overlap, nothing is
 * let go of, and a server with little memory dies within minutes. `tests/integration/app-overlap.test.ts` tells when this can go.
 */
export function releaseAbortStacks(): void {
  processGlobal("abort-stacks", () => {
    const { abort } = AbortController.prototype;
    AbortController.prototype.abort = function abortAndRelease(reason?: unknown) {
      abort.call(this, reason);
      // Also the reason that the platform makes when none is given.
      formatStack(this.signal.reason);
    };
    return true;
  });
}
