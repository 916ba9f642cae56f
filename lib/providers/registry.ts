import "server-only";
import type { EnvProblem } from "@/lib/config/env-schema";
import { sandboxStandIn, type SandboxStandIn } from "@/lib/config/sandbox";
import { isLoopback } from "@/lib/http/secure-url";
import type { Provider, ProviderId } from "@/lib/oauth/provider";
import type { ProviderDefinition, ProviderSetup } from "@/lib/providers/definition";
import { registeredProviders } from "@/lib/providers/index";
import { sonarProvider, type SonarSettings } from "@/lib/providers/sonar";
import { fail, success, type Result } from "@/lib/result";

/** The values of one provider's variables. */
export interface ProviderSettings {
  values: ReadonlyMap<string, string>;
  /** Names of the variables without a value; while there are any, the provider cannot be connected. */
  missing: readonly string[];
}

/** The result of `readProviderSettings`. */
interface ProviderSettingsCheck {
  settings: ReadonlyMap<string, ProviderSettings>;
  problems: EnvProblem[];
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * If a credential or a server on another machine is set, the sandbox's stand-in is not used: it must not receive real credentials, and a
 * real host must not receive its credentials.
 */
function isLive(variables: ProviderDefinition["variables"], source: Source): boolean {
  return Object.entries(variables).some(([name, { fallback }]) => {
    const value = source[name];
    return value !== undefined && (fallback === undefined || !isLoopback(value));
  });
}

function readSettings({ variables }: ProviderDefinition, source: Source, sandbox: SandboxStandIn | undefined) {
  const values = new Map<string, string>();
  const problems: EnvProblem[] = [];
  const standIn = isLive(variables, source) ? undefined : sandbox;
  for (const [variable, { schema, fallback, inSandbox }] of Object.entries(variables)) {
    const parsed = schema.safeParse(source[variable] ?? (inSandbox && standIn?.[inSandbox]) ?? fallback);
    if (parsed.success) values.set(variable, parsed.data);
    else if (source[variable]) problems.push({ variable, problem: parsed.error.issues[0]?.message ?? "is not valid" });
  }
  const missing = Object.keys(variables).filter((variable) => !values.has(variable));
  return { settings: { values, missing }, problems };
}

/**
 * Reads the variables of all providers. A provider without credentials is no problem: it is not set up, and the others work. `sandboxPort`
 * is the sandbox's first port, if the sandbox is on. A problem never contains a value.
 */
export function readProviderSettings(source: Source, sandboxPort: number | undefined): ProviderSettingsCheck {
  const read = registeredProviders.map((definition, place) => {
    const { id } = definition;
    const standIn = sandboxPort === undefined ? undefined : sandboxStandIn(id, place, sandboxPort);
    return { id, ...readSettings(definition, source, standIn) };
  });
  return {
    settings: new Map(read.map(({ id, settings }) => [id, settings])),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** The stand-ins of the registered providers that have one in the sandbox, whose first port is given. */
export function registeredStandIns(sandboxPort: number): (SandboxStandIn & { id: string })[] {
  return registeredProviders.flatMap(({ id, variables }, place) =>
    Object.values(variables).some(({ inSandbox }) => inSandbox !== undefined)
      ? [{ id, ...sandboxStandIn(id, place, sandboxPort) }]
      : [],
  );
}

/** The part of the configuration that providers are made from. */
export interface ProviderEnvironment {
  appUrl: string;
  sonar: SonarSettings;
  /** The providers besides Sonar, by id. */
  providers: ReadonlyMap<string, ProviderSettings>;
}

/** A provider that is set up, and its calls. */
export interface FoundProvider {
  provider: Provider;
  calls: ProviderSetup["calls"];
  /** Origins of its authorize page. */
  authorizeOrigins: readonly string[];
}

/** Sets a provider up with the values of its variables. */
export function setUpProvider(
  { id, name, setUp }: ProviderDefinition,
  values: ReadonlyMap<string, string>,
  appUrl: string,
): FoundProvider {
  const { issuer, authorizeOrigins, oauth, calls } = setUp((variable) => values.get(variable) ?? "");
  // Each has its own redirect URI, so that a callback's path identifies the provider (mix-up defence, RFC 9700 section 4.4.2).
  const redirectUri = `${appUrl}/oauth/callback/${id}`;
  const provider = { id, name, redirectUri, issuer, oauth };
  return { provider, calls, authorizeOrigins };
}

function findSonar({ sonar }: ProviderEnvironment): FoundProvider {
  return { provider: sonarProvider(sonar), calls: {}, authorizeOrigins: [new URL(sonar.frontendUrl).origin] };
}

/**
 * The provider of an id. Fails with `connection/unknown_provider`, or with `config/missing` if its variables are not set. Ids come from
 * URLs, so they are compared and never used as keys: `__proto__` is no provider.
 */
export function requireProvider(env: ProviderEnvironment, id: string): Result<FoundProvider> {
  if (id === "sonar") return success(findSonar(env));
  const definition = registeredProviders.find((one) => one.id === id);
  if (!definition) return fail("connection/unknown_provider");
  const settings = env.providers.get(id);
  if (!settings || settings.missing.length > 0) return fail("config/missing");
  return success(setUpProvider(definition, settings.values, env.appUrl));
}

/** As `requireProvider`; `undefined` if there is no such provider, or it is not set up. */
export function findProvider(env: ProviderEnvironment, id: string): Provider | undefined {
  const found = requireProvider(env, id);
  return found.ok ? found.data.provider : undefined;
}

/** The id of the provider whose redirect URI has this path. */
export function providerAt(env: ProviderEnvironment, path: string): ProviderId | undefined {
  return allIds().find((id) => {
    const provider = findProvider(env, id);
    return provider !== undefined && new URL(provider.redirectUri).pathname === path;
  });
}

function allIds(): ProviderId[] {
  return ["sonar", ...registeredProviders.map(({ id }) => id)];
}

/** The origins that a form of this site may be redirected to: the authorize pages of every provider that is set up. */
export function authorizeOrigins(env: ProviderEnvironment): string[] {
  const origins = allIds().flatMap((id) => {
    const found = requireProvider(env, id);
    return found.ok ? found.data.authorizeOrigins : [];
  });
  return [...new Set(origins)];
}

/** The id, if it belongs to a provider besides Sonar. Pages and failures are about Sonar if no other provider is named. */
export function furtherProvider(id: string | undefined): string | undefined {
  return registeredProviders.find((one) => one.id === id)?.id;
}
