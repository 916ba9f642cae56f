import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { attachToService, isService } from "../attach";
import { sandboxClient, sandboxEchoOrigin } from "../../lib/config/sandbox";
import { isAddressInUse } from "../http/service";
import { standIns } from "./stand-ins";

/** A provider to start. */
export interface ProviderChoice {
  /** The provider's id in the app's registry, and in `standIns`. */
  id: string;
  /** The port of its API; its pages may have the next one. 0 takes any free ports. */
  port: number;
  /** The app's redirect URIs with it. */
  redirectUris: readonly string[];
}

/** Options for the providers. */
export interface ProvidersOptions {
  providers: readonly ProviderChoice[];
  /** The folder that keeps grants over a restart; absent: they are in memory only. */
  dataFolder?: string;
}

/** A provider of the sandbox, in this or another process. */
export interface SandboxProvider {
  id: string;
  name: string;
  origin: string;
  close(): Promise<void>;
}

/**
 * Starts the chosen providers, or attaches to those that already answer on their ports. Throws if another program uses one of the
 * ports, or if a provider has no stand-in; the providers that have started are then stopped.
 */
export async function startProviders({ providers, dataFolder }: ProvidersOptions): Promise<SandboxProvider[]> {
  const started: SandboxProvider[] = [];
  try {
    for (const choice of providers) started.push(await startOrAttach(choice, dataFolder));
    return started;
  } catch (error) {
    await Promise.all(started.map((provider) => provider.close()));
    throw error;
  }
}

async function startOrAttach(
  { id, port, redirectUris }: ProviderChoice,
  dataFolder: string | undefined,
): Promise<SandboxProvider> {
  const standIn = standIns[id];
  if (!standIn) throw new Error(`The sandbox has no stand-in for ${id}: add one to sandbox/providers/stand-ins.ts.`);
  const { name } = standIn;
  const dataFile = dataFolder === undefined ? {} : { dataFile: join(dataFolder, `sandbox-${id}-${port}.json`) };
  try {
    const pagesPort = port === 0 ? 0 : port + 1;
    const { origin, close } = await standIn.start({ port, pagesPort, redirectUris, ...dataFile });
    return { id, name, origin, close };
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
  }
  const origin = sandboxEchoOrigin(port);
  const service = { sandbox: id, clientId: sandboxClient(id).clientId };
  await waitForService(origin, service);
  await attachToService(origin, service, redirectUris);
  return { id, name, origin, close: () => Promise.resolve() };
}

/** Another process may have bound the first of a provider's two ports and be about to bind the second. */
async function waitForService(origin: string, service: { sandbox: string; clientId: string }): Promise<void> {
  for (let tries = 0; tries < 20 && !(await isService(origin, service)); tries += 1) await delay(50);
}
