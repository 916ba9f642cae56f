import type { Address, Hex } from "viem";
import { toFunctionSelector } from "viem/utils";
import { sameHex } from "@/lib/sale/hex";
import type { TokenUnit } from "@/lib/sale/money";

/** The sale's events that an entity's activity is made of. */
export const ACTIVITY_EVENTS = [
  "EntityInitialized",
  "BidPlaced",
  "CommitmentIncreased",
  "CommitmentReduced",
  "AllocationSet",
  "WalletRefunded",
] as const;

/** One of these events, as the contract logged it. Amounts are in the token's smallest units. */
export interface SaleEvent {
  name: (typeof ACTIVITY_EVENTS)[number];
  entityId: Hex;
  wallet: Address;
  token?: Address;
  amount?: bigint;
  /** The entity's whole bid after `BidPlaced`. */
  bid?: { price: bigint; lockup: boolean; amount: bigint };
  block: bigint;
  blockHash: Hex;
  logIndex: number;
  transaction: Hex;
}

/** The functions of the sale that pay money back. The events do not tell which of them was called. */
const RETURNS = {
  cancelBid: toFunctionSelector("cancelBid()"),
  reduceCommitment: toFunctionSelector("reduceCommitment((address,address,uint256)[])"),
  forceReduceCommitment: toFunctionSelector("forceReduceCommitment((address,address,uint256)[])"),
  claimRefund: toFunctionSelector("claimRefund()"),
  processRefunds: toFunctionSelector("processRefunds(bytes16[],bool)"),
};

/** The name of such a function. */
export type ReturnCall = keyof typeof RETURNS;

const RETURN_CALLS = Object.entries(RETURNS) as [ReturnCall, Hex][];

/** True if the data contains these bytes, and not only their digits across two bytes. */
function containsBytes(data: string, bytes: string): boolean {
  for (let at = data.indexOf(bytes); at >= 0; at = data.indexOf(bytes, at + 1)) if (at % 2 === 0) return true;
  return false;
}

/**
 * The function that a transaction called to pay money back. A contract wallet calls the sale from within: its transaction then carries the
 * sale's address and the function's selector. Undefined if that is not clear: nobody must be said to have cancelled who did not.
 */
export function returnCallOf(transaction: { to: Address | null; input: Hex }, sale: Address): ReturnCall | undefined {
  const input = transaction.input.toLowerCase();
  if (sameHex(transaction.to ?? undefined, sale))
    return RETURN_CALLS.find(([, selector]) => input.startsWith(selector))?.[0];
  if (!containsBytes(input, sale.slice(2).toLowerCase())) return undefined;
  const found = RETURN_CALLS.filter(([, selector]) => containsBytes(input, selector.slice(2)));
  return found.length === 1 ? found[0]?.[0] : undefined;
}

/** Everything that can become of an entity's money in the sale. `return` and `refund`: it is not known who caused it. */
export type ActivityKind =
  | "commitment"
  | "addition"
  | "bid-change"
  | "reduction"
  | "cancellation"
  | "take-down"
  | "return"
  | "allocation"
  | "refund-claimed"
  | "refund-sent"
  | "refund";

/** A payment token of an entry. */
export interface ActivityToken extends TokenUnit {
  address: Address;
}

/** One line of an entity's activity: one amount of one wallet in one token. */
export interface ActivityEntry {
  /** Unique, and the same at every reading. */
  id: string;
  kind: ActivityKind;
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  wallet: Address;
  /** In the token's smallest units. Zero for a bid that changed only its price or lockup. */
  amount: bigint;
  token?: ActivityToken;
  /** The entity's bid from this transaction on: its total, and its price in ticks. */
  bid?: { price: bigint; lockup: boolean; total: bigint };
  /** Time of the block, in milliseconds since 1970. */
  at: number;
  block: number;
  transaction: Hex;
}

