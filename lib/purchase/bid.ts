import type { PurchasePermit } from "@/lib/purchase/permit";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import { formatTokenAmount, MAX_UINT256, type TokenUnit } from "@/lib/sale/money";

/**
 * The contract's bid (sonar.md 4.6). `amount` is the entity's new total over all wallets and tokens, not what is added; `price` is in ticks.
 */
export interface Bid {
  lockup: boolean;
  price: bigint;
  amount: bigint;
}

/** True if the contract cannot tell two bids apart. */
export function isSameBid(one: Bid, other: Bid): boolean {
  return one.amount === other.amount && one.price === other.price && one.lockup === other.lockup;
}

/** Everything that can be wrong with a bid's price. */
export type BidPriceProblem = "price-needed" | "price-lowered" | "price-under-min" | "price-over-max";

/** The inputs of a bid's price, in ticks. */
export interface PriceInput {
  bounds: Pick<PurchasePermit, "minPrice" | "maxPrice">;
  /** The entity's current bid; an amount of 0 means that it has none. */
  current: Bid;
  /** The user's choice; ignored where the bounds leave none. */
  chosen?: bigint;
  /** For prices in the currency; without it, sentences give them in ticks. */
  tick?: PriceTick;
}

type CheckedPrice = Checked<bigint, BidPriceProblem>;

/** True if the bounds leave a choice, so that a price field is needed. */
export function hasPriceChoice({ minPrice, maxPrice }: PriceInput["bounds"]): boolean {
  return minPrice !== maxPrice;
}

function priceText(ticks: bigint, tick: PriceTick | undefined): string {
  return tick === undefined ? `${ticks} price steps` : formatPrice(ticks, tick);
}

/** The price before the bounds apply. It is never below the current one, because the contract refuses that. */
function wantedPrice({ bounds, current, chosen, tick }: PriceInput): CheckedPrice {
  const floor = current.amount > 0n ? current.price : 0n;
  if (!hasPriceChoice(bounds)) return passed(bounds.minPrice > floor ? bounds.minPrice : floor);
  const wanted = chosen ?? (current.amount > 0n ? floor : undefined);
  if (wanted === undefined) return refused("price-needed", "Enter your bid price.");
  if (wanted < floor)
    return refused("price-lowered", `Your current bid is at ${priceText(floor, tick)}. A price cannot be lowered.`);
  return passed(wanted);
}

/**
 * The price to bid, in ticks. If the permit's bounds are a single price, it is that one: for fixed-price sales some documents say 0 and some
 * say the price, and the bounds are right in both cases (sonar.md 4.6).
 */
function bidPrice(input: PriceInput): CheckedPrice {
  const { bounds, tick } = input;
  const price = wantedPrice(input);
  if (!price.ok) return price;
  if (price.value < bounds.minPrice)
    return refused("price-under-min", `The lowest price you can bid is ${priceText(bounds.minPrice, tick)}.`);
  if (price.value > bounds.maxPrice)
    return refused("price-over-max", `The highest price you can bid is ${priceText(bounds.maxPrice, tick)}.`);
  return price;
}

/** The inputs of a bid. */
export interface BidInput {
  /** The entity's bid on the chain right now: another of its wallets may have bid a moment ago. */
  current: Bid;
  /** True once the entity has cancelled or been paid back, which is final. */
  refunded: boolean;
  /** The amount to add, in smallest units; 0 to change only the price or the lockup. */
  increment: bigint;
  permit: Pick<PurchasePermit, "minAmount" | "maxAmount" | "minPrice" | "maxPrice">;
  forcedLockup: boolean;
  /** True if the user opted in. */
  wantsLockup: boolean;
  /** In ticks; needed where the permit's price bounds differ and there is no bid yet. */
  price?: bigint;
  /** For amounts in sentences. */
  token: TokenUnit;
  tick?: PriceTick;
}

/** A bid to send. The contract will take `increment` from the sending wallet, in smallest units. */
export interface BidPlan {
  bid: Bid;
  increment: bigint;
}

/** Everything that would make the contract refuse a bid, or make it pointless. */
export type BidProblem =
  "already-refunded" | "negative" | "zero" | "under-min" | "over-max" | "nothing-changes" | BidPriceProblem;

function checkTotal(total: bigint, input: BidInput): Checked<bigint, BidProblem> {
  const { increment, current, permit, token } = input;
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  if (increment < 0n) return refused("negative", "You can increase your commitment, but not reduce it.");
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
 * The bid that adds `increment` to the entity's commitment. A bid carries the entity's new total and not the increment, and the contract
 * only lets amount, price and lockup increase (sonar.md 4.6).
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
  if (isSameBid(bid, current)) return refused("nothing-changes", "This would not change your commitment.");
  return passed({ bid, increment });
}

/**
 * The amounts that a form can offer to add to `current`, in smallest units, whatever the wallet's balance. `max` is below `min` if nothing
 * can be added, and absent if the permit sets no limit.
 */
export function incrementBounds(
  current: Bid,
  { minAmount, maxAmount }: Pick<PurchasePermit, "minAmount" | "maxAmount">,
): { min: bigint; max?: bigint } {
  const above = (bound: bigint) => (bound > current.amount ? bound - current.amount : 0n);
  const min = above(minAmount);
  return { min: min > 0n ? min : 1n, ...(maxAmount < MAX_UINT256 && { max: above(maxAmount) }) };
}
