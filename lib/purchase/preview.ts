import type { Address } from "viem";
import type { BidPlan } from "@/lib/purchase/bid";
import type { OfferedToken } from "@/lib/purchase/estimate";
import type { CommitDraft, CommitTerms } from "@/lib/purchase/draft";
import { decideFunding, type FundingFacts } from "@/lib/purchase/funding";
import type { PositionRow } from "@/lib/purchase/position";
import { requestsFee, walletRequests, type WalletRequest } from "@/lib/purchase/requests";
import type { BidStanding } from "@/lib/purchase/standing";
import { cutAmount, purchaseFigures, summaryLines, totalText, type SummaryLine } from "@/lib/purchase/summary";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";
import type { Demand } from "@/lib/sale/oversubscription";
import type { Pricing } from "@/lib/sale/pricing";
import type { PaymentToken } from "@/lib/sale/state";

/** The facts about an order that the draft and its terms do not hold. */
export interface OrderFacts {
  price: Pricing;
  /** What is on sale and committed, where every commitment is accepted in the same proportion. */
  demand?: Demand | undefined;
  offered: OfferedToken;
  /** The wallet that pays. */
  wallet: Address;
  /** The sale's contract. */
  contract: Address;
  entityName: string;
  /** The chosen token's funding; absent until it is read. */
  funding?: Omit<FundingFacts, "increment" | "committed" | "tokenHasPermit">;
  /** The coin of network fees, and the price of gas in it if the node tells; `undefined`: the wallet's fees may be paid by others. */
  fees?: { coin: TokenUnit; gasPrice?: bigint };
  tokens: readonly PaymentToken[];
  rows: readonly PositionRow[];
}

/** The order before it is sent, as the form shows it. */
export interface OrderPreview {
  lines: SummaryLine[];
  /** Absent while no amount is valid, or while the wallet's allowance is not known. */
  requests?: WalletRequest[];
  standing?: BidStanding;
  /** A sentence with the exact number of tokens, where the summary cuts it. */
  exactTokens?: string;
}

function requestsOf(plan: BidPlan | undefined, { token, current }: CommitTerms, facts: OrderFacts) {
  if (!plan || !facts.funding) return undefined;
  const { increment, bid } = plan;
  const { contract, entityName, funding, rows, tokens } = facts;
  return walletRequests({
    contract,
    entityName,
    token,
    increment,
    totalText: totalText(bid.amount, { rows, token, tokens, increment }),
    funding: decideFunding({
      ...funding,
      increment,
      committed: current.amount,
      tokenHasPermit: token.permit !== undefined,
    }),
    hasCommitted: current.amount > 0n,
  });
}

function exactSentence(tokens: bigint | undefined, pay: bigint, { token }: CommitTerms, { offered }: OrderFacts) {
  // All that is on sale is a limit, and no price.
  if (tokens === undefined || tokens === offered.supply || cutAmount(tokens, offered.decimals).isExact)
    return undefined;
  return `At the price shown, ${formatTokenAmount(pay, token)} buys exactly ${formatTokenAmount(tokens, offered)}.`;
}

/** The preview of a draft. `plan` is the bid that the button sends; without it, only what does not depend on the amount is known. */
export function previewOrder(
  draft: Pick<CommitDraft, "lockup">,
  terms: CommitTerms,
  facts: OrderFacts,
  plan?: BidPlan,
): OrderPreview {
  const { token, tick } = terms;
  const { price, demand, offered, wallet, fees, rows, tokens } = facts;
  const { decimals: tokenDecimals, supply } = offered;
  const figures =
    plan && purchaseFigures(plan, { price, tick, paymentDecimals: token.decimals, tokenDecimals, supply });
  const requests = requestsOf(plan, terms, facts);
  const cost = requests && fees?.gasPrice !== undefined ? requestsFee(requests, fees.gasPrice) : undefined;
  const fee = fees && { unit: fees.coin, ...(cost !== undefined && { value: cost }) };
  const exactTokens = figures && exactSentence(figures.tokens, figures.pay, terms, facts);
  const shown = { ...terms, plan, price, demand, offered, wallet, rows, tokens, wantsLockup: draft.lockup };
  return {
    lines: summaryLines({ ...shown, ...(fee && { fee }) }),
    ...(requests && { requests }),
    ...(figures?.standing && { standing: figures.standing }),
    ...(exactTokens && { exactTokens }),
  };
}
