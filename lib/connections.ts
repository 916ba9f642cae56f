import "server-only";
import { z } from "zod";
import { getEnv, type Env } from "@/lib/env";
import { logOutcome } from "@/lib/log-outcome";
import { getEngine } from "@/lib/oauth/app-engine";
import { deadlineIn } from "@/lib/upstream/deadline";
import type { ProviderId } from "@/lib/oauth/provider";
import { runProviderCall } from "@/lib/oauth/provider-call";
import { requireProvider } from "@/lib/providers/find-provider";
import { registeredProviders } from "@/lib/providers/index";
import { withinRate } from "@/lib/rate-limit";
import { fail, success, type Result } from "@/lib/result";
import { getSession } from "@/lib/session";

/** One provider beside Sonar, as the signed-in user has it. */
export interface Connection {
  id: string;
  name: string;
  connected: boolean;
  /** Names of the variables that have to be set before it can be connected. */
  missing: readonly string[];
}

/** The providers beside Sonar, in the registry's order. Fails with `session/missing`. */
export async function readConnections(): Promise<Result<Connection[]>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const connected = await (await getEngine()).tokens.list(session.userId);
  const { providers } = getEnv();
  const connections = registeredProviders.map(({ id, name }) => ({
    id,
    name,
    connected: connected.includes(id),
    missing: providers.get(id)?.missing ?? [],
  }));
  return success(connections);
}

/**
 * Whether pages lead to `/connections`. Visitors of a site that has nothing set up beside Sonar have no use for it, unless a connection from
 * earlier is left to be ended. In development it is always there, because its cards name the variables to set.
 */
export function offersConnections({ production, providers }: Env, connected: readonly ProviderId[]): boolean {
  const setUp = [...providers.values()].some(({ missing }) => missing.length === 0);
  return setUp || (!production && providers.size > 0) || connected.some((id) => id !== "sonar");
}

const request = z.object({ provider: z.string().max(64), call: z.string().max(64), input: z.unknown() });

/**
 * Makes one call of a provider for the signed-in user: session, provider, rate limit, input (zod), fresh tokens, the call, its answer
 * (zod). A call that is refused before the provider reaches nobody. Fails with `session/missing`, `api/invalid_request`, as
 * `requireProvider`, or as `runProviderCall` does.
 */
export async function callConnected(raw: unknown): Promise<Result<unknown>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const wanted = request.safeParse(raw);
  if (!wanted.success) return fail("api/invalid_request");
  const { provider: id, call: name, input } = wanted.data;
  const env = getEnv();
  const found = requireProvider(env, id);
  if (!found.ok) return found;
  if (!(await withinRate("reads", session.userId))) return fail("api/rate_limited");
  const engine = await getEngine();
  const startedAt = engine.now();
  const deadline = deadlineIn(env.upstreamTimeoutMs);
  const result = await runProviderCall(engine, found.data, { name, input }, session.userId, deadline);
  // The call is one of the provider's own by its name, unless it was refused before; then the name may be anything.
  const call = Object.hasOwn(found.data.calls, name) ? name : undefined;
  const fields = { provider: found.data.provider.id, call, durationMs: engine.now() - startedAt };
  logOutcome(engine.log, "provider.call", fields, result);
  return result;
}
