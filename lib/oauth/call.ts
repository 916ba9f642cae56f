import "server-only";
import type { Deadline } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import type { Provider } from "@/lib/oauth/provider";
import { freshTokens } from "@/lib/oauth/refresh";
import type { Result } from "@/lib/result";
import type { StoredConnection } from "@/lib/stores/contracts";

/** An API that refuses tokens right after their refresh is not helped by another one: none is made for so long (milliseconds). */
const REFUSAL_LASTS_MS = 30_000;

function isUnauthorized(answer: Result<unknown>): boolean {
  return !answer.ok && answer.error.code === "api/unauthorized";
}

/** The same for all versions that refreshes make of one connection, whichever instance makes them; another one once connected again. */
function nameOf({ id }: Provider, userId: string, { connectedAt }: StoredConnection): string {
  return `${id}|${userId}|${connectedAt}`;
}

function noteRefusal({ refusals, now }: Engine, name: string): void {
  for (const [other, until] of refusals) if (until <= now()) refusals.delete(other);
  refusals.set(name, now() + REFUSAL_LASTS_MS);
}

/**
 * Makes one call with the user's access token. A 401 leads to one refresh and one more try; nothing else refreshes, since a 403 or a 503
 * says nothing about the token. Still 401, the call fails with `api/unauthorized`, which offers to connect again, and the connection is
 * kept: the provider has just renewed these tokens, so the fault may be the API's, and its next good answer ends the matter. Only the token
 * endpoint ends a connection. Fails as `freshTokens` does, or as `run` does.
 */
export async function callWithTokens<T>(
  engine: Engine,
  provider: Provider,
  userId: string,
  deadline: Deadline,
  run: (accessToken: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const first = await freshTokens(engine, provider, userId, deadline);
  if (!first.ok) return first;
  const answer = await run(first.data.tokens.accessToken);
  const refusal = nameOf(provider, userId, first.data);
  if (!isUnauthorized(answer) || (engine.refusals.get(refusal) ?? 0) > engine.now()) return answer;
  const second = await freshTokens(engine, provider, userId, deadline, first.data.version);
  if (!second.ok) return second;
  const repeated = await run(second.data.tokens.accessToken);
  if (isUnauthorized(repeated)) noteRefusal(engine, refusal);
  return repeated;
}
