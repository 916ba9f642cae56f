import type { ActivityEntry, ActivityKind, ActivityToken } from "@/lib/activity/entries";
import { sameHex } from "@/lib/sale/hex";
import { symbolsOf } from "@/lib/sale/money";

/** The direction that an entry's money takes; an allocation moves none, it decides what is kept. */
export type MoneyFlow = "paid" | "received" | "accepted";

interface KindWords {
  /** Names the entry in a list. */
  title: string;
  /** Says what happened, for those who were not there. */
  sentence: string;
  flow: MoneyFlow;
}

const PAID_BACK = "and it was paid back to this wallet.";

const WORDS: Record<ActivityKind, KindWords> = {
  commitment: { title: "Committed", sentence: "The entity's first commitment.", flow: "paid" },
  addition: { title: "Added", sentence: "Added to the entity's commitment.", flow: "paid" },
  "bid-change": {
    title: "Bid changed",
    sentence: "The price or the lockup changed, and nothing was paid.",
    flow: "paid",
  },
  reduction: { title: "Reduced", sentence: `The entity took a part back, ${PAID_BACK}`, flow: "received" },
  cancellation: { title: "Cancelled", sentence: `The entity cancelled its commitment, ${PAID_BACK}`, flow: "received" },
  "take-down": { title: "Taken down", sentence: `The sale's operator took this down, ${PAID_BACK}`, flow: "received" },
  return: {
    title: "Paid back",
    sentence: `The entity took this back or the sale's operator took it down, ${PAID_BACK}`,
    flow: "received",
  },
  allocation: {
    title: "Allocated",
    sentence: "The sale's operator set how much of this wallet's commitment is accepted.",
    flow: "accepted",
  },
  "refund-claimed": {
    title: "Refund claimed",
    sentence: "The amount that was not accepted was claimed, and paid to this wallet.",
    flow: "received",
  },
  "refund-sent": {
    title: "Refund sent",
    sentence: "The sale's operator sent the amount that was not accepted to this wallet.",
    flow: "received",
  },
  refund: {
    title: "Refunded",
    sentence: "The amount that was not accepted was paid to this wallet.",
    flow: "received",
  },
};

/** The words of an entry. */
export function activityWords({ kind }: Pick<ActivityEntry, "kind">): KindWords {
  return WORDS[kind];
}

/** An entity by its `SaleSpecificEntityID`, with the name that its owner gave it. */
export interface NamedEntity {
  id: string;
  name: string;
}

/** The name of an entry's entity; its id if it has none. */
export function entityNameOf({ entityId }: ActivityEntry, entities: readonly NamedEntity[]): string {
  return entities.find(({ id }) => sameHex(id, entityId))?.name ?? entityId;
}

/** The entries by which an entity's total grows or falls; refunds after the settlement leave it as it is. */
const CHANGES_TOTAL: Partial<Record<ActivityKind, 1n | -1n>> = {
  commitment: 1n,
  addition: 1n,
  reduction: -1n,
  cancellation: -1n,
  "take-down": -1n,
  return: -1n,
};

/** The symbols of an entity's total after an entry, in whichever tokens it then is: a total is over all of them (sonar.md 4). */
export function totalSymbol(
  { entityId, block, token }: ActivityEntry,
  entries: readonly ActivityEntry[],
): string | undefined {
  const sums = new Map<string, { token: ActivityToken; sum: bigint }>();
  // The oldest first, so that the tokens come in the order of their payments.
  for (const { kind, amount, token: moved, ...entry } of entries.toReversed()) {
    if (!moved || !sameHex(entry.entityId, entityId) || entry.block > block) continue;
    const before = sums.get(moved.address)?.sum ?? 0n;
    sums.set(moved.address, { token: moved, sum: before + (CHANGES_TOTAL[kind] ?? 0n) * amount });
  }
  const held = [...sums.values()].filter(({ sum }) => sum > 0n).map((of) => of.token);
  return symbolsOf(held) ?? token?.symbol;
}