/** The facts that are not in the events. */
export interface EventFacts {
  /** Time of a block in milliseconds since 1970, by the block's hash. */
  timeOf: (blockHash: Hex) => number;
  callOf: (transaction: Hex) => ReturnCall | undefined;
  tokenAt: (address: Address) => ActivityToken | undefined;
}

/** True for an event of a transaction that pays money back, whose caller has to be found out. */
export function paysBack({ name }: SaleEvent): boolean {
  return name === "CommitmentReduced" || name === "WalletRefunded";
}

function returnKind(call: ReturnCall | undefined): ActivityKind {
  if (call === "cancelBid") return "cancellation";
  if (call === "reduceCommitment") return "reduction";
  return call === "forceReduceCommitment" ? "take-down" : "return";
}

function refundKind(call: ReturnCall | undefined): ActivityKind {
  if (call === "claimRefund") return "refund-claimed";
  return call === "processRefunds" ? "refund-sent" : "refund";
}

/** The events of one entity in one transaction, in their order. */
type Group = readonly SaleEvent[];

function named(group: Group, name: SaleEvent["name"]): SaleEvent[] {
  return group.filter((event) => event.name === name);
}

function groupsOf(events: readonly SaleEvent[]): Group[] {
  const groups = new Map<string, SaleEvent[]>();
  for (const event of events) {
    const key = `${event.transaction} ${event.entityId}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()];
}

function entryOf(event: SaleEvent, kind: ActivityKind, { timeOf, tokenAt }: EventFacts): ActivityEntry {
  const { entityId, wallet, token, amount = 0n, block, blockHash, logIndex, transaction } = event;
  const found = token && tokenAt(token);
  const common = { kind, entityId, wallet, amount, block: Number(block), transaction };
  return { id: `${transaction}-${logIndex}`, ...common, at: timeOf(blockHash), ...(found && { token: found }) };
}

/** Each bid of a transaction belongs to the increase of the same rank: the contract emits both, also if the amount stays. */
function bidEntries(group: Group, facts: EventFacts): ActivityEntry[] {
  const isFirst = named(group, "EntityInitialized").length > 0;
  const increases = named(group, "CommitmentIncreased");
  return named(group, "BidPlaced").map((placed, rank) => {
    const increase = increases[rank];
    const kind = isFirst && rank === 0 ? "commitment" : increase?.amount ? "addition" : "bid-change";
    const { price, lockup, amount: total } = placed.bid ?? { price: 0n, lockup: false, amount: 0n };
    return { ...entryOf(increase ?? placed, kind, facts), bid: { price, lockup, total } };
  });
}

function groupEntries(group: Group, facts: EventFacts): ActivityEntry[] {
  const call = group[0] && facts.callOf(group[0].transaction);
  const entries = (name: SaleEvent["name"], kind: ActivityKind) =>
    named(group, name).map((event) => entryOf(event, kind, facts));
  return [
    ...bidEntries(group, facts),
    ...entries("CommitmentReduced", returnKind(call)),
    ...entries("AllocationSet", "allocation"),
    ...entries("WalletRefunded", refundKind(call)),
  ];
}

/** The events in the order of the chain. One that a node has listed twice counts once. */
export function inOrder(events: readonly SaleEvent[]): SaleEvent[] {
  const distinct = new Map(events.map((event) => [`${event.transaction} ${event.logIndex}`, event]));
  return [...distinct.values()].toSorted(
    (one, other) => Number(one.block - other.block) || one.logIndex - other.logIndex,
  );
}

/** The events as entries, the newest first. */
export function activityEntries(events: readonly SaleEvent[], facts: EventFacts): ActivityEntry[] {
  const order = inOrder(events);
  const rank = new Map(order.map(({ transaction, logIndex }, at) => [`${transaction}-${logIndex}`, at]));
  const entries = groupsOf(order).flatMap((group) => groupEntries(group, facts));
  return entries.toSorted((one, other) => (rank.get(other.id) ?? 0) - (rank.get(one.id) ?? 0));
}
