import "server-only";
import { errorFields } from "@/lib/error-fields";
import { requestLog } from "@/lib/log";

/** Logs an error that the browser sees only as a digest. Its message is left out: it may quote data. */
export function logHiddenError(error: unknown, requestId: string | string[] | undefined): void {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  const fields = { ...errorFields(error), digest };
  requestLog(typeof requestId === "string" ? requestId : "-").error("hidden-error", fields);
}
