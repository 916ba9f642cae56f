import { comparePrices, type PriceRatio } from "@/lib/purchase/estimate";
import type { Pricing } from "@/lib/sale/pricing";

/** A bid's place beside an auction's estimated clearing price. */
export type BidStanding = "above" | "at" | "below";

/** The standing of a bid at a price; both prices are of one whole token. */
export function bidStanding(bid: bigint | PriceRatio, clearing: bigint | PriceRatio): BidStanding {
  const order = comparePrices(bid, clearing);
  if (order === 0) return "at";
  return order > 0 ? "above" : "below";
}

/** The standing of a bid, whose price is in ticks, beside an auction's estimate; undefined where there is none, or the bid names no price. */
export function standingOf(
  bid: bigint | undefined,
  { pricing, tick }: { pricing: Pricing; tick?: bigint },
): BidStanding | undefined {
  if (pricing.kind !== "auction" || !pricing.estimate || !bid || tick === undefined) return undefined;
  return bidStanding(bid * tick, pricing.estimate);
}

/** An auction's rule in one sentence. */
export const AUCTION_RULE = "Everyone pays the clearing price; the excess is refunded.";

/** The words for each standing: a fact, and its meaning. The estimate changes with every bid, so neither promises anything. */
export const STANDING_WORDS: Record<BidStanding, { title: string; meaning: string }> = {
  above: {
    title: "Your bid is above the current clearing price.",
    meaning: "At this price it would be filled in full; further bids, and a large one of your own, raise the price.",
  },
  at: {
    title: "Your bid is at the current clearing price.",
    meaning: "It may be filled in part; the rest would be refunded.",
  },
  below: {
    title: "Your bid is below the current clearing price.",
    meaning: "At this price it would receive nothing and be refunded in full.",
  },
};
