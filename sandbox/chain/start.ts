import { join } from "node:path";
import type { Address } from "viem";
import { attachToChain } from "./attach";
import { SANDBOX_CHAIN_ID, SANDBOX_SALE, SANDBOX_TOKENS, sandboxChainPort } from "./chain-facts";
import { deploySandboxContracts, isDeployed } from "./deploy";
import { latestBlockTime, nodeClient } from "./node/node-client";
import type { NodeClient } from "./node/node-client";
import { PortInUse, startNode } from "./node/start-node";
import type { RunningNode } from "./node/start-node";
import { prepareStateFile } from "./state-file";

/** How to run the sandbox's chain. */
export interface ChainOptions {
  /** Absent: the one after Echo's default. 0 takes any free one. */
  port?: number;
  /** Folder in which the chain survives a restart; absent: in memory only. */
  dataFolder?: string;
  /** Seconds between two blocks, in addition to one for every transaction; absent: only those. */
  blockSeconds?: number;
}

/** A chain with the sale on it, in a process of its own. */
export interface RunningChain {
  rpcUrl: string;
  saleAddress: Address;
  tokens: { readonly usdc: Address; readonly usdt: Address };
  /** True if another process runs it; `close` then leaves it alone. */
  attached: boolean;
  close(): Promise<void>;
}

/**
 * Starts the chain and deploys what is not there yet, or attaches to the one that already answers on that port. Throws
 * when something else has the port. Of two processes that start at once exactly one runs it.
 */
export async function startChain({ port = sandboxChainPort(), ...options }: ChainOptions): Promise<RunningChain> {
  const facts = { saleAddress: SANDBOX_SALE, tokens: SANDBOX_TOKENS };
  try {
    const { rpcUrl, close } = await startOwn(port, options);
    return { rpcUrl, ...facts, attached: false, close };
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error;
  }
  const rpcUrl = `http://127.0.0.1:${port}`;
  await attachToChain(rpcUrl);
  return { rpcUrl, ...facts, attached: true, close: () => Promise.resolve() };
}

async function startOwn(port: number, { dataFolder, blockSeconds }: ChainOptions): Promise<RunningNode> {
  const stateFile = dataFolder === undefined ? undefined : join(dataFolder, `sandbox-chain-${port}.json`);
  if (stateFile !== undefined) prepareStateFile(stateFile);
  const node = await startNode({
    port,
    chainId: SANDBOX_CHAIN_ID,
    ...(stateFile !== undefined && { stateFile }),
    ...(blockSeconds !== undefined && { blockSeconds }),
  });
  try {
    await prepare(nodeClient(node.rpcUrl));
    return node;
  } catch (error) {
    await node.close();
    throw error;
  }
}

async function prepare(node: NodeClient): Promise<void> {
  await keepClock(node);
  if (await isDeployed(node)) return;
  // What an older version of the contracts left behind.
  await node.request({ method: "anvil_reset" });
  await deploySandboxContracts(node);
}

/** The node starts by wall time. Where its clock had been moved ahead, a block must not be older than its parent. */
async function keepClock(node: NodeClient): Promise<void> {
  const latest = await latestBlockTime(node);
  if (latest * 1000 > Date.now()) await node.request({ method: "anvil_setTime", params: [latest] });
  // Whoever reads the latest block's time now must not read when the chain was last used.
  await node.request({ method: "evm_mine" });
}
