import type { Address, Hex } from "viem";
import { inOrder, type SaleEvent } from "@/lib/activity/entries";
import type { Position, PositionRow } from "@/lib/purchase/position";
import { sameHex } from "@/lib/sale/hex";

/** An entity in the sale, with its state in the contract. */
export interface Holding {
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  position: Position;
}

/** The amounts that the events say of one wallet in one token. */
type EventSums = Record<"increased" | "reduced" | "accepted" | "refunded", bigint>;

const NOTHING: EventSums = { increased: 0n, reduced: 0n, accepted: 0n, refunded: 0n };

function afterEvent(sums: EventSums, { name, amount = 0n }: SaleEvent): EventSums {
  switch (name) {
    case "CommitmentIncreased":
      return { ...sums, increased: sums.increased + amount };
    case "CommitmentReduced":
      return { ...sums, reduced: sums.reduced + amount };
    case "AllocationSet":
      return { ...sums, accepted: amount };
    case "WalletRefunded":
      return { ...sums, refunded: sums.refunded + amount };
    case "EntityInitialized":
    case "BidPlaced":
      return sums;
  }
}

/** What the events must say for the contract to have these amounts. */
function neededFor({ committed, cancelled, accepted, returned }: PositionRow): EventSums {
  return { increased: committed + cancelled, reduced: cancelled, accepted, refunded: returned - cancelled };
}

function keyOf(wallet: Address, token: Address): string {
  return `${wallet} ${token}`.toLowerCase();
}

/** All events of an entity must make its wallets' amounts, each in its token. */
function makesRows(events: readonly SaleEvent[], { rows }: Position): boolean {
  const sums = new Map<string, EventSums>();
  for (const event of events) {
    if (event.token === undefined) continue;
    const key = keyOf(event.wallet, event.token);
    sums.set(key, afterEvent(sums.get(key) ?? NOTHING, event));
  }
  const needed = new Map(rows.map((row) => [keyOf(row.wallet, row.token), neededFor(row)]));
  return [...new Set([...sums.keys(), ...needed.keys()])].every((key) => {
    const [said, asked] = [sums.get(key) ?? NOTHING, needed.get(key) ?? NOTHING];
    return (
      said.increased === asked.increased &&
      said.reduced === asked.reduced &&
      said.accepted === asked.accepted &&
      said.refunded === asked.refunded
    );
  });
}

/** The newest bid tells the entity's whole total, so that and what was reduced since must make the contract's, whatever is before. */
function makesBid(events: readonly SaleEvent[], isComplete: boolean, { bid, rows }: Position): boolean {
  const at = events.findLastIndex(({ name }) => name === "BidPlaced");
  const placed = events[at]?.bid;
  if (!placed) return !isComplete || (bid.amount === 0n && rows.length === 0);
  const reductions = events.slice(at).filter(({ name }) => name === "CommitmentReduced");
  const total = reductions.reduce((left, { amount = 0n }) => left - amount, placed.amount);
  return total === bid.amount && placed.price === bid.price && placed.lockup === bid.lockup;
}

/** True once the events of an entity begin with its first one, which no other has the name of. */
export function hasBeginning(events: readonly SaleEvent[], entityId: Hex): boolean {
  return events.some((event) => event.name === "EntityInitialized" && sameHex(event.entityId, entityId));
}

/**
 * True if events of an entity are missing, by its state at the newest block that they were looked for in. A node that is behind the one that
 * named that block answers with the logs that it has, and without an error. Older events may be lacking until all blocks are searched (`isEnd`).
 */
export function lacksEvents(events: readonly SaleEvent[], { entityId, position }: Holding, isEnd: boolean): boolean {
  const own = inOrder(events.filter((event) => sameHex(event.entityId, entityId)));
  const isWhole = hasBeginning(own, entityId);
  return !makesBid(own, isWhole || isEnd, position) || (isWhole && !makesRows(own, position));
}
