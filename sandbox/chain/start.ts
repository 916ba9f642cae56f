import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BaseError, HttpRequestError, TimeoutError, type Address } from "viem";
import {
  SANDBOX_DEFAULT_CHAIN_ID,
  SANDBOX_DEFAULT_TOKENS,
  SANDBOX_SALE,
  sandboxChainPort,
  type SandboxToken,
} from "../../lib/config/sandbox";
import { readDataFile, writeDataFile } from "../data-file";
import { isJsonObject } from "../http/request";
import { isAddressInUse } from "../http/service";
import { SANDBOX_TOKENS } from "./chain-facts";
import { deployedTokens, deploySandboxContracts, fundPersonas, installMulticall, isDeployed } from "./deploy";
import { startNode, type RunningNode } from "./node";
import { latestBlockTime, nodeClient, type NodeClient } from "./node-client";
import { openRpcDoor, type RpcDoor, type RpcGuests } from "./rpc-door";

/** Options for the sandbox's chain. */
export interface ChainOptions {
  /** Absent: the port after Echo's default. 0 takes any free port. */
  port?: number;
  /** Absent: that of local development chains. */
  chainId?: number;
  /** The payment tokens of the sale, in its order; absent: both. */
  paymentTokens?: readonly SandboxToken[];
  /** Absent: programs and pages of this machine. */
  guests?: RpcGuests;
  /** The folder that keeps the chain over a restart; absent: it is in memory only. */
  dataFolder?: string;
  /** Seconds between two blocks, in addition to one block per transaction; absent: only those. */
  blockSeconds?: number;
}

/** A chain with the sale, in a process of its own. */
export interface RunningChain {
  rpcUrl: string;
  chainId: number;
  saleAddress: Address;
  tokens: { readonly usdc: Address; readonly usdt: Address };
  /** True if another process runs the chain; `close` then leaves it running. */
  attached: boolean;
  close(): Promise<void>;
}

/**
 * Starts the chain and deploys missing contracts, or attaches to the chain that already answers on that port. Throws if another
 * program uses the port. Of two processes that start at the same time, exactly one runs the chain.
 */
export async function startChain(options: ChainOptions): Promise<RunningChain> {
  const { port = sandboxChainPort(), chainId = SANDBOX_DEFAULT_CHAIN_ID } = options;
  const facts = { chainId, saleAddress: SANDBOX_SALE, tokens: SANDBOX_TOKENS };
  try {
    const { rpcUrl, close } = await startOwn({ ...options, port, chainId });
    return { rpcUrl, ...facts, attached: false, close };
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
  }
  const rpcUrl = `http://127.0.0.1:${port}`;
  await attachToChain(rpcUrl, chainId);
  return { rpcUrl, ...facts, attached: true, close: () => Promise.resolve() };
}

type OwnChain = ChainOptions & { port: number; chainId: number };

/** The door has the port first: of two processes, one gets it. The node itself is at a port that nobody is told. */
async function startOwn({ port, guests, ...options }: OwnChain): Promise<RunningNode> {
  const door = await openRpcDoor({ port, ...guests });
  try {
    const node = await startPrepared({ ...options, port });
    door.leadTo(node.rpcUrl);
    return { rpcUrl: door.rpcUrl, close: () => closeBoth(door, node) };
  } catch (error) {
    await door.close();
    throw error;
  }
}

async function closeBoth(door: RpcDoor, node: RunningNode): Promise<void> {
  await door.close();
  await node.close();
}

/** `port` names the file of the chain's state. */
async function startPrepared({
  port,
  chainId,
  dataFolder,
  blockSeconds,
  paymentTokens,
}: OwnChain): Promise<RunningNode> {
  const stateFile = dataFolder === undefined ? undefined : join(dataFolder, `sandbox-chain-${port}.json`);
  if (stateFile !== undefined) prepareStateFile(stateFile, chainId);
  const node = await startNode({
    port: 0,
    chainId,
    ...(stateFile !== undefined && { stateFile }),
    ...(blockSeconds !== undefined && { blockSeconds }),
  });
  try {
    await prepare(nodeClient(node.rpcUrl), paymentTokens ?? SANDBOX_DEFAULT_TOKENS);
    return node;
  } catch (error) {
    await node.close();
    throw error;
  }
}

