import "server-only";
import type { EnvProblem } from "@/lib/config/env-schema";
import { isLoopback } from "@/lib/http/secure-url";
import type { Provider } from "@/lib/oauth/provider";
import type { ProviderDefinition, ProviderSetup } from "@/lib/providers/definition";
import { registeredProviders } from "@/lib/providers/index";
import { sonarProvider, type SonarSettings } from "@/lib/providers/sonar";
import { fail, success, type Result } from "@/lib/result";

/** The values of one provider's variables. */
export interface ProviderSettings {
  values: ReadonlyMap<string, string>;
  /** Names of the variables that have no value; the provider cannot be connected while there are any. */
  missing: readonly string[];
}

/** What `readProviderSettings` answers. */
export interface ProviderSettingsCheck {
  settings: ReadonlyMap<string, ProviderSettings>;
  problems: EnvProblem[];
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Who has set a credential, or a server on another machine, does not want the emulator: real credentials must not get there, nor the
 * emulator's to a real host.
 */
function isLive(variables: ProviderDefinition["variables"], source: Source): boolean {
  return Object.entries(variables).some(([name, { fallback }]) => {
    const value = source[name];
    return value !== undefined && (fallback === undefined || !isLoopback(value));
  });
}

function readSettings({ variables }: ProviderDefinition, source: Source, sandboxPort: number | undefined) {
  const values = new Map<string, string>();
  const problems: EnvProblem[] = [];
  const live = isLive(variables, source);
  for (const [variable, { schema, fallback, inSandbox }] of Object.entries(variables)) {
    const emulated = sandboxPort === undefined || live ? undefined : inSandbox?.(sandboxPort);
    const parsed = schema.safeParse(source[variable] ?? emulated ?? fallback);
    if (parsed.success) values.set(variable, parsed.data);
    else if (source[variable]) problems.push({ variable, problem: parsed.error.issues[0]?.message ?? "is not valid" });
  }
  const missing = Object.keys(variables).filter((variable) => !values.has(variable));
  return { settings: { values, missing }, problems };
}

/**
 * Reads the variables of all providers. One without credentials is no problem: it is not set up, and the others work. `sandboxPort` is the
 * sandbox's first port where that is on. Values are never part of a problem.
 */
export function readProviderSettings(source: Source, sandboxPort: number | undefined): ProviderSettingsCheck {
  const read = registeredProviders.map((definition) => ({
    id: definition.id,
    ...readSettings(definition, source, sandboxPort),
  }));
  return {
    settings: new Map(read.map(({ id, settings }) => [id, settings])),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** The part of the configuration that providers are made from. */
export interface ProviderEnvironment {
  appUrl: string;
  sonar: SonarSettings;
  /** The providers beside Sonar, by id. */
  providers: ReadonlyMap<string, ProviderSettings>;
}

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
  const provider = { id, name, redirectUri, issuer, oauth };
  return { provider, calls, authorizeOrigins };
}

function findSonar({ sonar }: ProviderEnvironment): FoundProvider {
  return { provider: sonarProvider(sonar), calls: {}, authorizeOrigins: [sonar.frontendUrl] };
}

/**
 * The provider of that id. Fails with `connection/unknown_provider`, or with `config/missing` where its variables are not set. Ids
 * come from URLs: they are compared, never used as keys, so `__proto__` is none.
 */
export function requireProvider(env: ProviderEnvironment, id: string): Result<FoundProvider> {
  if (id === "sonar") return success(findSonar(env));
  const definition = registeredProviders.find((one) => one.id === id);
  if (!definition) return fail("connection/unknown_provider");
  const settings = env.providers.get(id);
  if (!settings || settings.missing.length > 0) return fail("config/missing");
  return success(setUpProvider(definition, settings.values, env.appUrl));
}

/** As `requireProvider`; `undefined` where there is none, or it is not set up. */
export function findProvider(env: ProviderEnvironment, id: string): Provider | undefined {
  const found = requireProvider(env, id);
  return found.ok ? found.data.provider : undefined;
}

/** Where a form of ours may lead to: the authorize pages of every provider that is set up. */
export function authorizeOrigins(env: ProviderEnvironment): string[] {
  const ids = ["sonar", ...registeredProviders.map(({ id }) => id)];
  const origins = ids.flatMap((id) => {
    const found = requireProvider(env, id);
    return found.ok ? found.data.authorizeOrigins : [];
  });
  return [...new Set(origins)];
}

/** The id, if it is the one of a provider beside Sonar: the app's own pages are about Sonar where nothing else is said. */
export function furtherProvider(id: string | undefined): string | undefined {
  return registeredProviders.find((one) => one.id === id)?.id;
}
