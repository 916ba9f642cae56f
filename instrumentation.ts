import type { Instrumentation } from "next";

/** Next would go on and answer 500 to everything: a process that ends is started again, by when the machine may have files or memory left. */
function stopUnloaded(error: unknown): never {
  if (process.env.NODE_ENV !== "production") throw error;
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The server's code cannot be loaded: ${reason}\n`);
  process.exit(1);
}

/** Start-up: checks the configuration, prepares the database, and starts the sandbox if it is on. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startUp } = await import("@/lib/start-up").catch(stopUnloaded);
  await startUp();
}

/** Logs errors that Next hides from the browser, under the digest that the browser shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { logRequestError } = await import("@/lib/http/framework-lines");
  logRequestError(error, request);
};
