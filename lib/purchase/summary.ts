import type { BidPlan } from "@/lib/purchase/bid";
import type { CommitTerms } from "@/lib/purchase/draft";
import { atMostSupply, expectedTokens, priceRatio, type OfferedToken, type PriceRatio } from "@/lib/purchase/estimate";
import { standingOf, type BidStanding } from "@/lib/purchase/standing";
import { totalTokens, type PositionRow } from "@/lib/purchase/position";
import { shortenAddress } from "@/lib/sale/hex";
import { formatAmount, formatTokenAmount, symbolsAt, type TokenUnit } from "@/lib/sale/money";
import { formatUtc, YEAR_10000 } from "@/lib/calendar";
import { acceptedNow, type Demand } from "@/lib/sale/oversubscription";
import { currentPrice, priceText, type Pricing } from "@/lib/sale/pricing";
import type { PaymentToken } from "@/lib/sale/state";

/** The figures of a bid; amounts in smallest units of their tokens. */
export interface PurchaseFigures {
  /** Taken from the wallet. */
  pay: bigint;
  /** The entity's total after it. */
  total: bigint;
  /** Tokens for the payment and for the total; absent while no price is known. */
  tokens?: bigint;
  totalTokens?: bigint;
  /** Tokens for the payment if nobody committed anything after it; at a fixed price with `demand`. */
  tokensNow?: bigint;
  /** In an auction with an estimated clearing price. */
  standing?: BidStanding;
}

/** The facts that the figures follow from, besides the bid. */
export interface FigureFacts {
  price: Pricing;
  paymentDecimals: number;
  tokenDecimals: number;
  /** See `OfferedToken`. */
  supply?: bigint | undefined;
  /** One step of a bid's price in 10^-18 of the payment token. */
  tick?: bigint;
  /** Absent where the sale has another rule for oversubscription, or the total is not known. */
  demand?: Demand | undefined;
}

/** The tokens of a payment at a fixed price, by what is committed now. */
function tokensByDemand(pay: bigint, { price, demand, ...units }: FigureFacts): bigint | undefined {
  if (price.kind !== "fixed" || !demand) return undefined;
  const amount = acceptedNow(pay, demand, { ...units, price: price.price });
  return amount === undefined ? undefined : expectedTokens({ ...units, amount, price: price.price });
}

/** The price that tokens are counted at. In an auction without an estimate, it is the bid's own: the most that its tokens can cost. */
function countedPrice({ bid }: BidPlan, { price, tick }: FigureFacts): bigint | PriceRatio | undefined {
  const own = price.kind === "auction" && tick !== undefined ? bid.price * tick : undefined;
  return currentPrice(price) ?? own;
}

/** The exact figures of a bid that is about to be sent. */
export function purchaseFigures(plan: BidPlan, facts: FigureFacts): PurchaseFigures {
  const { increment: pay, bid } = plan;
  const standing = standingOf(bid.price, { ...facts, pricing: facts.price });
  const price = countedPrice(plan, facts);
  const tokensFor = (amount: bigint) => {
    if (standing === "below") return 0n;
    const tokens = price === undefined ? undefined : expectedTokens({ ...facts, amount, price });
    return tokens === undefined ? undefined : atMostSupply(tokens, facts);
  };
  const [tokens, totalTokens] = [tokensFor(pay), tokensFor(bid.amount)];
  const tokensNow = tokensByDemand(pay, facts);
  return {
    pay,
    total: bid.amount,
    ...(tokens !== undefined && { tokens }),
    ...(totalTokens !== undefined && { totalTokens }),
    ...(tokensNow !== undefined && { tokensNow }),
    ...(standing && { standing }),
  };
}

/** Digits of an estimate that are worth showing. */
const SHOWN_DIGITS = 6;

/** An amount cut to six digits, and never rounded up; the part before the decimals stays whole. */
export function cutAmount(amount: bigint, decimals: number): { text: string; isExact: boolean } {
  const surplus = Math.min(Math.max(0, amount.toString().length - SHOWN_DIGITS), decimals);
  const unit = 10n ** BigInt(surplus);
  return { text: formatAmount(amount - (amount % unit), decimals), isExact: amount % unit === 0n };
}

/** A line of the summary. Without a value it depends on an amount, and none is valid yet. */
export interface SummaryLine {
  term: string;
  value?: string;
  /** The value may need a line of its own on the narrowest screens. */
  isLong?: true;
}

/** Everything that the summary tells. */
export interface SummaryInput extends Pick<CommitTerms, "current" | "permit" | "token" | "tick"> {
  /** The bid that the button sends; absent while it would send none. */
  plan?: BidPlan;
  price: Pricing;
  demand?: FigureFacts["demand"];
  offered: OfferedToken;
  /** The rows of the entity's position, and the sale's tokens, to name the tokens of a total. */
  rows: readonly PositionRow[];
  tokens: readonly PaymentToken[];
  /** The wallet that pays, and that refunds go to. */
  wallet: string;
  /** True if the user wants a lockup. */
  wantsLockup: boolean;
  /** `undefined`: nobody needs to know, as others pay. `value` in the coin's smallest units; absent while it is not known. */
  fee?: { value?: bigint; unit: TokenUnit };
}

