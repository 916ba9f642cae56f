import type { Instrumentation } from "next";

/** Start-up: checks the configuration, prepares the database, and starts the sandbox if it is on. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startUp } = await import("@/lib/start-up");
  await startUp();
}

/** Logs errors that Next hides from the browser, under the digest that the browser shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { logRequestError } = await import("@/lib/http/framework-lines");
  logRequestError(error, request);
};
