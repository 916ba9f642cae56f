import type { TransactionReceipt } from "viem";
import { withTimeout } from "@/lib/http/deadline";
import { bidAmountBefore, type DoneAmounts, type StateBefore } from "@/lib/purchase/progress";
import { sumAmounts, type ReturnedAmount } from "@/lib/purchase/reduction";
import { sameHex } from "@/lib/sale/hex";
import { approvalsIn, entityEvents, takenBackIn, type Effect } from "@/lib/wallet/transactions/effect";
import type { AskedCall, ReceiptResult } from "@/lib/wallet/transactions/proof";
import { findDone, type ToldByEvents } from "@/lib/wallet/transactions/find-by-events";
import {
  readAllowance,
  readEntityBid,
  readInAttempts,
  type ChainReader,
  type EntityBid,
} from "@/lib/wallet/transactions/read-chain";

type AllowanceEffect = Extract<Effect, { of: "allowance" }>;
type BidEffect = Extract<Effect, { of: "commitment" | "terms" }>;
type ReturnEffect = Extract<Effect, { of: "reduction" | "cancel" | "refund" }>;
type StateEffect = Exclude<Effect, AllowanceEffect | ToldByEvents>;

/** The bid that a receipt's events tell, and what the sale took for it. */
function bidOfEvents({ contract }: ChainReader, receipt: TransactionReceipt, effect: BidEffect): DoneAmounts {
  const events = entityEvents(receipt, contract, effect.entityId);
  const own = events.filter(({ args }) => "wallet" in args && sameHex(args.wallet, effect.wallet));
  const bid = own.flatMap(({ eventName, args }) => (eventName === "BidPlaced" ? [args.bid] : [])).at(-1);
  const added = own.flatMap(({ eventName, args }) => (eventName === "CommitmentIncreased" ? [args] : []));
  if (!bid) return {};
  const { token, amount: increment } = sumAmounts(added);
  return { ...(added.length > 0 && { token, increment }), total: bid.amount, bidPrice: bid.price };
}

function returned(rows: readonly Pick<ReturnedAmount, "token" | "amount">[]): DoneAmounts {
  const { token, amount: takenBack } = sumAmounts(rows);
  return rows.length === 0 ? {} : { token, takenBack };
}

/** What a receipt's events tell of the money that came back. */
function returnOfEvents({ contract }: ChainReader, receipt: TransactionReceipt, effect: ReturnEffect): DoneAmounts {
  if (effect.of !== "refund") return returned(takenBackIn(receipt, contract, effect));
  const events = entityEvents(receipt, contract, effect.entityId);
  return returned(events.flatMap(({ eventName, args }) => (eventName === "WalletRefunded" ? [args] : [])));
}

/** The amounts that the state after a request tells, beside the one before it. */
function amountsOfState(effect: StateEffect, state: EntityBid, before: StateBefore): DoneAmounts {
  const { bid, rows } = state;
  switch (effect.of) {
    case "terms":
      return { increment: 0n, total: bid.amount, bidPrice: bid.price };
    case "reduction":
      return { takenBack: bidAmountBefore(before) - bid.amount, ...afterReduction(state) };
    case "refund":
      return returned(rows.map(refundedOf).filter(({ amount }) => amount > 0n));
  }
}

const refundedOf = (row: EntityBid["rows"][number]) => ({ token: row.token, amount: row.returned - row.cancelled });

function afterReduction({ bid, rows }: EntityBid): DoneAmounts {
  return { total: bid.amount, returned: rows.reduce((sum, row) => sum + row.returned, 0n) };
}

/** Attempts to read at the transaction's block. A node that keeps no old states never does. */
const ATTEMPTS = 5;

/** All of them together, in milliseconds: the outcome itself is known by then, and its amounts must not keep it back for long. */
const LIMIT_MS = 12_000;

function readAfter<T>(reader: ChainReader, read: () => Promise<T>): Promise<T | undefined> {
  return withTimeout(LIMIT_MS, readInAttempts(reader, ATTEMPTS, read));
}

interface Place {
  receipt?: TransactionReceipt;
  block: bigint;
}

/** The block that has carried a request out; undefined if none has. */
function placeOf(found: ReceiptResult): Place | undefined {
  if (found.status === "noticed") return { block: found.block };
  return found.status === "confirmed" ? { receipt: found.receipt, block: found.receipt.blockNumber } : undefined;
}

async function readApproved(
  reader: ChainReader,
  { token, wallet }: AllowanceEffect,
  found: Place,
): Promise<DoneAmounts> {
  const told = found.receipt && approvalsIn(found.receipt, reader.contract, { token, wallet }).at(-1);
  const approved = told ?? (await readAfter(reader, () => readAllowance(reader, token, wallet, found.block)));
  return approved === undefined ? {} : { token, approved };
}

function amountsOfEvents(
  reader: ChainReader,
  receipt: TransactionReceipt,
  effect: BidEffect | ReturnEffect,
): DoneAmounts {
  const isBid = effect.of === "commitment" || effect.of === "terms";
  return isBid ? bidOfEvents(reader, receipt, effect) : returnOfEvents(reader, receipt, effect);
}

/** The amounts of a request whose transaction the wallet has not named, and whose effect this block has. */
async function readUnnamed(
  reader: ChainReader,
  effect: BidEffect | ReturnEffect,
  { before, block }: { before: StateBefore; block: bigint },
): Promise<DoneAmounts | undefined> {
  if (effect.of === "commitment" || effect.of === "cancel") {
    const blocks = { from: BigInt(before.block) + 1n, to: block };
    const receipt = await readAfter(reader, () => findDone(reader, effect, blocks));
    return receipt && amountsOfEvents(reader, receipt, effect);
  }
  const state = await readAfter(reader, () => readEntityBid(reader, effect.entityId, block));
  return state && amountsOfState(effect, state, before);
}

/**
 * The amounts of a request that the chain has carried out: those of its events, or without a receipt those of the state after it. What was
 * asked for tells nothing: the contract takes what is missing to a bid's total, and pays back all that is there.
 */
export async function readDone(
  reader: ChainReader,
  { effect, before }: Pick<AskedCall, "effect" | "before">,
  found: ReceiptResult,
): Promise<DoneAmounts | undefined> {
  const where = placeOf(found);
  if (!effect || !where) return undefined;
  const { receipt, block } = where;
  if (effect.of === "allowance") return readApproved(reader, effect, where);
  if (!receipt) return before && readUnnamed(reader, effect, { before, block });
  const amounts = amountsOfEvents(reader, receipt, effect);
  if (effect.of !== "reduction") return amounts;
  const state = await readAfter(reader, () => readEntityBid(reader, effect.entityId, block));
  return { ...amounts, ...(state && afterReduction(state)) };
}
