import "server-only";
import type { Result } from "@/lib/result";

/** Seconds. After a failed read the next one is made a second later at the earliest (`lib/http/shared-read.ts`). */
const RETRY_AFTER = "5";

/**
 * The answer to a read that is the same for everybody, for polling. A failure is 503 and is never cached; where waiting helps, `Retry-After` says so.
 * It is not 502: monitors and caches in front would take this server itself for broken.
 */
export function publicAnswer(result: Result<unknown>, cacheControl: string): Response {
  if (result.ok) return Response.json(result, { headers: { "Cache-Control": cacheControl } });
  const mayPass = result.error.recovery === "retry";
  return Response.json(result, {
    status: 503,
    headers: { "Cache-Control": "no-store", ...(mayPass && { "Retry-After": RETRY_AFTER }) },
  });
}
