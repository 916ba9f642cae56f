import "server-only";
import { requestLog } from "@/lib/log";

/** Logs an error that the browser sees only as a digest. Its message is left out: it may quote data. */
export function logHiddenError(error: unknown, requestId: string | string[] | undefined): void {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : undefined;
  const errorName = error instanceof Error ? error.name : "unknown";
  requestLog(typeof requestId === "string" ? requestId : "-").error("hidden-error", {
    errorName,
    ...(digest !== undefined && { digest }),
  });
}
