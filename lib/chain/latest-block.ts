import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { PublicClient } from "viem";
import type { Deadline } from "@/lib/upstream/deadline";

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
