import "server-only";
import {
  createPublicClient,
  fallback,
  http,
  BaseError,
  ContractFunctionExecutionError,
  RpcRequestError,
  TimeoutError,
  type PublicClient,
} from "viem";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "@/lib/http/deadline";
import { upstreamFetch, type FetchLike } from "@/lib/http/upstream";
import { fail, type Result } from "@/lib/result";

/** A read is two requests: the block, then what is asked of it. */
const REQUESTS_OF_A_READ = 2;

/** How long one node may be silent: so long that there is time for the others, and of a single one as long as there is. In milliseconds. */
function patience(nodes: number, timeLeft: number): number {
  return Math.max(1, nodes === 1 ? timeLeft : timeLeft / nodes / REQUESTS_OF_A_READ);
}

/** Every request here only reads, so a stale connection may be tried again. */
function nodeFetch(deadline: Deadline): FetchLike {
  return (input, init) => {
    const signals = init?.signal ? [deadline.signal, init.signal] : [deadline.signal];
    return upstreamFetch({ ...deadline, signal: AbortSignal.any(signals) }, () => true)(input, init);
  };
}

/** A client for one read of the chain: asks the RPC URLs in their order until one answers, all of it before the deadline. */
export function chainClient(rpcUrls: readonly string[], deadline: Deadline, now = Date.now): PublicClient {
  const timeout = patience(rpcUrls.length, deadline.at - now());
  const fetchFn = nodeFetch(deadline);
  const transports = rpcUrls.map((url) => http(url, { timeout, fetchFn, retryCount: 0 }));
  return createPublicClient({ transport: fallback(transports, { retryCount: 0 }) });
}

const POLLS = 8;
const POLL_MS = 400;

/** The part of the time limit that what follows needs (milliseconds). */
const RESERVE_MS = 1_500;

/** A block: all that is read of the chain together is read at one. */
export interface ChainBlock {
  number: bigint;
  /** Unix seconds. */
  timestamp: bigint;
}

/**
 * The latest block. With `atLeast`, waits a little for that block: right after a transaction, another node behind a load balancer may not
 * have it yet. If it does not come, the latest there is.
 */
export async function latestBlock(
  client: PublicClient,
  deadline: Deadline,
  atLeast: bigint = 0n,
  now: () => number = Date.now,
): Promise<ChainBlock> {
  let block = await client.getBlock();
  for (let poll = 0; poll < POLLS && block.number < atLeast && now() + POLL_MS + RESERVE_MS < deadline.at; poll++) {
    await sleep(POLL_MS);
    block = await client.getBlock();
  }
  return { number: block.number, timestamp: block.timestamp };
}

/** What became of one call of a `multicall`. */
export type Outcome<T> =
  { status: "success"; result: T; error?: undefined } | { status: "failure"; error: Error; result?: undefined };

/** The value of a call without which there is no answer. Throws the error that viem gives for it. */
export function required<T>(outcome: Outcome<T>): T {
  if (outcome.status === "failure") throw outcome.error;
  return outcome.result;
}

/** The call in which `multicall` wraps all others; that it fails says nothing about them. */
const WRAPPER = "aggregate3";

/** Whether a contract itself answered, with a refusal or with nothing: then asking another node changes nothing. */
export function isContractAnswer(error: unknown): boolean {
  return error instanceof ContractFunctionExecutionError && error.functionName !== WRAPPER;
}

function hasCause(error: unknown, isCause: (cause: unknown) => boolean): boolean {
  return error instanceof BaseError && error.walk(isCause) !== null;
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof TimeoutError || (cause instanceof Error && cause.name === "TimeoutError");
}

/** What viem's errors mean, without their text: it holds RPC URLs with their keys. Other errors are bugs and are thrown on. */
function chainFailure(error: unknown) {
  if (!(error instanceof BaseError)) throw error;
  if (isContractAnswer(error)) return fail("sale/wrong_contract");
  return fail("chain/unreachable", hasCause(error, isTimeout) ? { reason: "timeout" } : {});
}

/**
 * Runs a read of the chain; viem's errors become Failures: `sale/wrong_contract` or `chain/unreachable`. A node's own error is worth a
 * second try: behind a load balancer, one node may not have the block yet that another one has just named.
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
