import { DECLINE, type Decline } from "@/lib/purchase/decline";
import type { Funding } from "@/lib/purchase/funding";
import type {
  ConfirmedPurchase,
  PurchaseProgress,
  SendNote,
  SendStep,
  SendStepId,
  TransactionKind,
} from "@/lib/purchase/progress";

/** The name of a step, and a hint for the user. */
export interface SendStepWords {
  title: string;
  /** Shown while the step runs. */
  hint?: string;
}

/** The names in the words about a transaction. */
export interface SendNames {
  /** E.g. "125.50 USDC"; absent if nothing is paid or returned, or the token is not known. */
  amount?: string;
  symbol?: string;
}

const WALLET = "Confirm in your wallet.";
const SENT = "Sent. Waiting for confirmation.";

/** Shown where a wallet has not answered for long: a restarted one has lost the request, and shows nothing. */
export const NOTHING_IN_WALLET =
  "Does your wallet show nothing? Open it. If there is no request in it, reload this page. Anything that was sent will be found again.";
const CANNOT_SIGN =
  "Your wallet's signature cannot be used for this payment, so you approve the amount in a transaction instead.";

const SEND: Record<TransactionKind, string> = {
  commit: "Send the commitment",
  reduce: "Send the reduction",
  cancel: "Send the cancellation",
  refund: "Send the refund claim",
};

/** The words for one step of a transaction. */
export function sendStepWords(
  kind: TransactionKind,
  id: SendStepId,
  { amount = "the amount", symbol = "token", note }: SendNames & { note?: SendNote } = {},
): SendStepWords {
  switch (id) {
    case "check":
      return { title: "Check the sale and your wallet" };
    case "reset-allowance":
      return { title: `Reset the earlier ${symbol} approval`, hint: WALLET };
    case "approve":
      return { title: `Approve ${amount}`, hint: note === "cannot-sign" ? `${CANNOT_SIGN} ${WALLET}` : WALLET };
    case "permit":
      return { title: "Get the permit from Sonar" };
    case "sign":
      return { title: `Sign the ${symbol} permission`, hint: "Sign in your wallet." };
    case "send":
      return { title: SEND[kind], hint: WALLET };
    case "confirm":
      return {
        title: "Waiting for confirmation",
        hint: "Sent. You can leave this page. The result will be shown when you come back.",
      };
  }
}

/** The way of funding that the steps of a commitment show. */
export function fundingOfSteps(steps: readonly SendStep[]): Funding {
  const has = (id: SendStepId) => steps.some((step) => step.id === id && step.state !== "skipped");
  if (has("sign")) return "signature";
  if (has("reset-allowance")) return has("approve") ? "approval-after-reset" : "reset";
  return has("approve") ? "approval" : "allowance";
}

/** What the transaction does that the wallet asks for, where money comes back. */
export function returnMeaning(kind: Exclude<TransactionKind, "commit">, amount = "the money"): string {
  switch (kind) {
    case "reduce":
      return `It takes ${amount} back, to the wallets that paid it. Costs a network fee.`;
    case "cancel":
      return `It ends the commitment for good and pays ${amount} back to the wallets that paid it. Costs a network fee.`;
    case "refund":
      return `It pays ${amount} back to the wallets that paid it. Costs a network fee.`;
  }
}

/** The headings while a transaction is on its way, and after it has stopped. */
export const SENDING_TITLES: Record<TransactionKind, { sending: string; stopped: string }> = {
  commit: { sending: "Sending your commitment", stopped: "Your commitment was stopped" },
  reduce: { sending: "Sending your reduction", stopped: "Your reduction was stopped" },
  cancel: { sending: "Sending your cancellation", stopped: "Your cancellation was stopped" },
  refund: { sending: "Claiming your refund", stopped: "Your claim was stopped" },
};

/** The steps that ask the wallet, with their sentences. */
const ASKS: Partial<Record<SendStepId, (names: Required<SendNames>) => string>> = {
  "reset-allowance": ({ symbol }) => `reset the earlier ${symbol} approval in your wallet.`,
  approve: ({ amount }) => `approve ${amount} in your wallet.`,
  sign: ({ symbol }) => `sign the ${symbol} permission in your wallet.`,
  send: () => "confirm the transaction in your wallet.",
};

