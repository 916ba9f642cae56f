import { formatAmount, MAX_UINT64 } from "@/lib/sale/money";
import { readDecimal, type DecimalMark } from "@/lib/purchase/amount";
import { passed, refused, type Checked } from "@/lib/sale/problem";

/** Decimals that a price and the tick may have: as many as any token in use. */
const SCALE = 18;

/** Every way in which a price can be refused. */
export type PriceProblem =
  "empty" | "not-a-number" | "ambiguous" | "too-many-decimals" | "not-above-zero" | "off-tick" | "too-high";

type CheckedPrice = Checked<bigint, PriceProblem>;

/** The size of one price tick in 10^-18 of the currency. */
export type PriceTick = bigint & { readonly __unit: "price tick" };

function isTick(value: bigint): value is PriceTick {
  return value > 0n;
}

/** A price in 10^-18 of the currency. */
function scaledPrice(text: string, mark?: DecimalMark): CheckedPrice {
  const read = readDecimal(text, mark);
  if (!read.ok) return read;
  const { negative, whole, fraction } = read.value;
  if (fraction.length > SCALE) return refused("too-many-decimals", `A price has at most ${SCALE} decimals.`);
  const value = BigInt(whole + fraction.padEnd(SCALE, "0"));
  return negative || value === 0n ? refused("not-above-zero", "Enter a price above zero.") : passed(value);
}

/** The tick of `SALE_PRICE_TICK`, a decimal number with a dot; undefined if it is none above zero. Neither API nor contract tells it. */
export function parsePriceTick(text: string): PriceTick | undefined {
  const tick = scaledPrice(text, ".");
  return tick.ok && isTick(tick.value) ? tick.value : undefined;
}

/** A number of ticks as the price it stands for, e.g. (3n, 0.0215) -> "0.0645". */
export function formatPrice(ticks: bigint, tick: PriceTick): string {
  return formatAmount(ticks * tick, SCALE);
}

function offTick(below: bigint, tick: PriceTick): CheckedPrice {
  const nearest = [below, below + 1n].filter((ticks) => ticks > 0n).map((ticks) => formatPrice(ticks, tick));
  return refused("off-tick", `Prices go in steps of ${formatPrice(1n, tick)}. The nearest: ${nearest.join(" or ")}.`);
}

/**
 * The price a person typed, in ticks: the unit of a bid and of a permit's bounds (sonar.md 4.6). A price between two ticks is refused with
 * the two next to it: a float product, 33 * 0.0215, once fell under the clearing price.
 */
export function parsePrice(text: string, tick: PriceTick, mark?: DecimalMark): CheckedPrice {
  const price = scaledPrice(text, mark);
  if (!price.ok) return price;
  const ticks = price.value / tick;
  if (ticks > MAX_UINT64) return refused("too-high", "That price is more than the sale can hold.");
  return price.value % tick === 0n ? passed(ticks) : offTick(ticks, tick);
}
