import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { attachToSandbox, attachToService, isService, readChainFacts, type ChainFacts } from "./attach";
import { sandboxChainPort, sandboxClient, sandboxEchoOrigin, type SandboxToken } from "../lib/config/sandbox";
import { startEcho, type EchoOptions } from "./echo/server";
import { isAddressInUse } from "./http/service";
import { standIns } from "./providers/stand-ins";

/** Seconds between blocks while nobody sends a transaction: permits and phases depend on the latest block's time. */
export const BLOCK_SECONDS = 12;

/**
 * The chain of the sale: none; the node at `rpcUrl`, which runs already; or the sandbox's own, with a block every `blockSeconds` in
 * addition to those of transactions.
 */
export type ChainChoice = "none" | { readonly rpcUrl: string } | { readonly blockSeconds?: number };

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
interface ProvidersOptions {
  providers: readonly ProviderChoice[];
  /** See `SandboxOptions`. */
  hosts?: readonly string[];
  /** The folder that keeps grants over a restart; absent: they are in memory only. */
  dataFolder?: string;
}

/** A provider of the sandbox, in this or another process. */
interface SandboxProvider {
  id: string;
  name: string;
  origin: string;
  close(): Promise<void>;
}

/** Options for the sandbox. */
export interface SandboxOptions {
  /** The port of Echo; the chain has the next one. 0 takes any free ports. */
  port: number;
  redirectUris: readonly string[];
  /** The folder that keeps state over a restart; absent: it is in memory only. */
  dataFolder?: string;
  /** Absent: the sandbox's own chain. */
  chain?: ChainChoice;
  /** Absent: that of local development chains. */
  chainId?: number;
  /** The payment tokens of the sale, in its order; absent: both. */
  paymentTokens?: readonly SandboxToken[];
  /** The host names that all services answer to besides this machine's own; with any, they listen on every interface. */
  hosts?: readonly string[];
  /** The further providers to start; absent: none. */
  providers?: readonly ProviderChoice[];
}

/** A running sandbox, in this or other processes. */
export interface RunningSandbox {
  echoOrigin: string;
  /** Absent without a chain. */
  chainRpcUrl?: string;
  providers: readonly Pick<SandboxProvider, "id" | "name" | "origin">[];
  /** True if another process runs Echo; `close` then leaves it running. */
  attached: boolean;
  /** Of an Echo that another process runs: the chain that it uses, if one answers. */
  found?: ChainFacts;
  close(): Promise<void>;
}

interface Part {
  close(): Promise<void>;
}

/**
 * Starts chain, providers and Echo, or attaches to those that already answer on these ports: each may belong to another process.
 * Registers the redirect URIs either way. Throws if another program uses a port. Each part binds its port first and asks who is there
 * only if that fails, so that of two processes that start at the same time exactly one runs it.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const parts: Part[] = [];
  const close = async () => {
    for (const part of parts.toReversed()) await part.close();
  };
  try {
    const chain = await startChosenChain(options);
    parts.push(chain);
    const providers = await startProviders({ ...options, providers: options.providers ?? [] });
    parts.push(...providers);
    const others = providers.map(({ name, origin }) => ({ name, url: `${origin}/` }));
    const echo = await startOrAttachToEcho(options, { chainRpcUrl: chain.rpcUrl, others });
    parts.push(echo);
    if (!echo.attached) await prepareNode(options);
    const { echoOrigin, attached } = echo;
    const found = attached ? await readChainFacts(echoOrigin) : undefined;
    return {
      echoOrigin,
      attached,
      ...(found && { found }),
      providers,
      ...(chain.rpcUrl !== undefined && { chainRpcUrl: chain.rpcUrl }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startChosenChain(options: SandboxOptions): Promise<Part & { rpcUrl?: string }> {
  const { port, dataFolder, chain = {}, chainId, paymentTokens, redirectUris, hosts = [] } = options;
  const close = () => Promise.resolve();
  if (chain === "none") return { close };
  if ("rpcUrl" in chain) return { rpcUrl: chain.rpcUrl, close };
  // Loaded only for a chain, because it contains the contracts.
  const { startChain } = await import("./chain/start");
  return startChain({
    ...chain,
    port: port === 0 ? 0 : sandboxChainPort(port),
    guests: { hosts, origins: redirectUris.map((uri) => new URL(uri).origin) },
    ...(chainId !== undefined && { chainId }),
    ...(paymentTokens !== undefined && { paymentTokens }),
    ...(dataFolder !== undefined && { dataFolder }),
  });
}

/** Prepares a node that another program runs; one process does so, as two that deploy at the same time would get wrong addresses. */
async function prepareNode({ chain, chainId, paymentTokens }: SandboxOptions): Promise<void> {
  if (typeof chain !== "object" || !("rpcUrl" in chain)) return;
  const { prepareForeignNode } = await import("./chain/foreign-node");
  await prepareForeignNode(chain.rpcUrl, chainId, paymentTokens);
}

async function startOrAttachToEcho(
  { port, redirectUris, dataFolder, paymentTokens, hosts = [] }: SandboxOptions,
  { chainRpcUrl, others }: { chainRpcUrl: string | undefined; others: Required<EchoOptions>["others"] },
): Promise<Part & { echoOrigin: string; attached: boolean }> {
  const chain = chainRpcUrl === undefined ? {} : { chainRpcUrl };
  const paymentToken = paymentTokens?.[0];
  const sale = paymentToken === undefined ? {} : { paymentToken };
  try {
    const echo = await startEcho({
      port,
      redirectUris,
      hosts,
      others,
      ...chain,
      ...sale,
      ...dataFiles(port, dataFolder),
    });
    return { echoOrigin: echo.origin, attached: false, close: echo.close };
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
  }
  const echoOrigin = sandboxEchoOrigin(port);
  await attachToSandbox(echoOrigin, { redirectUris, ...chain });
  return { echoOrigin, attached: true, close: () => Promise.resolve() };
}

function dataFiles(port: number, folder: string | undefined): { dataFile?: string; anchorFile?: string } {
  if (folder === undefined) return {};
  const file = (part: string) => join(folder, `sandbox-${part}-${port}.json`);
  return { dataFile: file("echo"), anchorFile: file("sale") };
}

/**
 * Starts the chosen providers, or attaches to those that already answer on their ports. Throws if another program uses one of the
 * ports, or if a provider has no stand-in; the providers that have started are then stopped.
 */
export async function startProviders({ providers, ...options }: ProvidersOptions): Promise<SandboxProvider[]> {
  const started: SandboxProvider[] = [];
  try {
    for (const choice of providers) started.push(await startOrAttach(choice, options));
    return started;
  } catch (error) {
    await Promise.all(started.map((provider) => provider.close()));
    throw error;
  }
}

async function startOrAttach(
  { id, port, redirectUris }: ProviderChoice,
  { dataFolder, hosts = [] }: Omit<ProvidersOptions, "providers">,
): Promise<SandboxProvider> {
  const standIn = standIns[id];
  if (!standIn) throw new Error(`The sandbox has no stand-in for ${id}: add one to sandbox/providers/stand-ins.ts.`);
  const { name } = standIn;
  const dataFile = dataFolder === undefined ? {} : { dataFile: join(dataFolder, `sandbox-${id}-${port}.json`) };
  try {
    const pagesPort = port === 0 ? 0 : port + 1;
    const { origin, close } = await standIn.start({ port, pagesPort, redirectUris, hosts, ...dataFile });
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
