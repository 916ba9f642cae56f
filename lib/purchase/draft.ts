import { planBid, hasPriceChoice, type BidPlan, type BidProblem, type Bid } from "@/lib/purchase/bid";
import { parseAmount, amountFieldText, type DecimalMark } from "@/lib/purchase/amount";
import { checkWindow, type ReadPermit } from "@/lib/purchase/permit";
import { parsePrice, type PriceTick } from "@/lib/purchase/price";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import type { PaymentToken } from "@/lib/sale/state";
import { formatTokenAmount } from "@/lib/sale/money";
import { isApprovalStep } from "@/lib/purchase/errors/error-words";
import type { ConfirmedPurchase } from "@/lib/purchase/progress";

/** What the user has typed and chosen so far. */
export interface CommitDraft {
  amount: string;
  price: string;
  lockup: boolean;
  /** Address of the payment token; absent: the first. */
  token?: `0x${string}`;
}

/** Nothing typed yet. */
export const EMPTY_DRAFT: CommitDraft = { amount: "", price: "", lockup: false };

/** What a wallet holds, in smallest units. Absent: not read yet. */
export interface CommitFunds {
  token?: bigint;
  /** Of the coin that gas is paid in; absent too where the wallet need not hold any. */
  native?: bigint;
}

/** What a draft is measured by. */
export interface CommitTerms {
  /** Of the permit that was fetched for the form; the one that is sent is a fresh one. */
  permit: ReadPermit;
  current: Bid;
  refunded: boolean;
  token: PaymentToken;
  funds: CommitFunds;
  /** What gas is paid in, e.g. "ETH". */
  nativeSymbol: string;
  tick?: PriceTick;
  decimalMark?: DecimalMark;
  /** Unix seconds of the latest block known. */
  now: bigint;
}

/** Where a problem belongs: at a field, or at the form as a whole. */
export type DraftPlace = "amount" | "price" | "form";

/** What keeps a draft from being sent. `quiet`: nothing has been entered yet, which is no mistake. */
export interface DraftProblem {
  place: DraftPlace;
  sentence: string;
  quiet?: boolean;
}

/** A draft as it would be sent, or what keeps it from that. */
export type DraftCheck = { ok: true; plan: BidPlan; price?: bigint } | { ok: false; problem: DraftProblem };

function at(place: DraftPlace, sentence: string, quiet = false): { ok: false; problem: DraftProblem } {
  return { ok: false, problem: { place, sentence, quiet } };
}

const PRICE_PROBLEMS: ReadonlySet<BidProblem> = new Set([
  "price-needed",
  "price-lowered",
  "price-under-min",
  "price-over-max",
]);

/** The price steps, where the price is the user's to choose; undefined where the bounds leave no choice or the steps are not known. */
export function choosableTick({ permit, tick }: Pick<CommitTerms, "permit" | "tick">): PriceTick | undefined {
  return hasPriceChoice(permit.permit) ? tick : undefined;
}

/** The price typed, in ticks; undefined for none, where the present one stays. */
function readPrice(draft: CommitDraft, terms: CommitTerms): Checked<bigint | undefined, string> {
  const tick = choosableTick(terms);
  if (tick === undefined || draft.price.trim() === "") return passed(undefined);
  return parsePrice(draft.price, tick, terms.decimalMark);
}

/** What comes on top. Nothing typed is 0 for an entity that has a bid already: it may change the price or the lockup only. */
function readIncrement(draft: CommitDraft, { token, decimalMark, current }: CommitTerms): Checked<bigint, string> {
  if (draft.amount.trim() === "" && current.amount > 0n) return passed(0n);
  return parseAmount(draft.amount, { token, decimalMark });
}

/** What no amount could change: the time, and a wallet that cannot pay for a transaction. */
function checkForm({ permit, now, funds, nativeSymbol }: CommitTerms): Checked<bigint, string> {
  if (funds.native === 0n)
    return refused("gas-shortage", `Your wallet holds no ${nativeSymbol}, in which the network fee is paid.`);
  return checkWindow(permit.permit, now);
}

function placeOf(kind: BidProblem): DraftPlace {
  if (PRICE_PROBLEMS.has(kind)) return "price";
  return kind === "already-refunded" ? "form" : "amount";
}

function planDraft(draft: CommitDraft, terms: CommitTerms, increment: bigint, price: bigint | undefined): DraftCheck {
  const { permit, forcedLockup } = terms.permit;
  const { current, refunded: isRefunded, token, tick } = terms;
  const choice = { wantsLockup: draft.lockup, price };
  const plan = planBid({ current, refunded: isRefunded, increment, permit, forcedLockup, token, tick, ...choice });
  if (plan.ok) return { ok: true, plan: plan.value, price };
  const { kind, sentence } = plan.problem;
  if (kind === "price-needed" && tick === undefined)
    return at("form", "This sale takes bids at a price, and this site does not know its steps. Please report this.");
  if (kind === "nothing-changes") return at("amount", "Enter what to add.", true);
  return at(placeOf(kind), sentence, kind === "price-needed" && draft.price.trim() === "");
}

/** What the button would send for this draft, or the first problem with the place to say it at. */
export function checkDraft(draft: CommitDraft, terms: CommitTerms): DraftCheck {
  const form = checkForm(terms);
  if (!form.ok) return at("form", form.problem.sentence);
  const increment = readIncrement(draft, terms);
  if (!increment.ok) {
    const empty = increment.problem.kind === "empty";
    return at("amount", empty ? "Enter an amount." : increment.problem.sentence, empty);
  }
  const price = readPrice(draft, terms);
  if (!price.ok) return at("price", price.problem.sentence);
  const planned = planDraft(draft, terms, increment.value, price.value);
  const { funds, token } = terms;
  if (planned.ok && funds.token !== undefined && increment.value > funds.token)
    return at("amount", `Your wallet holds ${formatTokenAmount(funds.token, token)}.`);
  return planned;
}

/** What the button says: the number on it is the number that is sent. */
export function commitLabel(reading: DraftCheck, { current, token }: Pick<CommitTerms, "current" | "token">): string {
  const verb = current.amount > 0n ? "Add" : "Commit";
  if (!reading.ok) return verb;
  const { increment } = reading.plan;
  return increment > 0n ? `${verb} ${formatTokenAmount(increment, token)}` : "Change the commitment";
}

/**
 * What the form holds once something is in a block: nothing but the token after what it was for, and after an approval that an earlier
 * page load has sent, the amount that was approved, unless another is typed already.
 */
export function draftAfterCommit(
  { kind, token, increment = 0n }: ConfirmedPurchase,
  draft: CommitDraft,
  tokens: readonly PaymentToken[],
): CommitDraft {
  if (!isApprovalStep(kind)) return { ...EMPTY_DRAFT, token: draft.token };
  const approved = tokens.find(({ address }) => address.toLowerCase() === token?.toLowerCase());
  if (draft.amount !== "" || !approved || increment === 0n) return draft;
  return { ...draft, amount: amountFieldText(increment, approved.decimals), token: approved.address };
}
