import "server-only";
import type { EnvProblem } from "@/lib/env-rules";
import { registeredProviders } from "@/lib/providers/index";
import type { ProviderDefinition } from "@/lib/providers/provider-definition";
import { isLoopback } from "@/lib/secure-url";

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
