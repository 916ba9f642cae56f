import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BaseError, HttpRequestError, TimeoutError, type Address } from "viem";
import { SANDBOX_CHAIN_ID, SANDBOX_SALE, sandboxChainPort } from "../../lib/config/sandbox";
import { readDataFile, writeDataFile } from "../data-file";
import { isJsonObject } from "../http/request";
import { SANDBOX_TOKENS } from "./chain-facts";
import { deploySandboxContracts, isDeployed } from "./deploy";
import { PortInUse, startNode, type RunningNode } from "./node";
import { latestBlockTime, nodeClient, type NodeClient } from "./node-client";

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

/** How long the process that runs the chain may take to answer and to deploy the contracts. */
const TIMEOUT_MS = 10_000;
const POLL_MS = 50;

/** A node that is starting has its port a moment before it answers there; whatever answers an error is something else. */
function isNoAnswer(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const cause = error.walk((each) => each instanceof TimeoutError || each instanceof HttpRequestError);
  return cause instanceof TimeoutError || (cause instanceof HttpRequestError && cause.status === undefined);
}

async function chainIdOnceItAnswers(node: NodeClient, deadline: number): Promise<number | undefined> {
  for (;;) {
    try {
      return await node.getChainId();
    } catch (error) {
      if (!isNoAnswer(error) || Date.now() > deadline) return undefined;
      await delay(POLL_MS);
    }
  }
}

/** Waits until the sandbox's contracts are at `rpcUrl`. Throws if what answers there is not this sandbox's chain. */
async function attachToChain(rpcUrl: string): Promise<void> {
  const node = nodeClient(rpcUrl);
  const deadline = Date.now() + TIMEOUT_MS;
  const chainId = await chainIdOnceItAnswers(node, deadline);
  if (chainId !== SANDBOX_CHAIN_ID) {
    throw new Error(`${rpcUrl} is taken by something that is not this sandbox's chain. Stop it, or set SANDBOX_PORT.`);
  }
  while (!(await isDeployed(node))) {
    if (Date.now() > deadline) throw new Error(`The chain at ${rpcUrl} has not this version's contracts. Stop it.`);
    await delay(POLL_MS);
  }
}

/** Makes a folder for the chain's state, and makes the state small. With a file that is no JSON the node would not start. */
function prepareStateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const content = { name: "a chain's state", loss: "The chain starts anew." };
  const state = readDataFile<unknown>(file, (value) => value, content, Date.now());
  if (state !== undefined) writeDataFile(file, withoutEmptyBlocks(state));
}

/** Blocks at the end that stay whatever is in them: as many as a contract can ask the hash of. */
const RECENT = 256;

/**
 * A node's kept state without the blocks in which nothing happened, but for the first and the recent ones. The node keeps
 * every block, which with one each 12 seconds is 12 MB a day. What is not in the form known here stays as it is. Pure.
 */
function withoutEmptyBlocks(state: unknown): unknown {
  if (!isJsonObject(state) || !Array.isArray(state["blocks"])) return state;
  const newest = Number(state["best_block_number"]);
  const blocks = state["blocks"].filter((block: unknown) => isWorthKeeping(block, newest));
  return { ...state, blocks };
}

function isWorthKeeping(block: unknown, newest: number): boolean {
  if (!isJsonObject(block) || !isJsonObject(block["header"]) || !Array.isArray(block["transactions"])) return true;
  const number = Number(block["header"]["number"]);
  // Also where a number cannot be read, and the comparison holds for neither side.
  return block["transactions"].length > 0 || number === 0 || !(number <= newest - RECENT);
}
