import { atMostSupply, expectedTokens, priceRatio, type OfferedToken, type PriceRatio } from "@/lib/purchase/estimate";
import type { PriceTick } from "@/lib/purchase/price";
import type { Expectation } from "@/lib/purchase/receipt";
import { standingOf } from "@/lib/purchase/standing";
import { cutAmount } from "@/lib/purchase/summary";
import { currentPrice, priceText, type Pricing } from "@/lib/sale/pricing";

/** The token on sale, its price, and the unit of a bid's price. */
export interface Offer {
  token: OfferedToken;
  pricing: Pricing;
  tick?: PriceTick;
}

/** An amount of a payment token, in smallest units. */
interface Payment {
  amount: bigint;
  decimals: number;
}

/** The tokens for a payment as text; "about" unless every digit is shown and no part of one was rounded off. */
function tokensText({ amount, decimals }: Payment, price: PriceRatio, { token }: Offer): string | undefined {
  const bought = expectedTokens({ amount, paymentDecimals: decimals, price, tokenDecimals: token.decimals });
  if (bought === undefined) return undefined;
  const tokens = atMostSupply(bought, token);
  const { text, isExact } = cutAmount(tokens, token.decimals);
  const paid = amount * 10n ** BigInt(token.decimals) * price.denominator;
  const isWhole = tokens * 10n ** BigInt(decimals) * price.numerator === paid;
  return `${isExact && isWhole ? "" : "about "}${text} ${token.symbol}`;
}

/** The tokens for an accepted amount; undefined while no price is known. */
export function allocationText(accepted: Payment, offer: Offer): string | undefined {
  const price = currentPrice(offer.pricing);
  return price && tokensText(accepted, price, offer);
}

/** The price and the expected tokens of a commitment, for its receipt. `bidPrice` is in ticks. */
export function expectationOf(
  { bidPrice, symbol, ...payment }: Payment & { bidPrice?: bigint; symbol: string },
  offer: Offer,
): Expectation {
  const price = currentPrice(offer.pricing);
  if (!price || payment.amount === 0n) return {};
  // A bid without a price is none of an auction, whatever Sonar's public figures say.
  if (offer.pricing.kind === "auction" && bidPrice === 0n) return {};
  const tokens = tokensText(payment, price, offer);
  if (tokens === undefined) return {};
  if (offer.pricing.kind === "fixed") return { price: `${priceText(price)} ${symbol}`, expected: `up to ${tokens}` };
  const standing = standingOf(bidPrice, offer);
  // Whoever reads it later must not take the estimate for the price of that day.
  const estimate = `estimated clearing price then ${priceText(price)} ${symbol}`;
  if (standing === undefined || !bidPrice || offer.tick === undefined) return { price: estimate };
  const own = `bid at ${priceText(priceRatio(bidPrice * offer.tick))} ${symbol}`;
  const expected = standing === "below" ? "nothing at this price" : `up to about ${tokens.replace("about ", "")}`;
  return { price: `${own}, ${estimate}`, expected };
}
