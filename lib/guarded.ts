import "server-only";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { errorFields } from "@/lib/error-fields";
import { requestLog } from "@/lib/log";
import { fail, type Result } from "@/lib/result";

/** Runs the body of an action or route so that nothing is thrown: an unexpected error is logged and becomes a Failure. */
export async function guarded<T>(call: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await run();
  } catch (error) {
    // redirect() and the like are thrown by Next for Next, and must not become a Failure.
    unstable_rethrow(error);
    const requestId = (await headers()).get("x-request-id") ?? "-";
    requestLog(requestId).error("unexpected", { call, ...errorFields(error) });
    return fail("request/unexpected");
  }
}