/** The text of an entity's total, e.g. "250 USDC and USDT". */
export function totalText(
  amount: bigint,
  { rows, token, tokens, increment }: Pick<SummaryInput, "rows" | "token" | "tokens"> & { increment: bigint },
): string {
  const of = totalTokens(rows, { token: token.address, amount: increment });
  const symbol = symbolsAt(of.length > 0 ? of : [token.address], tokens) ?? token.symbol;
  return formatTokenAmount(amount, { symbol, decimals: token.decimals });
}

/** The words before a number of tokens. No sale promises them: a fixed price can be oversubscribed, and an auction's price moves. */
function tokensText(
  tokens: bigint | undefined,
  { price, offered }: SummaryInput,
  standing: BidStanding | undefined,
): string | undefined {
  if (tokens === undefined) return undefined;
  if (standing === "below") return "nothing at this price";
  const { text, isExact } = cutAmount(tokens, offered.decimals);
  const figure = `${text} ${offered.symbol}`;
  if (price.kind === "fixed") return isExact ? `up to ${figure}` : `up to about ${figure}`;
  return standing === undefined ? `about ${figure}, if your bid is filled` : `up to about ${figure}`;
}

/** What a bid buys that changes only its price or lockup. */
const NOTHING_MORE = "nothing more: you pay nothing";

function isOfTerms(figures: PurchaseFigures | undefined): boolean {
  return figures?.pay === 0n;
}

/** What the payment comes to as things stand: "up to" alone would promise too much where far more is committed than is on sale. */
function demandLine(
  { price, demand, token, offered }: SummaryInput,
  figures: PurchaseFigures | undefined,
): SummaryLine[] {
  if (price.kind !== "fixed" || demand?.paymentDecimals !== token.decimals) return [];
  const tokens = figures?.tokensNow;
  const about = tokens !== undefined && `about ${cutAmount(tokens, offered.decimals).text} ${offered.symbol}`;
  const value = isOfTerms(figures) ? NOTHING_MORE : about;
  return [{ term: "At today's total", isLong: true, ...(value && { value }) }];
}

function priceLine({ price, token, tick, plan }: SummaryInput): SummaryLine[] {
  if (price.kind === "unknown") return [];
  if (price.kind === "fixed") return [{ term: "Price", value: `${priceText(price.price)} ${token.symbol}` }];
  const bid =
    plan && tick !== undefined ? { value: `${priceText(priceRatio(plan.bid.price * tick))} ${token.symbol}` } : {};
  const clearing = price.estimate && `${priceText(price.estimate)} ${token.symbol}`;
  return [
    { term: "Your bid price", ...bid },
    { term: "Estimated clearing price", value: clearing ?? "not known yet" },
  ];
}

function totalLines(input: SummaryInput, figures: PurchaseFigures | undefined): SummaryLine[] {
  const { current, plan } = input;
  if (current.amount === 0n) return [];
  const total = plan && totalText(plan.bid.amount, { ...input, increment: plan.increment });
  const tokens = tokensText(figures?.totalTokens, input, figures?.standing);
  return [
    { term: "Committed so far", value: totalText(current.amount, { ...input, increment: 0n }) },
    { term: "New total", ...(total !== undefined && { value: total }) },
    ...(input.price.kind === "unknown"
      ? []
      : [{ term: "For the total", isLong: true as const, ...(tokens !== undefined && { value: tokens }) }]),
  ];
}

/** A fee in two digits, rounded up. */
function feeText(fee: bigint, { decimals, symbol }: TokenUnit): string {
  const unit = 10n ** BigInt(Math.max(0, fee.toString().length - 2));
  return `about ${formatAmount(((fee + unit - 1n) / unit) * unit, decimals)} ${symbol}`;
}

function isLocked({ permit, current, wantsLockup }: SummaryInput): boolean {
  return permit.forcedLockup || current.lockup || wantsLockup;
}

/** The lines above the button. Their number does not depend on the typed amount, so nothing moves while somebody types. */
export function summaryLines(input: SummaryInput): SummaryLine[] {
  const { plan, price, demand, token, offered, tick, wallet, fee, permit } = input;
  const { decimals: tokenDecimals, supply } = offered;
  const facts = { price, demand, tick, paymentDecimals: token.decimals, tokenDecimals, supply };
  const figures = plan && purchaseFigures(plan, facts);
  const tokens = isOfTerms(figures) ? NOTHING_MORE : tokensText(figures?.tokens, input, figures?.standing);
  const pay = figures && formatTokenAmount(figures.pay, token);
  return [
    { term: "You pay", ...(pay !== undefined && { value: pay }) },
    ...priceLine(input),
    ...(price.kind === "unknown"
      ? []
      : [{ term: "You receive", isLong: true as const, ...(tokens !== undefined && { value: tokens }) }]),
    ...demandLine(input, figures),
    ...totalLines(input, figures),
    ...(isLocked(input) ? [{ term: "Lockup", value: "your tokens are locked up" }] : []),
    { term: "Not accepted", value: `refunded to ${shortenAddress(wallet)}` },
    ...(fee ? [{ term: "Network fee", ...(fee.value !== undefined && { value: feeText(fee.value, fee.unit) }) }] : []),
    ...(permit.permit.closesAt < YEAR_10000 ? [{ term: "Closes", value: formatUtc(permit.permit.closesAt) }] : []),
  ];
}
