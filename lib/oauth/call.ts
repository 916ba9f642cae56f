import "server-only";
import type { Deadline } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import type { Provider } from "@/lib/oauth/provider";
import { freshTokens } from "@/lib/oauth/refresh";
import { fail, type Result } from "@/lib/result";

function isUnauthorized(answer: Result<unknown>): boolean {
  return !answer.ok && answer.error.code === "api/unauthorized";
}

/**
 * Makes one call with the user's access token. A 401 leads to one refresh and one more try; still 401, the connection is
 * ended, but only the version that was refused (another instance may have reconnected). Nothing else refreshes: a 403 or a 503
 * says nothing about the token. Fails as `freshTokens` does, or as `run` does.
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
  if (!isUnauthorized(answer)) return answer;
  const second = await freshTokens(engine, provider, userId, deadline, first.data.version);
  if (!second.ok) return second;
  const repeated = await run(second.data.tokens.accessToken);
  if (!isUnauthorized(repeated)) return repeated;
  await engine.tokens.clearVersion({ provider: provider.id, userId }, second.data.version);
  return fail("connection/reconnect_required", { status: 401 });
}
