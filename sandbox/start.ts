import { join } from "node:path";
import { attachToSandbox } from "./attach";
import { sandboxChainPort, sandboxEchoOrigin } from "../lib/config/sandbox";
import { startEcho, type EchoOptions } from "./echo/server";
import { isAddressInUse } from "./http/service";
import { startProviders, type ProviderChoice, type SandboxProvider } from "./providers/start";

/** Seconds between blocks while nobody sends a transaction: permits and phases go by the time of the latest block. */
export const BLOCK_SECONDS = 12;

/**
 * Which chain the sale is on: none at all; the node at `rpcUrl`, which runs already; or the sandbox's own, with a block
 * every `blockSeconds` beside those of transactions.
 */
export type ChainChoice = "none" | { readonly rpcUrl: string } | { readonly blockSeconds?: number };

/** How to run the sandbox. */
export interface SandboxOptions {
  /** The first port, of which the own chain has the next one; see constants.ts. 0 takes any free ones. */
  port: number;
  redirectUris: readonly string[];
  /** Folder for what survives a restart; absent: in memory only. */
  dataFolder?: string;
  /** Absent: the sandbox's own. */
  chain?: ChainChoice;
  /** The further providers to start, with the app's redirect URIs there; absent: none. */
  providers?: ProviderChoice;
}

/** A sandbox that answers, in this process or in others. */
export interface RunningSandbox {
  echoOrigin: string;
  /** Absent without a chain. */
  chainRpcUrl?: string;
  providers: readonly Pick<SandboxProvider, "id" | "name" | "origin">[];
  /** True if another process runs Echo; `close` then leaves it alone. */
  attached: boolean;
  close(): Promise<void>;
}

interface Part {
  close(): Promise<void>;
}

/**
 * Starts chain, providers and Echo, or attaches to those that already answer on these ports: each may be another
 * process's. The redirect URIs are registered either way. Throws when something else has a port. Binding comes first and
 * asking second, so that of two processes that start at once exactly one runs each.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const parts: Part[] = [];
  const close = async () => {
    for (const part of parts.toReversed()) await part.close();
  };
  try {
    const chain = await startChosenChain(options);
    parts.push(chain);
    const providers = await startProviders({ ...options, providers: options.providers ?? {} });
    parts.push(...providers);
    const others = providers.map(({ name, origin }) => ({ name, url: `${origin}/` }));
    const echo = await startOrAttachToEcho(options, { chainRpcUrl: chain.rpcUrl, others });
    parts.push(echo);
    const { echoOrigin, attached } = echo;
    return { echoOrigin, attached, providers, ...(chain.rpcUrl !== undefined && { chainRpcUrl: chain.rpcUrl }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startChosenChain({ port, dataFolder, chain = {} }: SandboxOptions): Promise<Part & { rpcUrl?: string }> {
  const close = () => Promise.resolve();
  if (chain === "none") return { close };
  if ("rpcUrl" in chain) return { rpcUrl: chain.rpcUrl, close };
  // Loaded when a chain is wanted: it brings the contracts with it.
  const { startChain } = await import("./chain/start");
  return startChain({
    ...chain,
    port: port === 0 ? 0 : sandboxChainPort(port),
    ...(dataFolder !== undefined && { dataFolder }),
  });
}

async function startOrAttachToEcho(
  { port, redirectUris, dataFolder }: SandboxOptions,
  { chainRpcUrl, others }: { chainRpcUrl: string | undefined; others: Required<EchoOptions>["others"] },
): Promise<Part & { echoOrigin: string; attached: boolean }> {
  const chain = chainRpcUrl === undefined ? {} : { chainRpcUrl };
  try {
    const echo = await startEcho({ port, redirectUris, others, ...chain, ...dataFiles(port, dataFolder) });
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
