import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { PRICE_UNIT, type PriceRatio } from "@/lib/purchase/estimate";
import { parsePriceTick } from "@/lib/purchase/price";
import { formatAmount } from "@/lib/sale/money";

/** The part of Sonar's public commitment data that tells an auction's estimated clearing price. */
export type ClearingFacts = Pick<
  ReadCommitmentDataResponse,
  | "ClearingPriceNumerator"
  | "ClearingPriceDenominator"
  | "ClearingPriceMicroUSD"
  | "OfferedTokenDecimals"
  | "PaymentTokenDecimals"
>;

/** The exact ratio of smallest units, for whole units of both tokens; undefined where Sonar does not say. */
function clearingRatio(data: ClearingFacts): PriceRatio | undefined {
  const { ClearingPriceNumerator, ClearingPriceDenominator, OfferedTokenDecimals } = data;
  if (ClearingPriceNumerator === undefined || ClearingPriceDenominator === undefined) return undefined;
  if (OfferedTokenDecimals === undefined || BigInt(ClearingPriceDenominator) <= 0n) return undefined;
  return {
    numerator: BigInt(ClearingPriceNumerator) * 10n ** BigInt(OfferedTokenDecimals),
    denominator: BigInt(ClearingPriceDenominator) * 10n ** BigInt(data.PaymentTokenDecimals),
  };
}

/**
 * The price of one whole token at which an auction would clear now, as Sonar estimates it. The ratio is exact; Sonar's price in micro-dollars
 * is rounded, and serves where the ratio is missing. Undefined if there is no price yet, as for sales at a fixed price.
 */
export function clearingPrice(data: ClearingFacts): PriceRatio | undefined {
  const { ClearingPriceMicroUSD: microDollars } = data;
  const rounded = microDollars === undefined ? undefined : { numerator: BigInt(microDollars), denominator: 1_000_000n };
  const price = clearingRatio(data) ?? rounded;
  return price && price.numerator > 0n ? price : undefined;
}

/** The sale's price for one whole token, in whole payment tokens. */
export type Pricing =
  | { kind: "fixed"; price: PriceRatio }
  /** `estimate`: the price at which it would clear now; absent while there is none. */
  | { kind: "auction"; estimate?: PriceRatio }
  | { kind: "unknown" };

/** The one price that everybody pays, as far as it is known. In an auction it is an estimate until the sale is settled. */
export function currentPrice(pricing: Pricing): PriceRatio | undefined {
  if (pricing.kind === "unknown") return undefined;
  return pricing.kind === "fixed" ? pricing.price : pricing.estimate;
}

/** Everything that tells the price; each part is absent while it is not known. */
export interface PricingFacts {
  commitments?: ClearingFacts;
  /** The price bounds of the user's permit, in ticks. */
  permit?: { minPrice: bigint; maxPrice: bigint };
  /** SALE_PRICE_TICK: a decimal number. */
  priceTick?: string;
  /** `site.sale.price`: a decimal number. */
  announced?: string;
}

/** What a bid that the contract holds tells of the bounds, while there is no permit: one without a price was made within bounds of 0. */
export function boundsOfBid({ amount, price }: { amount: bigint; price: bigint }): PricingFacts["permit"] {
  return amount > 0n && price === 0n ? { minPrice: 0n, maxPrice: 0n } : undefined;
}

function fixed(numerator: bigint | undefined): Pricing {
  return numerator === undefined
    ? { kind: "unknown" }
    : { kind: "fixed", price: { numerator, denominator: PRICE_UNIT } };
}

/**
 * The sale's price by its best source. Sonar and the permit come before the announcement: they say what the contract will accept. At a fixed
 * price, a permit's bounds are equal, and 0 if they do not tell the price (sonar.md 4.6). Nobody can bid a price within bounds of 0, so they
 * make no auction, whatever Sonar's public figures say.
 */
export function salePricing({ commitments, permit, priceTick, announced }: PricingFacts): Pricing {
  if (permit?.maxPrice === 0n) return fixed(announced === undefined ? undefined : parsePriceTick(announced));
  const estimate = commitments && clearingPrice(commitments);
  if (estimate) return { kind: "auction", estimate };
  if (permit && permit.minPrice !== permit.maxPrice) return { kind: "auction" };
  const tick = priceTick === undefined ? undefined : parsePriceTick(priceTick);
  if (tick !== undefined && permit) return fixed(permit.maxPrice * tick);
  return fixed(announced === undefined ? undefined : parsePriceTick(announced));
}

/** Decimals of a price while it is written, and the significant digits and decimals that are worth showing of one without an end. */
const SCALE = 18;
const SHOWN_DIGITS = 6;

/** Rounds half up. Long fractions, as of a third, keep six decimals, and small prices six significant digits. */
function rounded(price: bigint): bigint {
  const surplus = Math.min(price.toString().length, SCALE) - SHOWN_DIGITS;
  const unit = 10n ** BigInt(Math.max(0, surplus));
  return ((price + unit / 2n) / unit) * unit;
}

/** A price as text, e.g. "0.0215"; one that had to be rounded says so: "about 0.333333". */
export function priceText({ numerator, denominator }: PriceRatio): string {
  const scaled = numerator * 10n ** BigInt(SCALE);
  const shown = rounded(scaled / denominator);
  const isExact = shown * denominator === scaled;
  return `${isExact ? "" : "about "}${formatAmount(shown, SCALE)}`;
}
