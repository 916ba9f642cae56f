import { expectedTokens, type PriceRatio } from "@/lib/purchase/estimate";

/** The inputs of the example, as the sale has them. Amounts of money in the payment token's smallest units. */
export interface ExampleInput {
  price: PriceRatio;
  paymentDecimals: number;
  tokenDecimals: number;
  /** Tokens on sale, in the token's smallest units. */
  supply: bigint;
  minimum?: bigint;
  maximum?: bigint;
}

/** A sale to which twice as much is committed as is on sale, and what one commitment comes to in it. All figures follow the contract's rounding. */
export interface OversubscriptionExample {
  /** The cost of everything that is on sale. */
  onSale: bigint;
  committed: bigint;
  commitment: bigint;
  accepted: bigint;
  refunded: bigint;
  /** In the token's smallest units, rounded down. */
  tokens: bigint;
}

/** In whole payment tokens: an amount that people would commit. */
const USUAL = 100n;

/** The cost of a round number of tokens that is near a usual commitment, so that the example has short figures, if the bounds allow that. */
function usualCommitment({ price, paymentDecimals, minimum = 1n, maximum }: ExampleInput): bigint {
  const least = USUAL * 10n ** BigInt(paymentDecimals);
  const wanted = minimum > least ? minimum : least;
  const unit = 10n ** BigInt(paymentDecimals);
  let round = 1n;
  while ((round * price.numerator * unit) / price.denominator < wanted) round *= 10n;
  const cost = (round * price.numerator * unit) / price.denominator;
  return maximum !== undefined && cost > maximum ? maximum : cost;
}

/**
 * A worked example of "every commitment is accepted in the same proportion", from the sale's own figures. Undefined for a sale so small that
 * the commitment would be all of it.
 */
export function oversubscriptionExample(input: ExampleInput): OversubscriptionExample | undefined {
  const { price, paymentDecimals, tokenDecimals, supply } = input;
  const onSale =
    (supply * price.numerator * 10n ** BigInt(paymentDecimals)) / (price.denominator * 10n ** BigInt(tokenDecimals));
  const commitment = usualCommitment(input);
  const committed = 2n * onSale;
  if (commitment >= onSale) return undefined;
  const accepted = (commitment * onSale) / committed;
  const tokens = expectedTokens({ amount: accepted, paymentDecimals, price, tokenDecimals });
  if (tokens === undefined) return undefined;
  return { onSale, committed, commitment, accepted, refunded: commitment - accepted, tokens };
}
