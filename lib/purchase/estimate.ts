/** The price of one whole token in whole payment tokens, as an exact fraction: a third of a dollar has no decimal form. */
export interface PriceRatio {
  numerator: bigint;
  /** Above zero. */
  denominator: bigint;
}

/** Prices that are plain numbers count in this part of a payment token (10^-18), the unit of a price tick. */
export const PRICE_UNIT = 10n ** 18n;

/** A price as a fraction; a plain number is in 10^-18 of a payment token. */
export function priceRatio(price: bigint | PriceRatio): PriceRatio {
  return typeof price === "bigint" ? { numerator: price, denominator: PRICE_UNIT } : price;
}

/** The inputs of an estimate. */
export interface EstimateInput {
  /** The payment in the payment token's smallest units. */
  amount: bigint;
  paymentDecimals: number;
  /** As a fraction, or in 10^-18 of a payment token. */
  price: bigint | PriceRatio;
  tokenDecimals: number;
}

/**
 * The tokens that a payment buys at a price, in the token's smallest units, rounded down: a sale cannot hand out part of a smallest unit.
 * Only integers are involved. Undefined without a price above zero: then no number of tokens follows.
 */
export function expectedTokens({ amount, paymentDecimals, price, tokenDecimals }: EstimateInput): bigint | undefined {
  const { numerator, denominator } = priceRatio(price);
  if (numerator <= 0n || denominator <= 0n || amount < 0n) return undefined;
  return (amount * 10n ** BigInt(tokenDecimals) * denominator) / (10n ** BigInt(paymentDecimals) * numerator);
}

/** Compares two prices without rounding: below zero if `one` is the lower one, zero if they are equal. */
export function comparePrices(one: bigint | PriceRatio, other: bigint | PriceRatio): -1 | 0 | 1 {
  const [a, b] = [priceRatio(one), priceRatio(other)];
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
