import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import {
  BaseError,
  ContractFunctionExecutionError,
  createPublicClient,
  RpcRequestError,
  TimeoutError,
  type PublicClient,
  type Transport,
} from "viem";
import { nodesTransport } from "@/lib/wallet/nodes";
import { partOf, type Deadline } from "@/lib/http/deadline";
import { inSpan } from "@/lib/http/telemetry";
import { upstreamFetch, type FetchLike } from "@/lib/http/upstream";
import { fail, type Result } from "@/lib/result";

/** A read is two requests: the block, then the calls at it. Only while a block is awaited there are more. */
const REQUESTS_OF_A_READ = 2;

/** Time limit for one node (milliseconds): short enough to leave time for the others; a single node gets all of it. */
function patience(nodes: number, timeLeft: number): number {
  return Math.max(1, nodes === 1 ? timeLeft : timeLeft / nodes / REQUESTS_OF_A_READ);
}

/**
 * Every request here only reads, so it may be repeated after a stale connection. `timeout` (milliseconds) is for the whole answer: viem's own ends
 * with the headers, and a node that stops half-way would leave no time for the others.
 */
function nodeFetch(deadline: Deadline, timeout: number): FetchLike {
  return (input, init) => upstreamFetch("chain.node", partOf(deadline, timeout), () => true)(input, init);
}

/** The nodes of a chain. */
interface Nodes {
  rpcUrls: readonly string[];
  chainId: number;
}

/** Each request as a span with its method alone. The nodes that were asked for it are spans below. */
function traced(transport: Transport): Transport {
  return (options) => {
    const opened = transport(options);
    const request: typeof opened.request = (asked, ...rest) => {
      const fields = { "rpc.system.name": "jsonrpc", "rpc.method": asked.method } as const;
      return inSpan({ name: asked.method, kind: "client", fields }, () => opened.request(asked, ...rest));
    };
    return { ...opened, request };
  };
}

/** A client for one read of the chain. It tries the RPC URLs in order until one gives a usable answer, all before the deadline. */
export function chainClient({ rpcUrls, chainId }: Nodes, deadline: Deadline): PublicClient {
  const timeout = patience(rpcUrls.length, deadline.left());
  const transport = nodesTransport(rpcUrls, { chainId, timeout, fetchFn: nodeFetch(deadline, timeout), retryCount: 0 });
  return createPublicClient({ transport: traced(transport) });
}

const POLLS = 8;
const POLL_MS = 400;

/**
 * A block further ahead than this is not waited for: it cannot come in time, because even a chain with 100 blocks a second makes no more of
 * them during all polls. Whoever asks for it has made it up, or the node is too far behind for a wait to help.
 */
const MOST_AHEAD = BigInt((POLLS * POLL_MS) / 10);

/** The part of the time limit that the next request needs (milliseconds). */
const RESERVE_MS = 1_500;

/** A block. All calls of one read are made at the same block. */
export interface ChainBlock {
  number: bigint;
  /** Unix seconds. */
  timestamp: bigint;
}

/**
 * A latest block that is older than this (seconds) is told to people, since all nodes may have stopped: a person who sees yesterday's stage or
 * position as today's may miss the days in which a commitment can be cancelled (issue 13). It is also true of a chain that makes no blocks.
 */
export const OUTDATED_SECONDS = 60;

/** True if the latest block that is known, of this time in Unix seconds, is old by the world's clock. */
export function isOutdated(blockTime: number): boolean {
  return Date.now() / 1_000 - blockTime > OUTDATED_SECONDS;
}

/** This block, if any node has it: the preferred one may be behind. */
function blockOfAny(client: PublicClient, blockNumber: bigint): Promise<ChainBlock | undefined> {
  return client.getBlock({ blockNumber }).catch(() => undefined);
}

/**
 * The latest block. With `atLeast`, it waits a little for that block: right after a transaction, another node behind a load balancer may not
 * have it yet. If the block does not or cannot come in time, the latest one is returned.
 */
export async function latestBlock(client: PublicClient, deadline: Deadline, atLeast: bigint = 0n): Promise<ChainBlock> {
  let block: ChainBlock = await client.getBlock();
  if (block.number < atLeast) block = (await blockOfAny(client, atLeast)) ?? block;
  const awaited = atLeast - block.number <= MOST_AHEAD ? atLeast : 0n;
  for (let poll = 0; poll < POLLS && block.number < awaited && deadline.left() > POLL_MS + RESERVE_MS; poll++) {
    await sleep(POLL_MS);
    block = await client.getBlock();
  }
  return { number: block.number, timestamp: block.timestamp };
}

/** The outcome of one call of a `multicall`. */
export type Outcome<T> =
  { status: "success"; result: T; error?: undefined } | { status: "failure"; error: Error; result?: undefined };

/** The value of a call that the answer cannot do without. Throws the error that viem gives for it. */
export function required<T>(outcome: Outcome<T>): T {
  if (outcome.status === "failure") throw outcome.error;
  return outcome.result;
}

/** `multicall` wraps all calls in this one; its failure says nothing about them. */
const WRAPPER = "aggregate3";

/** True if the contract itself answered, with a refusal or with nothing: then another node would give the same answer. */
export function isContractAnswer(error: unknown): boolean {
  return error instanceof ContractFunctionExecutionError && error.functionName !== WRAPPER;
}

function hasCause(error: unknown, isCause: (cause: unknown) => boolean): boolean {
  return error instanceof BaseError && error.walk(isCause) !== null;
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof TimeoutError || (cause instanceof Error && cause.name === "TimeoutError");
}

/** The failure of viem's errors, without their text, which contains RPC URLs with their keys. Other errors are bugs and are rethrown. */
function chainFailure(error: unknown) {
  if (!(error instanceof BaseError)) throw error;
  if (isContractAnswer(error)) return fail("sale/wrong_contract");
  return fail("chain/unreachable", hasCause(error, isTimeout) ? { reason: "timeout" } : {});
}

/**
 * Runs a read of the chain; viem's errors become Failures: `sale/wrong_contract` or `chain/unreachable`. After a node's own error it tries
 * once more: behind a load balancer, one node may not have the block yet that another one has just named.
 */
export async function chainResult<T>(read: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await read();
  } catch (error) {
    const worthATry = !isContractAnswer(error) && hasCause(error, (cause) => cause instanceof RpcRequestError);
    if (!worthATry) return chainFailure(error);
  }
  return read().catch(chainFailure);
}
