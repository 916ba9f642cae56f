import type { PurchasePermit } from "@/lib/purchase/permit";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import { formatTokenAmount, MAX_UINT256, type TokenUnit } from "@/lib/sale/money";

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
function bidPrice(input: PriceInput): CheckedPrice {
  const { bounds, tick } = input;
  const price = wantedPrice(input);
  if (!price.ok) return price;
  if (price.value < bounds.minPrice)
    return refused("price-under-min", `The lowest price for you is ${priceText(bounds.minPrice, tick)}.`);
  if (price.value > bounds.maxPrice)
    return refused("price-over-max", `The highest price for you is ${priceText(bounds.maxPrice, tick)}.`);
  return price;
}

/** Everything a bid is made of. */
export interface BidInput {
  /** The entity's bid as it is on the chain right now: another of its wallets may have bid a moment ago. */
  current: Bid;
  /** The entity has cancelled or been paid back, which is final. */
  refunded: boolean;
  /** What comes on top, in smallest units; 0 to change only the price or the lockup. */
  increment: bigint;
  permit: Pick<PurchasePermit, "minAmount" | "maxAmount" | "minPrice" | "maxPrice">;
  forcedLockup: boolean;
  /** The user opted in. */
  wantsLockup: boolean;
  /** Ticks; needed where the permit's price bounds differ and there is no bid yet. */
  price?: bigint;
  /** For the sentences. */
  token: TokenUnit;
  tick?: PriceTick;
}

/** A bid to send. `delta` is what the contract will take from the sending wallet, in smallest units. */
export interface BidPlan {
  bid: Bid;
  increment: bigint;
}

/** Why no bid can be made that the contract would take. */
export type BidProblem =
  "already-refunded" | "negative" | "zero" | "under-min" | "over-max" | "nothing-changes" | BidPriceProblem;

function checkTotal(total: bigint, input: BidInput): Checked<bigint, BidProblem> {
  const { increment, current, permit, token } = input;
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  if (increment < 0n) return refused("negative", "A commitment can be raised, and not lowered.");
  if (total === 0n) return refused("zero", "Enter an amount above zero.");
  if (total < permit.minAmount) {
    const missing = text(permit.minAmount - current.amount);
    return refused("under-min", `Your total must be at least ${text(permit.minAmount)}: add ${missing} or more.`);
  }
  if (total <= permit.maxAmount) return passed(total);
  const left = permit.maxAmount - current.amount;
  const rest = left > 0n ? `you can add ${text(left)}` : "you cannot add more";
  return refused("over-max", `Your total can be at most ${text(permit.maxAmount)}: ${rest}.`);
}

/**
 * The bid that adds `increment` to what the entity has committed. A bid carries the entity's new absolute total and not the increment, and
 * the contract lets amount, price and lockup only go up (sonar.md 4.6).
 */
export function planBid(input: BidInput): Checked<BidPlan, BidProblem> {
  const { current, increment, permit, price: chosen, tick } = input;
  if (input.refunded)
    return refused("already-refunded", "This entity has been paid back and cannot commit to this sale again.");
  const total = checkTotal(current.amount + increment, input);
  if (!total.ok) return total;
  const price = bidPrice({ bounds: permit, current, chosen, tick });
  if (!price.ok) return price;
  const lockup = input.forcedLockup || current.lockup || input.wantsLockup;
  const bid = { lockup, price: price.value, amount: total.value };
  if (isSameBid(bid, current)) return refused("nothing-changes", "This would change nothing about your commitment.");
  return passed({ bid, increment });
}

/**
 * What a form can offer on top of `current`, in smallest units, before the wallet's balance is looked at. `max` below `min`: nothing;
 * absent where the permit sets no limit.
 */
export function incrementBounds(
  current: Bid,
  { minAmount, maxAmount }: Pick<PurchasePermit, "minAmount" | "maxAmount">,
): { min: bigint; max?: bigint } {
  const above = (bound: bigint) => (bound > current.amount ? bound - current.amount : 0n);
  const min = above(minAmount);
  return { min: min > 0n ? min : 1n, ...(maxAmount < MAX_UINT256 && { max: above(maxAmount) }) };
}
