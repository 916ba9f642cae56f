import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { attachToService, isService } from "../attach";
import {
  SANDBOX_INTERACT,
  SANDBOX_ONCEHUB,
  SANDBOX_RAKOMI,
  sandboxInteractOrigin,
  sandboxOnceHubOrigin,
  sandboxRakomiAccountsOrigin,
  sandboxRakomiOrigin,
} from "../../lib/config/sandbox";
import { isAddressInUse } from "../http/service";
import { startInteract } from "./interact";
import { startOnceHub } from "./oncehub";
import { startRakomi } from "./rakomi";
import type { ProviderOptions } from "../standard/provider";
import type { RunningProvider } from "../standard/serve";

/** The further providers that the sandbox has a stand-in for. */
export type SandboxProviderId = "oncehub" | "interact" | "rakomi";

/** The providers to start, with the app's redirect URIs at each. */
export type ProviderChoice = Readonly<Partial<Record<SandboxProviderId, readonly string[]>>>;

/** Options for the providers. */
export interface ProvidersOptions {
  /** The sandbox's first port; 0 takes any free ports. */
  port: number;
  providers: ProviderChoice;
  /** The folder that keeps grants over a restart; absent: they are in memory only. */
  dataFolder?: string;
}

interface StandIn {
  name: string;
  clientId: string;
  origin: (firstPort: number) => string;
  start: (options: ProviderOptions, firstPort: number) => Promise<RunningProvider>;
}

const STAND_INS: Readonly<Record<SandboxProviderId, StandIn>> = {
  oncehub: { name: "OnceHub", ...SANDBOX_ONCEHUB, origin: sandboxOnceHubOrigin, start: startOnceHub },
  interact: { name: "Interact", ...SANDBOX_INTERACT, origin: sandboxInteractOrigin, start: startInteract },
  rakomi: {
    name: "Rakomi",
    ...SANDBOX_RAKOMI,
    origin: sandboxRakomiOrigin,
    start: (options, firstPort) =>
      startRakomi({ ...options, accountsPort: firstPort === 0 ? 0 : portOf(sandboxRakomiAccountsOrigin(firstPort)) }),
  },
};

/** A provider of the sandbox, in this or another process. */
export interface SandboxProvider {
  id: SandboxProviderId;
  name: string;
  origin: string;
  close(): Promise<void>;
}

/**
 * Starts the chosen providers, or attaches to those that already answer on their ports. Throws if another program uses one of the
 * ports; the providers that have started are then stopped.
 */
export async function startProviders(options: ProvidersOptions): Promise<SandboxProvider[]> {
  const started: SandboxProvider[] = [];
  try {
    for (const [id, redirectUris] of wanted(options.providers))
      started.push(await startOrAttach(id, redirectUris, options));
    return started;
  } catch (error) {
    await Promise.all(started.map((provider) => provider.close()));
    throw error;
  }
}

function wanted({ oncehub, interact, rakomi }: ProviderChoice): [SandboxProviderId, readonly string[]][] {
  const choices = { oncehub, interact, rakomi } as const;
  const ids = ["oncehub", "interact", "rakomi"] as const;
  return ids.flatMap((id) => (choices[id] ? [[id, choices[id]]] : []));
}

async function startOrAttach(
  id: SandboxProviderId,
  redirectUris: readonly string[],
  { port: firstPort, dataFolder }: ProvidersOptions,
): Promise<SandboxProvider> {
  const { name, clientId, start, ...standIn } = STAND_INS[id];
  const port = firstPort === 0 ? 0 : portOf(standIn.origin(firstPort));
  const dataFile = dataFolder === undefined ? {} : { dataFile: join(dataFolder, `sandbox-${id}-${port}.json`) };
  try {
    const { origin, close } = await start({ port, redirectUris, ...dataFile }, firstPort);
    return { id, name, origin, close };
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
  }
  const origin = standIn.origin(firstPort);
  await waitForService(origin, { sandbox: id, clientId });
  await attachToService(origin, { sandbox: id, clientId }, redirectUris);
  return { id, name, origin, close: () => Promise.resolve() };
}

/** Another process may have bound the first of a provider's two ports and be about to bind the second. */
async function waitForService(origin: string, service: { sandbox: string; clientId: string }): Promise<void> {
  for (let tries = 0; tries < 20 && !(await isService(origin, service)); tries += 1) await delay(50);
}

function portOf(origin: string): number {
  return Number(new URL(origin).port);
}
