import { formatAmount, MAX_UINT64 } from "@/lib/sale/money";
import { amountFieldText, readDecimal, type DecimalRules } from "@/lib/purchase/amount";
import { passed, refused, type Checked } from "@/lib/sale/problem";

/** Decimals that a price and the tick may have: as many as any common token has. */
const SCALE = 18;

/** Everything that can be wrong with a price. */
export type PriceProblem =
  "empty" | "not-a-number" | "ambiguous" | "too-many-decimals" | "not-above-zero" | "off-tick" | "too-high";

type CheckedPrice = Checked<bigint, PriceProblem>;

/** The size of one price tick in 10^-18 of the currency. */
export type PriceTick = bigint & { readonly __unit: "price tick" };

function isTick(value: bigint): value is PriceTick {
  return value > 0n;
}

/** A price in 10^-18 of the currency. */
function scaledPrice(text: string, rules?: DecimalRules): CheckedPrice {
  const read = readDecimal(text, rules);
  if (!read.ok) return read;
  const { negative, whole, fraction } = read.value;
  if (fraction.length > SCALE) return refused("too-many-decimals", `A price can have at most ${SCALE} decimals.`);
  const value = BigInt(whole + fraction.padEnd(SCALE, "0"));
  return negative || value === 0n ? refused("not-above-zero", "Enter a price above zero.") : passed(value);
}

/** The tick in `SALE_PRICE_TICK`, a decimal number above zero with a dot; undefined for anything else. Neither API nor contract has it. */
export function parsePriceTick(text: string): PriceTick | undefined {
  const tick = scaledPrice(text, { decimalMark: "." });
  return tick.ok && isTick(tick.value) ? tick.value : undefined;
}

/** The price of a number of ticks, e.g. (3n, 0.0215) -> "0.0645". */
export function formatPrice(ticks: bigint, tick: PriceTick): string {
  return formatAmount(ticks * tick, SCALE);
}

function offTick(below: bigint, tick: PriceTick): CheckedPrice {
  const nearest = [below, below + 1n].filter((ticks) => ticks > 0n).map((ticks) => formatPrice(ticks, tick));
  return refused("off-tick", `Prices go in steps of ${formatPrice(1n, tick)}. Enter ${nearest.join(" or ")}.`);
}

/**
 * The price that a person typed, in ticks: the unit of a bid and of a permit's bounds (sonar.md 4.6). A price between two ticks is refused,
 * and the two nearest are offered: with floats, 33 * 0.0215 would fall below the clearing price.
 */
export function parsePrice(text: string, tick: PriceTick, rules?: DecimalRules): CheckedPrice {
  const price = scaledPrice(text, rules);
  if (!price.ok) return price;
  const ticks = price.value / tick;
  if (ticks > MAX_UINT64) return refused("too-high", "That price is higher than the sale accepts.");
  return price.value % tick === 0n ? passed(ticks) : offTick(ticks, tick);
}

/** The range of a stepper, in ticks. */
export interface PriceRange {
  lowest: bigint;
  highest: bigint;
}

/**
 * The text of the price one step up or down from what was typed. A price between two ticks goes to the next tick in that direction; a field
 * without a price begins at `start`. The result is always inside the range and on the grid.
 */
export function steppedPrice(
  text: string,
  direction: 1 | -1,
  { tick, range, start, rules }: { tick: PriceTick; range: PriceRange; start: bigint; rules?: DecimalRules },
): string {
  const typed = scaledPrice(text, rules);
  const within = (ticks: bigint) =>
    ticks < range.lowest ? range.lowest : ticks > range.highest ? range.highest : ticks;
  const next = (price: bigint) => {
    const below = price / tick;
    if (direction === 1) return below + 1n;
    return price % tick === 0n ? below - 1n : below;
  };
  return amountFieldText(within(typed.ok ? next(typed.value) : start) * tick, SCALE);
}
