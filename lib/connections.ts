import "server-only";
import { z } from "zod";
import { getEnv, type Env } from "@/lib/config/env";
import { authorisedCall, type AuthorisedCall } from "@/lib/oauth/authorised-call";
import { getEngine } from "@/lib/oauth/engine";
import type { ProviderId } from "@/lib/oauth/provider";
import { registeredProviders } from "@/lib/providers/index";
import { requireProvider, type FoundProvider } from "@/lib/providers/registry";
import { fail, success, type Result } from "@/lib/result";
import { getSession } from "@/lib/session";

/** A provider besides Sonar, as the signed-in user has it. */
export interface Connection {
  id: string;
  name: string;
  connected: boolean;
  /** Names of the variables that must be set before it can be connected. */
  missing: readonly string[];
}

/** The providers besides Sonar, in the registry's order. Fails with `session/missing`. */
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
 * True if pages link to `/connections`. Visitors of a site with no provider besides Sonar have no use for it, unless an earlier
 * connection is left to end. In development the link is always there, because the cards name the variables to set.
 */
export function offersConnections({ production, providers }: Env, connected: readonly ProviderId[]): boolean {
  const setUp = [...providers.values()].some(({ missing }) => missing.length === 0);
  return setUp || (!production && providers.size > 0) || connected.some((id) => providers.has(id));
}

const request = z.object({ provider: z.string().max(64), call: z.string().max(64), input: z.unknown() });

/**
 * Prepares one of a provider's calls. The name may come from anywhere, so only own keys count. Fails with `api/not_found` or
 * `api/invalid_request`.
 */
export function prepareProviderCall(
  { provider, calls }: FoundProvider,
  { call: name, input }: { call: string; input: unknown },
): Result<AuthorisedCall<unknown>> {
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (!call) return fail("api/not_found");
  const ready = call.prepare(input);
  if (!ready.ok) return ready;
  return success({
    provider,
    event: "provider.call",
    call: name,
    rate: "reads",
    run: (accessToken, { deadline }) => ready.data(accessToken, deadline),
  });
}

function prepare(raw: unknown): Result<AuthorisedCall<unknown>> {
  const wanted = request.safeParse(raw);
  if (!wanted.success) return fail("api/invalid_request");
  const found = requireProvider(getEnv(), wanted.data.provider);
  return found.ok ? prepareProviderCall(found.data, wanted.data) : found;
}

/**
 * Makes one call of a provider for the signed-in user, by the recipe of `authorisedCall`. Fails with `api/invalid_request`, and as
 * `requireProvider`, `prepareProviderCall` and `authorisedCall` do.
 */
export function callConnected(raw: unknown): Promise<Result<unknown>> {
  return authorisedCall(() => prepare(raw));
}
