import { passedSince, thisMoment } from "@/lib/http/deadline";
import { bidAmountBefore, type StateBefore } from "@/lib/purchase/progress";
import { sameHex } from "@/lib/sale/hex";
import type { Effect } from "@/lib/wallet/transactions/effect";
import {
  isContractAccount,
  readAllowance,
  readEntityBid,
  readRecent,
  type ChainReader,
  type EntityBid,
} from "@/lib/wallet/transactions/read-chain";

/** An effect to wait for, since the hash says nothing: the account is a contract, or no node knows the hash, or there is none. */
export interface Watched {
  effect: Effect;
  before: StateBefore;
}

/** The effect of a commitment that adds something. */
type CommitmentEffect = Extract<Effect, { of: "commitment" }>;

/** All that the effect's wallet has ever committed of its token: what is taken back, or taken down, does not lower it. */
function everCommitted({ rows }: EntityBid, { wallet, token }: Pick<CommitmentEffect, "wallet" | "token">): bigint {
  const own = rows.find((row) => sameHex(row.wallet, wallet) && sameHex(row.token, token));
  return own ? own.committed + own.cancelled : 0n;
}

/** The state before, as text. A bid's begins with its amount. */
async function readState(reader: ChainReader, effect: Effect, block: bigint): Promise<string> {
  if (effect.of === "allowance") return `${await readAllowance(reader, effect.token, effect.wallet, block)}`;
  const state = await readEntityBid(reader, effect.entityId, block);
  if (effect.of === "commitment") return `${everCommitted(state, effect)}`;
  const { bid, refunded } = state;
  return [bid.amount, bid.price, bid.lockup, refunded].join(":");
}

/**
 * The state before a transaction, read at the block that it is labelled with: at the latest one, it could already have an effect of a block
 * after that, and the request would look as if it had changed nothing. Undefined if it cannot be read.
 */
function readBefore(reader: ChainReader, effect: Effect): Promise<StateBefore | undefined> {
  return readRecent(reader, async (block) => ({ block: `${block}`, value: await readState(reader, effect, block) }));
}

/** What is known before a transaction is sent, to notice its effect without its hash. */
export interface Prospect {
  before?: StateBefore;
  /** Others may have to sign, and the answer to the request may be no transaction hash. */
  isContract: boolean;
}

/** Reads what has to be known before sending. Never rejects. */
export async function readProspect(reader: ChainReader, effect: Effect): Promise<Prospect> {
  const [before, isContract] = await Promise.all([
    readBefore(reader, effect),
    isContractAccount(reader.publicClient, effect.wallet).catch(() => false),
  ]);
  return { ...(before && { before }), isContract };
}

type BidEffect = Exclude<Effect, { of: "allowance" | "commitment" }>;

/**
 * True if an entity's bid is as this request leaves it. Any change would not do: another wallet of the entity, or the operator, may change
 * the bid meanwhile, and a reduction that reads as done is asked for again (issue 13).
 */
function isAsAsked(effect: BidEffect, { bid, refunded, refundable }: EntityBid, before: StateBefore): boolean {
  const amountBefore = bidAmountBefore(before);
  switch (effect.of) {
    case "terms":
      return bid.price === effect.price && bid.lockup === effect.lockup;
    case "reduction":
      return bid.amount === effect.total && amountBefore > effect.total;
    case "cancel":
      // Nothing is refundable either once the settlement has accepted everything, which does not lower the bid.
      return refundable === 0n && bid.amount < amountBefore;
    case "refund":
      return refunded;
  }
}

/**
 * True if a wallet has committed what this request asked for: the increment, whatever has become of the entity's total since, or what was missing
 * to the total. That is less if another wallet of the entity had raised the total, and more if something had been taken back. All else is
 * another request's, as of a multisig's owner who has proposed another amount.
 */
function hasCommitted(
  { increment, total, ...effect }: CommitmentEffect,
  state: EntityBid,
  before: StateBefore,
): boolean {
  const added = everCommitted(state, effect) - BigInt(before.value);
  if (added <= 0n || added === increment) return added > 0n;
  return state.bid.amount === total || (added < increment && state.bid.amount > total);
}

/** True if a block has the effect. The one that the state before is of cannot have it yet. */
async function hasEffect(reader: ChainReader, { effect, before }: Watched, block: bigint): Promise<boolean> {
  if (block <= BigInt(before.block)) return false;
  if (effect.of === "allowance") return (await readState(reader, effect, block)) !== before.value;
  const state = await readEntityBid(reader, effect.entityId, block);
  return effect.of === "commitment" ? hasCommitted(effect, state, before) : isAsAsked(effect, state, before);
}

/** The effect at the latest block; undefined while that cannot be read, or is older than `from`: a node that is behind proves nothing. */
async function effectNow(
  reader: ChainReader,
  watched: Watched,
  from: bigint,
): Promise<{ block: bigint; isThere: boolean } | undefined> {
  try {
    const block = await reader.publicClient.getBlockNumber();
    return block < from ? undefined : { block, isThere: await hasEffect(reader, watched, block) };
  } catch {
    return undefined;
  }
}

/** The first polls come as often as the client's; a multisig's owners may take days, so later ones are rarer. */
export const SLOWEST_POLL_MS = 15_000;

/** Options of watching. */
export interface WatchOptions {
  signal?: AbortSignal;
  /** Called again and again once watching takes longer than this. */
  onSlow?: () => void;
  slowAfterMs: number;
  /** The block by which the transaction should have had the effect, or else that of the state before: nodes that are behind are asked again. */
  from?: bigint;
  /** Reads of the effect after which watching ends; without end if absent. */
  mostReads?: number;
}

/**
 * Watches until a block has the effect, and returns that block; undefined once the caller stops or `mostReads` have not found it. Nodes that
 * fail are asked again.
 */
export async function awaitEffect(
  reader: ChainReader,
  watched: Watched,
  { signal, onSlow, slowAfterMs, from = BigInt(watched.before.block), mostReads = Infinity }: WatchOptions,
): Promise<bigint | undefined> {
  let pollMs = reader.publicClient.pollingInterval;
  const began = thisMoment();
  let reads = 0;
  while (!signal?.aborted) {
    const now = await effectNow(reader, watched, from);
    if (now?.isThere) return now.block;
    if (now) reads += 1;
    if (reads >= mostReads) return undefined;
    if (passedSince(began) >= slowAfterMs) onSlow?.();
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    pollMs = Math.min(pollMs * 1.1, SLOWEST_POLL_MS);
  }
  return undefined;
}
