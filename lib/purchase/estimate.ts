import { parseDecimal, type TokenUnit } from "@/lib/sale/money";

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

/** The token on sale. */
export interface OfferedToken extends TokenUnit {
  /** All that is on sale, in the token's smallest units; absent while it is not known. */
  supply?: bigint;
}

/** The token on sale, as `site` announces it. */
export function offeredToken(site: {
  token: { symbol: string };
  sale: { tokenDecimals: number; supply: string };
}): OfferedToken {
  const { tokenDecimals: decimals } = site.sale;
  const supply = parseDecimal(site.sale.supply, decimals);
  return { symbol: site.token.symbol, decimals, ...(supply !== undefined && { supply }) };
}

/** Nobody gets more than is on sale, whatever a payment would buy at a price: a payment that large moves an auction's price itself. */
export function atMostSupply(tokens: bigint, { supply }: Pick<OfferedToken, "supply">): bigint {
  return supply !== undefined && tokens > supply ? supply : tokens;
}

/** Compares two prices without rounding: below zero if `one` is the lower one, zero if they are equal. */
export function comparePrices(one: bigint | PriceRatio, other: bigint | PriceRatio): -1 | 0 | 1 {
  const [a, b] = [priceRatio(one), priceRatio(other)];
  const [left, right] = [a.numerator * b.denominator, b.numerator * a.denominator];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
