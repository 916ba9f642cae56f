import type { Address } from "viem";
import { passedSince, thisMoment } from "@/lib/http/deadline";
import { explainError } from "@/lib/purchase/errors/explain-error";
import type { StateBefore } from "@/lib/purchase/progress";
import { saleAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";
import type { Effect } from "@/lib/wallet/transactions/effect";
import {
  isContractAccount,
  readAllowance,
  readEntityBid,
  type ChainReader,
  type EntityBid,
} from "@/lib/wallet/transactions/read-chain";

/** A wallet's committed amount of a token at a block. The contract refuses to tell it of wallets that it does not know yet. */
async function readCommitted(
  { publicClient, contract }: ChainReader,
  { wallet, token }: { wallet: Address; token: Address },
  blockNumber: bigint,
): Promise<bigint> {
  try {
    const [state] = await publicClient.readContract({
      address: contract,
      abi: saleAbi,
      functionName: "walletStatesByAddresses",
      args: [[wallet]],
      blockNumber,
    });
    return state?.committedAmountByToken.find((row) => sameHex(row.token, token))?.amount ?? 0n;
  } catch (error) {
    if (explainError(error).kind === "WalletNotInitialized") return 0n;
    throw error;
  }
}

/** An effect to wait for, since the hash says nothing: the account is a contract, or no node knows the hash, or there is none. */
export interface Watched {
  effect: Effect;
  before: StateBefore;
}

/** The state before, as text. A bid's begins with its amount. */
async function readState(reader: ChainReader, effect: Effect, block: bigint): Promise<string> {
  if (effect.of === "allowance") return `${await readAllowance(reader, effect.token, effect.wallet, block)}`;
  if (effect.of === "commitment") return `${await readCommitted(reader, effect, block)}`;
  const { bid, refunded } = await readEntityBid(reader, effect.entityId, block);
  return [bid.amount, bid.price, bid.lockup, refunded].join(":");
}

/** Attempts to read the state before a transaction: a node that is behind does not know another one's latest block yet. */
const ATTEMPTS = 3;

/**
 * The state before a transaction, read at the block that it is labelled with: at the latest one, it could already have an effect of a block
 * after that, and the request would look as if it had changed nothing. Undefined if it cannot be read.
 */
async function readBefore(reader: ChainReader, effect: Effect): Promise<StateBefore | undefined> {
  const { publicClient } = reader;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const block = await publicClient.getBlockNumber();
      return { block: `${block}`, value: await readState(reader, effect, block) };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
    }
  }
  return undefined;
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
  const amountBefore = BigInt(before.value.split(":")[0] ?? "");
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
 * True if a wallet has committed what this request asked for. It pays less than the increment if another wallet of the entity has raised the
 * total meanwhile; more, or a lower total, are those of another request, as of a multisig's owner who has proposed another amount.
 */
async function hasCommitted(
  reader: ChainReader,
  effect: Extract<Effect, { of: "commitment" }>,
  { before, block }: { before: StateBefore; block: bigint },
): Promise<boolean> {
  const [committed, { bid }] = await Promise.all([
    readCommitted(reader, effect, block),
    readEntityBid(reader, effect.entityId, block),
  ]);
  const added = committed - BigInt(before.value);
  return added > 0n && added <= effect.increment && bid.amount >= effect.total;
}

/** True if a block has the effect. A node that is behind the one that was asked before has older states, which prove nothing. */
async function hasEffect(reader: ChainReader, { effect, before }: Watched, block: bigint): Promise<boolean> {
  if (block <= BigInt(before.block)) return false;
  if (effect.of === "allowance") return (await readState(reader, effect, block)) !== before.value;
  if (effect.of === "commitment") return hasCommitted(reader, effect, { before, block });
  return isAsAsked(effect, await readEntityBid(reader, effect.entityId, block), before);
}

/** The effect at the latest block; undefined while that cannot be read, or is older than `from`. */
async function effectNow(
  reader: ChainReader,
  watched: Watched,
  from = 0n,
): Promise<{ block: bigint; isThere: boolean } | undefined> {
  try {
    const block = await reader.publicClient.getBlockNumber();
    return block < from ? undefined : { block, isThere: await hasEffect(reader, watched, block) };
  } catch {
    return undefined;
  }
}

/** The first polls come as often as the client's; a multisig's owners may take days, so later ones are rarer. */
const SLOWEST_POLL_MS = 15_000;

/** Options of watching. */
export interface WatchOptions {
  signal?: AbortSignal;
  /** Called again and again once watching takes longer than this. */
  onSlow?: () => void;
  slowAfterMs: number;
  /** The block of the transaction that should have had the effect: nodes that are behind it are asked again. */
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
  { signal, onSlow, slowAfterMs, from, mostReads = Infinity }: WatchOptions,
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