/** The step in which the wallet is asked now; undefined once it has answered. */
export function askingStep({ running, steps }: Pick<PurchaseProgress, "running" | "steps">): SendStepId | undefined {
  return running ? steps.find(({ id, state, hash }) => ASKS[id] && state === "now" && !hash)?.id : undefined;
}

/** What the user has to do in the current step. `decline`: the reason not to confirm it. */
export function currentHint(
  kind: TransactionKind,
  { id, hash }: SendStep,
  { decline, ...words }: SendNames & { note?: SendNote; decline?: Decline } = {},
): string | undefined {
  if (!ASKS[id]) return sendStepWords(kind, id, words).hint;
  if (hash) return SENT;
  return decline ? DECLINE[decline] : sendStepWords(kind, id, words).hint;
}

/** The wallet's part in the current step; undefined if it has none, or has done it. */
function askSentence(steps: readonly SendStep[], names: SendNames): string | undefined {
  const asking = steps.filter(({ id, state }) => ASKS[id] && state !== "skipped");
  const at = asking.findIndex(({ state, hash }) => state === "now" && !hash);
  const current = asking[at];
  const ask = current && ASKS[current.id];
  if (!ask) return undefined;
  const { amount = "the amount", symbol = "token" } = names;
  return `Step ${at + 1} of ${asking.length}: ${ask({ amount, symbol })}`;
}

function isAwaited(steps: readonly SendStep[]): boolean {
  return steps.some(({ id, state, hash }) => state === "now" && (id === "confirm" || hash !== undefined));
}

/** Nothing is taken where another wallet of the entity has reached the total first; nothing is said of an amount that is not known. */
function committedSentence({ increment, asked }: ConfirmedPurchase, { amount }: SendNames): string {
  if (amount) return `Confirmed. You committed ${amount}.`;
  if (asked !== undefined) return "Confirmed. Nothing was taken: your entity already had this total.";
  if (increment === 0n) return "Confirmed. The terms of your commitment changed.";
  return "Confirmed. Your commitment is on the chain.";
}

function approvedSentence({ approved, increment = 0n }: ConfirmedPurchase): string {
  if (approved !== undefined && approved < increment)
    return "Confirmed. Your approval is less than is needed. Nothing is committed yet.";
  return "Confirmed. Your approval stands. Nothing is committed yet.";
}

const ENDED = " Nothing is left of it: your entity's commitment has ended.";

function confirmedSentence(outcome: ConfirmedPurchase, names: SendNames): string {
  const { amount } = names;
  switch (outcome.kind) {
    case "commit":
      return committedSentence(outcome, names);
    case "reset-allowance":
      return "Confirmed. Your earlier approval is reset. Nothing is committed yet.";
    case "approve":
      return approvedSentence(outcome);
    case "reduce":
      return `Confirmed. ${amount ? `You took back ${amount}.` : "Your commitment is reduced."}${outcome.total === 0n ? ENDED : ""}`;
    case "cancel":
      return amount
        ? `Confirmed. Your commitment is cancelled, and ${amount} was paid back.`
        : "Confirmed. Your commitment is cancelled.";
    case "refund":
      return amount ? `Confirmed. ${amount} was paid back.` : "Confirmed. Your refund is paid.";
  }
}

/**
 * The sentence for users of a screen reader about the latest event of a transaction; undefined if there is no news for them. `decline`: as for
 * `currentHint`.
 */
export function spokenSentence(progress: PurchaseProgress, names: SendNames, decline?: Decline): string | undefined {
  const { running, steps, slow, error, outcome } = progress;
  if (outcome) return confirmedSentence(outcome, names);
  if (error) return error.sentence;
  if (!running) return undefined;
  if (isAwaited(steps)) return slow ? "Your transaction is still pending." : SENT;
  return decline && askingStep(progress) ? DECLINE[decline] : askSentence(steps, names);
}

/** The words before the site's name in the tab's title; undefined if the page is at rest. */
export function tabWords(
  progress: Pick<PurchaseProgress, "running" | "steps">,
  pending: boolean,
  decline?: Decline,
): string | undefined {
  if (askingStep(progress)) return decline ? "Decline in your wallet" : "Confirm in your wallet";
  return pending ? "Confirming…" : undefined;
}

/** The words for a confirmed transaction in the title of a tab that nobody has looked at since. */
export const TAB_DONE: Record<TransactionKind, string> = {
  commit: "Committed",
  reduce: "Reduced",
  cancel: "Cancelled",
  refund: "Refund paid",
};
