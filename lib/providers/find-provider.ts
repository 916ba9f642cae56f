import "server-only";
import type { Env } from "@/lib/env";
import type { Provider } from "@/lib/oauth/provider";
import { registeredProviders } from "@/lib/providers/index";
import type { ProviderDefinition, ProviderSetup } from "@/lib/providers/provider-definition";
import { sonarProvider } from "@/lib/providers/sonar";
import { fail, success, type Result } from "@/lib/result";

/** Seconds before expiry from which a call refreshes first. */
const REFRESH_SKEW_SECONDS = 60;

/** A provider that is set up: what the engine needs of it, and its calls. */
export interface FoundProvider {
  provider: Provider;
  calls: ProviderSetup["calls"];
  /** Origins that its authorize page may have. */
  authorizeOrigins: readonly string[];
}

/** A definition with the values that its variables have. */
export function setUpProvider(
  { id, name, setUp }: ProviderDefinition,
  values: ReadonlyMap<string, string>,
  appUrl: string,
): FoundProvider {
  const { issuer, authorizeOrigins, oauth, calls } = setUp((variable) => values.get(variable) ?? "");
  // One redirect URI each, so that a callback's path tells whose it is (mix-up defence, RFC 9700 section 4.4.2).
  const redirectUri = `${appUrl}/oauth/callback/${id}`;
  const provider = { id, name, redirectUri, issuer, refreshSkewSeconds: REFRESH_SKEW_SECONDS, oauth };
  return { provider, calls, authorizeOrigins };
}

function findSonar({ sonar }: Env): FoundProvider {
  return { provider: sonarProvider(sonar), calls: {}, authorizeOrigins: [sonar.frontendUrl] };
}

/**
 * The provider of that id. Fails with `connection/unknown_provider`, or with `config/missing` where its variables are not set. Ids
 * come from URLs: they are compared, never used as keys, so `__proto__` is none.
 */
export function requireProvider(env: Env, id: string): Result<FoundProvider> {
  if (id === "sonar") return success(findSonar(env));
  const definition = registeredProviders.find((one) => one.id === id);
  if (!definition) return fail("connection/unknown_provider");
  const settings = env.providers.get(id);
  if (!settings || settings.missing.length > 0) return fail("config/missing");
  return success(setUpProvider(definition, settings.values, env.appUrl));
}

/** As `requireProvider`; `undefined` where there is none, or it is not set up. */
export function findProvider(env: Env, id: string): Provider | undefined {
  const found = requireProvider(env, id);
  return found.ok ? found.data.provider : undefined;
}

/** Where a form of ours may lead to: the authorize pages of every provider that is set up. */
export function authorizeOrigins(env: Env): string[] {
  const ids = ["sonar", ...registeredProviders.map(({ id }) => id)];
  const origins = ids.flatMap((id) => {
    const found = requireProvider(env, id);
    return found.ok ? found.data.authorizeOrigins : [];
  });
  return [...new Set(origins)];
}
