import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { expectedTokens, type PriceRatio } from "@/lib/purchase/estimate";
import { parseDecimal } from "@/lib/sale/money";

/** A sale in which every commitment is accepted in the same proportion. */
export interface Demand {
  /** Tokens on sale, in the token's smallest units. */
  supply: bigint;
  /** The total committed so far, in smallest units of the payment tokens. */
  committed: bigint;
  paymentDecimals: number;
}

/** The announced rule and supply of a sale, as `site.sale` has them. */
interface AnnouncedSale {
  supply: string;
  tokenDecimals: number;
  oversubscription: { rule: "pro-rata" | "other" };
}

/** The demand as Sonar's public data tells it; undefined for another rule, and while no total is known. */
export function demandOf(
  commitments: Pick<ReadCommitmentDataResponse, "TotalCommitmentAmount" | "PaymentTokenDecimals"> | undefined,
  { supply: text, tokenDecimals, oversubscription }: AnnouncedSale,
): Demand | undefined {
  const supply = parseDecimal(text, tokenDecimals);
  if (!commitments || supply === undefined || oversubscription.rule !== "pro-rata") return undefined;
  const { TotalCommitmentAmount, PaymentTokenDecimals } = commitments;
  return { supply, committed: BigInt(TotalCommitmentAmount), paymentDecimals: PaymentTokenDecimals };
}

/** The units in which a sale counts. */
interface SaleUnits {
  price: PriceRatio;
  paymentDecimals: number;
  tokenDecimals: number;
}

/** The cost of all that is on sale, in the payment token's smallest units, rounded down. */
function costOf(supply: bigint, { price, paymentDecimals, tokenDecimals }: SaleUnits): bigint {
  return (
    (supply * price.numerator * 10n ** BigInt(paymentDecimals)) / (price.denominator * 10n ** BigInt(tokenDecimals))
  );
}

/**
 * The part of a payment that would be accepted if nobody committed anything after it, in smallest units, rounded down. Undefined where the
 * payment token counts in other units than the total.
 */
export function acceptedNow(pay: bigint, demand: Demand, units: SaleUnits): bigint | undefined {
  if (demand.paymentDecimals !== units.paymentDecimals) return undefined;
  const [onSale, total] = [costOf(demand.supply, units), demand.committed + pay];
  return total <= onSale ? pay : (pay * onSale) / total;
}

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
  const onSale = costOf(supply, input);
  const commitment = usualCommitment(input);
  const committed = 2n * onSale;
  if (commitment >= onSale) return undefined;
  const accepted = (commitment * onSale) / committed;
  const tokens = expectedTokens({ amount: accepted, paymentDecimals, price, tokenDecimals });
  if (tokens === undefined) return undefined;
  return { onSale, committed, commitment, accepted, refunded: commitment - accepted, tokens };
}
