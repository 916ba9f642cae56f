import { bidPrice, isSameBid, type Bid, type BidPriceProblem } from "@/lib/sale/bid-rules";
import type { PurchasePermit } from "@/lib/sale/permit";
import type { PriceTick } from "@/lib/sale/price";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/token";
import { MAX_UINT256 } from "@/lib/sale/uint";

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
  delta: bigint;
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
  return passed({ bid, delta: increment });
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
