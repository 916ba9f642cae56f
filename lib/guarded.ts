import "server-only";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { requestLog } from "@/lib/log";
import { fail, type Result } from "@/lib/result";

/** Runs the body of an action or route so that nothing is thrown: an unexpected error is logged by name and becomes a Failure. */
export async function guarded<T>(call: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await run();
  } catch (error) {
    // redirect() and the like are thrown by Next for Next, and must not become a Failure.
    unstable_rethrow(error);
    const requestId = (await headers()).get("x-request-id") ?? "-";
    requestLog(requestId).error("unexpected", { call, errorName: error instanceof Error ? error.name : "unknown" });
    return fail("request/unexpected");
  }
}
