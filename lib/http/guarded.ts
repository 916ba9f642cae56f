import "server-only";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { errorFields, requestLog, type Log } from "@/lib/http/log";
import { fail, type Result } from "@/lib/result";

/** The log of the current request, under the id that `proxy.ts` gave it. */
export async function currentLog(): Promise<Log> {
  return requestLog((await headers()).get("x-request-id") ?? "-");
}

/** Runs the body of an action or route so that nothing is thrown: an unexpected error is logged and becomes a Failure. */
export async function guarded<T>(call: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await run();
  } catch (error) {
    // Next throws redirect() and the like for itself: these must not become a Failure.
    unstable_rethrow(error);
    (await currentLog()).error("unexpected", { call, ...errorFields(error) });
    return fail("request/unexpected");
  }
}
