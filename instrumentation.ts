import type { Instrumentation } from "next";

/** Start-up: checks the configuration, prepares the database, and starts the sandbox if it is on. */
export async function register(): Promise<void> {
  // In this form the build leaves it out of what runs on the edge, where there is no process to end.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const code = Promise.all([import("@/lib/start-up"), import("@/lib/http/framework-lines")]);
    const [{ startUp }] = await code.catch((error: unknown) => {
      // Next would go on, and answer 500 to everything: a process that ends is started again, by when there may be files or memory left.
      if (process.env.NODE_ENV !== "production") throw error;
      process.stderr.write(`The server's code cannot be loaded: ${String(error)}\n`);
      process.exit(1);
    });
    await startUp();
  }
}

/** Logs errors that Next hides from the browser, under the digest that the browser shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { logRequestError } = await import("@/lib/http/framework-lines");
  logRequestError(error, request);
};
