import "server-only";
import type { FailureCode } from "@/lib/failures";
import type { Log } from "@/lib/http/log";
import type { Failure } from "@/lib/result";

/** The refusals that are security events, each with a name of its own in the log. */
const REFUSALS: ReadonlyMap<FailureCode, string> = new Map<FailureCode, string>([
  ["request/cross_site", "refused.cross-site"],
  ["request/too_large", "refused.body-too-large"],
  ["api/rate_limited", "refused.rate-limit"],
  ["login/too_many", "refused.too-many-sign-ins"],
  ["oauth/invalid_state", "callback.invalid-state"],
  ["oauth/invalid_callback", "callback.invalid"],
  ["oauth/issuer_mismatch", "callback.issuer-mismatch"],
  ["session/refused", "sign-in.refused"],
]);

/** Calls whose every other failure is a sign-in that did not succeed: a form, an action, or the identity provider's callback. */
const SIGN_INS: ReadonlySet<string> = new Set(["sign-in", "login", "login.callback"]);

function refusalEvent(call: string, { code, status }: Failure): string | undefined {
  // The same code stands for an upstream that limits this site; the call itself is logged then.
  if (code === "api/rate_limited" && status !== undefined) return undefined;
  // A bug, or a database that fails, has its own line.
  if (code === "request/unexpected" || code === "request/no_database") return undefined;
  if (call === "callback" && code === "session/missing") return "callback.no-session";
  const isRefusedSignIn = SIGN_INS.has(call) && code.startsWith("login/");
  return REFUSALS.get(code) ?? (isRefusedSignIn ? "sign-in.refused" : undefined);
}

/** Refusals by a count that may be the visitor's network's: whether one network or many are refused tells a wrong TRUSTED_PROXIES from a flood. */
const COUNTED: ReadonlySet<FailureCode> = new Set<FailureCode>(["api/rate_limited", "login/too_many"]);

/** The request that was refused. */
interface RefusedRequest {
  log: () => Promise<Log>;
  /** The keyed hash of the visitor's network. */
  network: () => Promise<string | undefined>;
}

/**
 * Writes the one line of a request that was refused; a failure of any other kind asks for no log. `call` is the name of the action or
 * route, the code says more; nothing of the request itself is written, since anybody can send it.
 */
export async function logRefusal({ log, network }: RefusedRequest, call: string, failure: Failure): Promise<void> {
  const { code } = failure;
  const event = refusalEvent(call, failure);
  const counted = event && COUNTED.has(code) ? await network() : undefined;
  if (event) return (await log()).warn(event, { call, code, ...(counted !== undefined && { network: counted }) });
  // A session that has ended in an open tab is nothing unusual.
  if (code === "session/missing") (await log()).info("refused.no-session", { call });
}
