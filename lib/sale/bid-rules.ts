import type { PurchasePermit } from "@/lib/sale/permit";
import { formatPrice, type PriceTick } from "@/lib/sale/price";
import { passed, refused, type Checked } from "@/lib/sale/problem";

/** A bid of the contract: the entity's new absolute total over all wallets and tokens, and its price in ticks (sonar.md 4.6). */
export interface Bid {
  lockup: boolean;
  price: bigint;
  amount: bigint;
}

/** Whether two bids are one and the same to the contract. */
export function isSameBid(one: Bid, other: Bid): boolean {
  return one.amount === other.amount && one.price === other.price && one.lockup === other.lockup;
}

/** Why there is no price to bid. */
export type BidPriceProblem = "price-needed" | "price-lowered" | "price-under-min" | "price-over-max";

/** What decides the price; all in ticks. */
export interface PriceInput {
  bounds: Pick<PurchasePermit, "minPrice" | "maxPrice">;
  /** Of the entity's present bid; an amount of 0 means that there is none. */
  current: Bid;
  /** Typed by the user; ignored where the bounds leave no choice. */
  chosen?: bigint;
  /** For writing prices in the currency; without it they are written in ticks. */
  tick?: PriceTick;
}

type CheckedPrice = Checked<bigint, BidPriceProblem>;

/** True where the bounds leave a choice, so that a price field is needed. */
export function hasPriceChoice({ minPrice, maxPrice }: PriceInput["bounds"]): boolean {
  return minPrice !== maxPrice;
}

function priceText(ticks: bigint, tick: PriceTick | undefined): string {
  return tick === undefined ? `${ticks} price steps` : formatPrice(ticks, tick);
}

/** The price before the bounds; a present price is never lowered, because the contract refuses that. */
function wantedPrice({ bounds, current, chosen, tick }: PriceInput): CheckedPrice {
  const floor = current.amount > 0n ? current.price : 0n;
  if (!hasPriceChoice(bounds)) return passed(bounds.minPrice > floor ? bounds.minPrice : floor);
  const wanted = chosen ?? (current.amount > 0n ? floor : undefined);
  if (wanted === undefined) return refused("price-needed", "Enter the price you bid.");
  if (wanted < floor)
    return refused("price-lowered", `Your present bid is at ${priceText(floor, tick)}; a price cannot be lowered.`);
  return passed(wanted);
}

/**
 * The price to bid, in ticks. Where the permit's bounds are one price, that one: for fixed-price sales some documents say 0 and some the
 * price, and the bounds are right either way (sonar.md 4.6).
 */
export function bidPrice(input: PriceInput): CheckedPrice {
  const { bounds, tick } = input;
  const price = wantedPrice(input);
  if (!price.ok) return price;
  if (price.value < bounds.minPrice)
    return refused("price-under-min", `The lowest price for you is ${priceText(bounds.minPrice, tick)}.`);
  if (price.value > bounds.maxPrice)
    return refused("price-over-max", `The highest price for you is ${priceText(bounds.maxPrice, tick)}.`);
  return price;
}
