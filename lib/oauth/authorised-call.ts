import "server-only";
import { cache } from "react";
import { deadlineIn } from "@/lib/http/deadline";
import { logOutcome } from "@/lib/http/log";
import { checkRate, type RateName } from "@/lib/http/rate-limit";
import { noteInSpan } from "@/lib/http/telemetry";
import { getEngine, type Engine } from "@/lib/oauth/engine";
import type { Provider, ProviderId } from "@/lib/oauth/provider";
import { freshTokens, type Caller } from "@/lib/oauth/refresh";
import { fail, type Failure, type Result } from "@/lib/result";
import { getSession } from "@/lib/session";
import type { StoredConnection } from "@/lib/stores/contracts";
import { getTokenStore } from "@/lib/token-store";

/** One call of a provider's API, ready to be made: its input is valid. */
export interface AuthorisedCall<T> {
  provider: Provider;
  /** Name of the event in the log, and of the call. */
  event: string;
  call: string;
  /** The event in the log if something other than the provider has failed, which the line does then not name. */
  failedElsewhere?: (failure: Failure) => string | undefined;
  /** The limit that it counts towards. */
  rate: RateName;
  run: (accessToken: string, caller: Caller) => Promise<Result<T>>;
}

/** The calls of one render share one read of the connection, as they share few connections to the database. Elsewhere each call reads it. */
const connectionOfThisRender = cache(async (provider: ProviderId, userId: string) => {
  return (await getTokenStore()).get({ provider, userId });
});

/**
 * The one recipe for a call on behalf of the signed-in user: session, input (`prepare`), rate limit, deadline, fresh tokens, the call, log.
 * A call without a session or with bad input reaches no provider. Fails with `session/missing`, as `prepare` does, with
 * `api/rate_limited`, or as `callWithTokens` does.
 */
export async function authorisedCall<T>(prepare: () => Result<AuthorisedCall<T>>): Promise<Result<T>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const prepared = prepare();
  if (!prepared.ok) return prepared;
  const { provider, event, failedElsewhere, call, rate, run } = prepared.data;
  noteInSpan({ "app.provider": provider.id, "app.call": call });
  const { userId } = session;
  const engine = await getEngine();
  // Read while the use is counted: with a database far away, every question in a row is felt.
  const stored = connectionOfThisRender(provider.id, userId);
  const [allowed] = await Promise.all([checkRate(rate, userId), stored]);
  if (!allowed.ok) return allowed;
  const caller = { engine, provider, userId, deadline: deadlineIn(engine.timeoutMs), stored };
  const startedAt = engine.now();
  const result = await callWithTokens(caller, (accessToken) => run(accessToken, caller));
  const outcome = { result, call, durationMs: engine.now() - startedAt };
  const elsewhere = result.ok ? undefined : failedElsewhere?.(result.error);
  if (elsewhere !== undefined) logOutcome(engine.log, elsewhere, outcome);
  else logOutcome(engine.log, event, { ...outcome, provider: provider.id });
  return result;
}

/** An API that rejects tokens right after a refresh is not helped by another refresh: none is made for this long (milliseconds). */
const REJECTION_LASTS_MS = 30_000;

function isUnauthorized(result: Result<unknown>): boolean {
  return !result.ok && result.error.code === "api/unauthorized";
}

/** Every refresh of one connection, by any instance, keeps this name; connecting again makes a new one. */
function nameOf({ provider, userId }: Caller, { connectedAt }: StoredConnection): string {
  return `${provider.id}|${userId}|${connectedAt}`;
}

function rememberRejection({ rejections, now }: Engine, name: string): void {
  for (const [other, until] of rejections) if (until <= now()) rejections.delete(other);
  rejections.set(name, now() + REJECTION_LASTS_MS);
}

/**
 * Makes one call with the user's access token. A 401 leads to one refresh and one more try; nothing else refreshes, since a 403 or a 503
 * says nothing about the token. If the answer is still 401, the call fails with `api/unauthorized`, which offers to connect again, and the
 * connection is kept: the provider has just renewed these tokens, so the fault may be the API's. Only the token endpoint ends a
 * connection. Fails as `freshTokens` does, or as `run` does.
 */
export async function callWithTokens<T>(
  caller: Caller,
  run: (accessToken: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { engine } = caller;
  const first = await freshTokens(caller);
  if (!first.ok) return first;
  const result = await run(first.data.tokens.accessToken);
  const name = nameOf(caller, first.data);
  if (!isUnauthorized(result) || (engine.rejections.get(name) ?? 0) > engine.now()) return result;
  const second = await freshTokens(caller, first.data.version);
  if (!second.ok) return second;
  const repeated = await run(second.data.tokens.accessToken);
  if (isUnauthorized(repeated)) rememberRejection(engine, name);
  return repeated;
}
