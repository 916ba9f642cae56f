import "server-only";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import { getEnv } from "@/lib/config/env";
import { databaseWatch } from "@/lib/http/database-watch";
import type { FailureCode } from "@/lib/failures";
import { firstReport } from "@/lib/http/framework-lines";
import { errorFields, operatorLevel, requestLog, type Log } from "@/lib/http/log";
import { identityOf, loggedName } from "@/lib/http/log-identity";
import { count } from "@/lib/http/metrics";
import { logRefusal } from "@/lib/http/refusals";
import { inSpan, type WorkSpan } from "@/lib/http/telemetry";
import { visitorAddress } from "@/lib/http/visitor-address";
import { fail, type Failure, type Result } from "@/lib/result";
import { isDatabaseOutage } from "@/lib/stores/database-outage";

/**
 * The headers of the current request. Undefined once its visitor has left and the work for after the answer has begun: from then on Next refuses
 * them to a page that is still being made.
 */
async function requestHeaders(): Promise<Awaited<ReturnType<typeof headers>> | undefined> {
  try {
    return await headers();
  } catch (error) {
    unstable_rethrow(error);
    return undefined;
  }
}

/** The log of the current request, under the id that `proxy.ts` gave it ("-": see above), with the session that was found for it. */
export async function currentLog(): Promise<Log> {
  const request = await requestHeaders();
  return request ? requestLog(request.get("x-request-id") ?? "-", () => identityOf(request)) : requestLog("-");
}

/** The name that the log has for the network of the current request. */
async function loggedNetwork(): Promise<string | undefined> {
  const request = await requestHeaders();
  return request && loggedName("address", visitorAddress(request, getEnv().trustedProxies));
}

/** The codes of errors that nobody expected. */
const UNEXPECTED: ReadonlySet<FailureCode> = new Set<FailureCode>(["request/unexpected", "request/no_database"]);

/** A failure that the user can do something about is none of the server: in a trace, only the others are marked as errors. */
function countFailure(call: string, span: WorkSpan, failure: Failure): void {
  const { code } = failure;
  count("app.failures", { "app.call": call, "error.type": code });
  if (operatorLevel(failure) === "error" || UNEXPECTED.has(code)) span.fault(code);
  else span.note({ "error.type": code });
}

/**
 * Runs the body of an action or route so that nothing is thrown: an unexpected error is logged and becomes a Failure. Every action and route
 * comes through here, so that each refusal has its one line, and each has its span.
 */
export function guarded<T>(call: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  return inSpan({ name: call, fields: { "app.call": call } }, async (span) => {
    const result = await withoutThrowing(call, run);
    if (!result.ok) countFailure(call, span, result.error);
    return result;
  });
}

async function withoutThrowing<T>(call: string, run: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    const result = await run();
    if (!result.ok) await logRefusal({ log: currentLog, network: loggedNetwork }, call, result.error);
    return result;
  } catch (error) {
    // Next throws redirect() and the like for itself: these must not become a Failure.
    unstable_rethrow(error);
    const isOutage = isDatabaseOutage(error);
    await report(call, error, isOutage);
    // Whatever the error was: in an outage of the database the user should know that trying again will help, and that nothing else is wrong.
    const isNoDatabase = isOutage || (await databaseWatch()?.ready()) === false;
    return fail(isNoDatabase ? "request/no_database" : "request/unexpected");
  }
}

/** A database that says of itself that it takes no statement is no bug of a call: the alarm about it is the watch's, once. */
async function report(call: string, error: unknown, isOutage: boolean): Promise<void> {
  const first = firstReport(error);
  if (!first) return;
  const log = await currentLog();
  const fields = { call, ...errorFields(error), ...first };
  if (isOutage) log.warn("database.refused", fields);
  else log.error("unexpected", fields);
}
