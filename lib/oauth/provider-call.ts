import "server-only";
import { callWithTokens } from "@/lib/oauth/call";
import type { Deadline } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import type { FoundProvider } from "@/lib/providers/find-provider";
import { fail, type Result } from "@/lib/result";

/** A call as a client names it. */
export interface NamedCall {
  name: string;
  input: unknown;
}

/**
 * Makes one of a provider's calls for a user. The name may come from anywhere, so own keys only; the input is checked before tokens are
 * looked at or refreshed. Fails with `api/not_found`, `api/invalid_request`, or as `callWithTokens` and the call do.
 */
export async function runProviderCall(
  engine: Engine,
  { provider, calls }: FoundProvider,
  { name, input }: NamedCall,
  userId: string,
  deadline: Deadline,
): Promise<Result<unknown>> {
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (!call) return fail("api/not_found");
  const ready = call.prepare(input);
  if (!ready.ok) return ready;
  return callWithTokens(engine, provider, userId, deadline, (accessToken) => ready.data(accessToken, deadline));
}