async function prepare(node: NodeClient, paymentTokens: readonly SandboxToken[]): Promise<void> {
  await keepClock(node);
  if ((await isDeployed(node)) && (await deployedTokens(node)).join() === paymentTokens.join()) {
    await installMulticall(node);
    return fundPersonas(node);
  }
  // An older version of the contracts was deployed here, or a sale with other payment tokens.
  await node.request({ method: "anvil_reset" });
  await deploySandboxContracts(node, { paymentTokens });
}

/** The node starts at wall time. If its clock was moved forward before, a block must not be older than its parent. */
async function keepClock(node: NodeClient): Promise<void> {
  const latest = await latestBlockTime(node);
  if (latest * 1000 > Date.now()) await node.request({ method: "anvil_setTime", params: [latest] });
  // Without a new block, the latest block's time would be that of the chain's last use.
  await node.request({ method: "evm_mine" });
}

/** The time that another process has to start the chain and to deploy the contracts. */
const TIMEOUT_MS = 10_000;
const POLL_MS = 50;

/** A node that is starting has its port a moment before it answers; anything that answers with an error is another program. */
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
      if (!isNoAnswer(error) || performance.now() > deadline) return undefined;
      await delay(POLL_MS);
    }
  }
}

/** Waits until the sandbox's contracts are at `rpcUrl`. Throws if another program answers there, or a chain of another id. */
async function attachToChain(rpcUrl: string, chainId: number): Promise<void> {
  const node = nodeClient(rpcUrl);
  const deadline = performance.now() + TIMEOUT_MS;
  const found = await chainIdOnceItAnswers(node, deadline);
  if (found === undefined) {
    throw new Error(`${rpcUrl} is used by a program that is not this sandbox's chain. Stop it, or set SANDBOX_PORT.`);
  }
  if (found !== chainId) {
    throw new Error(
      `${rpcUrl} is a chain with the id ${found}, not ${chainId}. Stop it, or set SANDBOX_CHAIN_ID=${found} or SANDBOX_PORT.`,
    );
  }
  if (!(await isDeployedBefore(deadline, node)))
    throw new Error(`The chain at ${rpcUrl} does not have this version's contracts. Stop it.`);
}

/** Waits for another process that is deploying the contracts. */
async function isDeployedBefore(deadline: number, node: NodeClient): Promise<boolean> {
  while (!(await isDeployed(node))) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/**
 * Makes the folder of the chain's state and shortens the state. With a file that is not JSON, the node would not start; with one of another
 * chain id it would, and its transactions would belong to no chain.
 */
function prepareStateFile(file: string, chainId: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const content = { name: "a chain's state", loss: "The chain starts anew." };
  const state = readDataFile<unknown>(file, (value) => value, content, Date.now());
  if (state === undefined) return;
  const earlier = chainIdIn(state);
  if (earlier === undefined || earlier === chainId) return writeDataFile(file, withoutEmptyBlocks(state));
  const aside = `${file}.chain-${earlier}`;
  renameSync(file, aside);
  console.warn(
    `sandbox: the stored chain has the id ${earlier}, not ${chainId}: the chain starts anew. The earlier one is now ${aside}.`,
  );
}

/** The chain id that the stored transactions are signed for; undefined if the state is of an unknown shape. */
function chainIdIn(state: unknown): number | undefined {
  const blocks: unknown[] = isJsonObject(state) && Array.isArray(state["blocks"]) ? state["blocks"] : [];
  for (const block of blocks) {
    const transactions: unknown[] =
      isJsonObject(block) && Array.isArray(block["transactions"]) ? block["transactions"] : [];
    for (const entry of transactions) {
      const transaction = isJsonObject(entry) ? entry["transaction"] : undefined;
      const id = isJsonObject(transaction) ? transaction["chainId"] : undefined;
      if (typeof id === "string") return Number(id);
    }
  }
  return undefined;
}

/** The blocks at the end that always stay: as many as a contract can read the hash of. */
const RECENT = 256;

/**
 * A node's stored state without empty blocks, except for the first and the recent ones. The node keeps every block, which at one
 * per 12 seconds is 12 MB a day. A state of an unknown shape stays as it is.
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
  // The comparison is negated because it is false for a number that cannot be read, and such a block stays.
  return block["transactions"].length > 0 || number === 0 || !(number <= newest - RECENT);
}
