import { incrementBounds, planBid, hasPriceChoice, type BidPlan, type BidProblem, type Bid } from "@/lib/purchase/bid";
import { parseAmount, amountFieldText, isBlank, type DecimalMark } from "@/lib/purchase/amount";
import { checkWindow, type ReadPermit } from "@/lib/purchase/permit";
import { parsePrice, type PriceTick } from "@/lib/purchase/price";
import { passed, refused, REPORT, type Checked } from "@/lib/sale/problem";
import type { PaymentToken } from "@/lib/sale/state";
import { formatTokenAmount, tokenAt } from "@/lib/sale/money";
import { isApprovalStep, type ConfirmedPurchase } from "@/lib/purchase/progress";

/** The user's inputs so far. */
export interface CommitDraft {
  amount: string;
  price: string;
  lockup: boolean;
  /** Address of the payment token; the first one if absent. */
  token?: `0x${string}`;
}

/** An untouched form. */
export const EMPTY_DRAFT: CommitDraft = { amount: "", price: "", lockup: false };

/** A wallet's balances, in smallest units. Absent until they are read. */
export interface CommitFunds {
  token?: bigint;
  /** The coin that network fees are paid in; also absent if the wallet does not need any. */
  native?: bigint;
  /** True if the token's issuer has blocked the wallet. */
  isBlocked?: boolean;
}

/** The limits and facts that a draft is checked against. */
export interface CommitTerms {
  /** The permit that was fetched for the form. A fresh one is fetched for sending. */
  permit: ReadPermit;
  current: Bid;
  refunded: boolean;
  token: PaymentToken;
  funds: CommitFunds;
  /** The symbol of the coin that network fees are paid in, e.g. "ETH". */
  nativeSymbol: string;
  tick?: PriceTick;
  decimalMark?: DecimalMark;
  /** Unix seconds of the latest block known. */
  now: bigint;
}

/** The place of a problem: a field, or the form as a whole. */
export type DraftPlace = "amount" | "price" | "form";

/** The problem that keeps a draft from being sent. `quiet`: nothing has been entered yet, which is not a mistake. */
export interface DraftProblem {
  place: DraftPlace;
  sentence: string;
  quiet?: boolean;
}

/** The bid that a draft would send, or the problem that keeps it from being sent. */
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

/** The price step, if the user can choose the price; undefined if the bounds leave no choice or the step is not known. */
export function choosableTick({ permit, tick }: Pick<CommitTerms, "permit" | "tick">): PriceTick | undefined {
  return hasPriceChoice(permit.permit) ? tick : undefined;
}

/** The typed price in ticks; undefined if none was typed, so that the current one stays. */
function readPrice(draft: CommitDraft, terms: CommitTerms): Checked<bigint | undefined, string> {
  const tick = choosableTick(terms);
  if (tick === undefined || isBlank(draft.price)) return passed(undefined);
  return parsePrice(draft.price, tick, { decimalMark: terms.decimalMark, unit: terms.token.symbol });
}

/** The amount to add. An empty field means 0 for an entity that already has a bid: it may change only the price or the lockup. */
function readIncrement(draft: CommitDraft, { token, decimalMark, current }: CommitTerms): Checked<bigint, string> {
  if (isBlank(draft.amount) && current.amount > 0n) return passed(0n);
  return parseAmount(draft.amount, { token, decimalMark });
}

/** Problems that no amount could fix: the time, a wallet that cannot pay the network fee, and one that the token's issuer has blocked. */
function checkForm({ permit, now, funds, nativeSymbol, token: { symbol } }: CommitTerms): Checked<bigint, string> {
  if (funds.isBlocked) {
    const cause = `The issuer of ${symbol} has blocked this wallet, so it cannot pay with ${symbol}.`;
    return refused("blocked", `${cause} Use another wallet or token.`);
  }
  if (funds.native === 0n)
    return refused("gas-shortage", `Your wallet holds no ${nativeSymbol} to pay the network fee.`);
  return checkWindow(permit.permit, now);
}

function placeOf(kind: BidProblem): DraftPlace {
  if (PRICE_PROBLEMS.has(kind)) return "price";
  return kind === "already-refunded" ? "form" : "amount";
}

function planDraft(draft: CommitDraft, terms: CommitTerms, increment: bigint, price: bigint | undefined): DraftCheck {
  const { permit, forcedLockup } = terms.permit;
  const { current, refunded, token, tick } = terms;
  const choice = { wantsLockup: draft.lockup, price };
  const plan = planBid({ current, refunded, increment, permit, forcedLockup, token, tick, ...choice });
  if (plan.ok) return { ok: true, plan: plan.value, price };
  const { kind, sentence } = plan.problem;
  if (kind === "price-needed" && tick === undefined)
    return at("form", `This sale requires a bid price, but this site does not know its price step. ${REPORT}`);
  if (kind === "nothing-changes") return at("amount", "Enter an amount to add.", true);
  return at(placeOf(kind), sentence, kind === "price-needed" && isBlank(draft.price));
}

/** Checks a draft: the bid that the button would send, or the first problem and its place. */
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
    return at("amount", `Your wallet holds only ${formatTokenAmount(funds.token, token)}.`);
  return planned;
}

/** The button's label. The number on it is the number that is sent; `entityName` is on it where the user has several entities. */
export function commitLabel(
  check: DraftCheck,
  { current, token }: Pick<CommitTerms, "current" | "token">,
  entityName?: string,
): string {
  const as = entityName === undefined ? "" : ` as ${entityName}`;
  const verb = current.amount > 0n ? "Add" : "Commit";
  if (!check.ok) return `${verb}${as}`;
  const { increment } = check.plan;
  return increment > 0n ? `${verb} ${formatTokenAmount(increment, token)}${as}` : `Update commitment${as}`;
}

/** The least and the most that can be added. Without a balance and a limit in the permit there is no `max`: nobody owns as much as a uint256. */
export function addable({ current, permit, funds }: Pick<CommitTerms, "current" | "permit" | "funds">): {
  min: bigint;
  max?: bigint;
} {
  const { min, max = funds.token } = incrementBounds(current, permit.permit);
  if (max === undefined) return { min };
  return { min, max: funds.token !== undefined && funds.token < max ? funds.token : max };
}

/** An amount that one press fills in. */
export interface QuickAmount {
  label: string;
  /** In smallest units. */
  amount: bigint;
}

/** Parts of the most that can be added, rounded down to the smallest unit. A part below the minimum is left out, as it could not be sent. */
export function quickAmounts(terms: Pick<CommitTerms, "current" | "permit" | "funds">): QuickAmount[] {
  const { min, max } = addable(terms);
  if (max === undefined || max < min) return [];
  const parts = [25n, 50n].map((percent) => ({ label: `${percent} %`, amount: (max * percent) / 100n }));
  return [...parts.filter(({ amount }) => amount >= min), { label: "Max", amount: max }];
}

/**
 * The form's draft once a transaction is confirmed. After the commitment itself only the token stays. After an approval that an earlier page
 * load sent, the approved amount is filled in, unless another one has been typed.
 */
export function draftAfterCommit(
  { kind, token, increment = 0n }: ConfirmedPurchase,
  draft: CommitDraft,
  tokens: readonly PaymentToken[],
): CommitDraft {
  if (!isApprovalStep(kind)) return { ...EMPTY_DRAFT, token: draft.token };
  const approved = tokenAt(tokens, token);
  if (draft.amount !== "" || !approved || increment === 0n) return draft;
  return { ...draft, amount: amountFieldText(increment, approved.decimals), token: approved.address };
}
