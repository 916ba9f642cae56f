import type { Address, Hex, TransactionReceipt } from "viem";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { StateBefore } from "@/lib/purchase/progress";
import { sameHex } from "@/lib/sale/hex";
import { hasEvents, type Effect } from "@/lib/wallet/transactions/effect";
import { readEntityBid, readRecent, type ChainReader } from "@/lib/wallet/transactions/read-chain";
import type { Aborted, FoundReceipt, WaitOptions } from "@/lib/wallet/transactions/wait-for-receipt";
import { awaitEffect, type Watched } from "@/lib/wallet/transactions/watch-effect";

/** What a wallet was asked to send, and how it is recognised. */
export interface AskedCall {
  account: Address;
  /** The contract that is called. */
  to: Address;
  /** Absent if a stored record does not say it. */
  effect?: Effect;
  /** Absent if the chain could not be read before. */
  before?: StateBefore;
}

/** The outcome of a request. `noticed`: a block has the effect, and no transaction is known. */
export type ReceiptResult = FoundReceipt | { status: "noticed"; block: bigint } | Aborted;

/** The wallet named a transaction that is not what it was asked for. */
const WITHOUT_EFFECT: PurchaseError = {
  kind: "without-effect",
  sentence:
    "The transaction that your wallet named did not do what you asked for. Your wallet may still do it with another one. Check your position and your wallet before you try again.",
  action: "reload",
};

/** The effect to look for where no receipt proves the request; undefined if the state before is not known. */
export function watchedOf({ effect, before }: Pick<AskedCall, "effect" | "before">): Watched | undefined {
  return effect && before && { effect, before };
}

function isOwnCall({ from, to }: TransactionReceipt, asked: AskedCall): boolean {
  return sameHex(from, asked.account) && sameHex(to ?? undefined, asked.to);
}

/**
 * True if a receipt is that of what was asked for. The account's own call may be another one: the same account on another device can have used
 * the nonce. What an approval allows is read from the chain after it, whatever has set it.
 */
function isAsked({ contract }: ChainReader, receipt: TransactionReceipt, asked: AskedCall): boolean {
  const { effect } = asked;
  const isOwn = isOwnCall(receipt, asked);
  if (!effect || (effect.of === "allowance" && isOwn)) return isOwn;
  return hasEvents(receipt, contract, effect);
}

/**
 * A reduction has the events of a cancellation, but leaves something to pay back. Any later block tells that as well, because a cancellation is final: nodes
 * forget the states of old ones.
 */
async function leavesNothing(
  reader: ChainReader,
  entityId: Hex,
  { blockNumber }: TransactionReceipt,
): Promise<boolean> {
  const { seen = 0n } = reader;
  const since = { ...reader, seen: seen > blockNumber ? seen : blockNumber };
  const after = await readRecent(since, (block) => readEntityBid(reader, entityId, block));
  return after?.refundable === 0n;
}

/** True if a receipt shows that the request was carried out, after the block that was read before: a wallet may name an earlier transaction. */
export async function proves(reader: ChainReader, receipt: TransactionReceipt, asked: AskedCall): Promise<boolean> {
  const { before, effect } = asked;
  const isLater = !before || receipt.blockNumber > BigInt(before.block);
  if (receipt.status !== "success" || !isLater || !isAsked(reader, receipt, asked)) return false;
  return effect?.of !== "cancel" || leavesNothing(reader, effect.entityId, receipt);
}

/** Reads of the effect before a transaction counts as without it: what a wallet names may only announce the one that has it. */
const MOST_READS = 5;

/**
 * What a receipt means for the request. A failure or a replacement counts only if the account itself sent the transaction: a bundler that
 * fails with its own can send the operation again, in another one. Without a receipt, all that is known is the block by which the account's
 * nonce is used, by a speed-up too: nodes forget the hash that was sped up.
 */
export async function judgeReceipt(
  reader: ChainReader,
  found: FoundReceipt,
  asked: AskedCall,
  options: WaitOptions & { slowAfterMs: number },
): Promise<ReceiptResult> {
  const { receipt } = found;
  if (receipt && (await proves(reader, receipt, asked))) return { status: "confirmed", receipt };
  const isFailure = found.status !== "confirmed";
  if (receipt && isFailure && sameHex(receipt.from, asked.account)) return found;
  const without: ReceiptResult = receipt ? { status: "changed", message: WITHOUT_EFFECT } : found;
  const watched = watchedOf(asked);
  if (!watched) return without;
  const isOthersFailure = receipt !== undefined && isFailure;
  const usedBy = found.status === "changed" ? found.usedBy : undefined;
  const reads = isOthersFailure ? {} : { from: receipt?.blockNumber ?? usedBy, mostReads: MOST_READS };
  const block = await awaitEffect(reader, watched, { ...options, ...reads });
  if (block !== undefined) return { status: "noticed", block };
  return options.signal?.aborted ? { status: "aborted" } : without;
}
