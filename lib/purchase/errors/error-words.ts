import type { TransactionKind, SendStepId } from "@/lib/purchase/steps";

/** What the page can offer after a failure on the chain or in the wallet. */
export type ErrorAction =
  | "none"
  | "retry"
  /** Fetch a fresh permit and try again; once is safe to do unasked. */
  | "renew-permit"
  /** Read the chain again: the page shows what is no longer so. */
  | "reload"
  | "change-amount"
  | "change-price"
  | "choose-lockup"
  | "choose-token"
  | "approve-again"
  | "switch-wallet"
  | "switch-chain"
  | "reconnect-wallet"
  | "add-gas"
  | "wait"
  | "report";

/** What to say and what to offer. */
export interface ErrorAdvice {
  sentence: string;
  action: ErrorAction;
}

/** What sentences say of a failure that comes before anything is sent. One wording, so that it can be exchanged where it is not true. */
export const NOTHING_SENT = "Nothing was sent.";

/** A step before the bid that sends a transaction of its own. */
export type ApprovalStep = Extract<SendStepId, "reset-allowance" | "approve">;

const WHAT_WAS_SENT: Record<ApprovalStep, string> = {
  "reset-allowance": "Your commitment was not sent; only your old approval was set to zero.",
  approve: "Your commitment was not sent. Your approval stays and need not be given again.",
};

/** Whether a step is one that sends a transaction before the bid. */
export function isApprovalStep(id: SendStepId | TransactionKind): id is ApprovalStep {
  return id in WHAT_WAS_SENT;
}

/** The words for a failure after the approval step `sent`, which has been paid for and is not undone by the failure. */
export function adviceAfterApproval<Words extends ErrorAdvice>(words: Words, sent: ApprovalStep): Words {
  return { ...words, sentence: words.sentence.replace(NOTHING_SENT, WHAT_WAS_SENT[sent]) };
}

/** What the one button after a failure is called; undefined where nothing on this page helps. */
export function errorActionLabel(action: ErrorAction): string | undefined {
  switch (action) {
    case "retry":
    case "renew-permit":
    case "approve-again":
      return "Close and try again";
    case "reload":
      return "Read it again";
    case "change-amount":
    case "change-price":
    case "choose-lockup":
    case "choose-token":
      return "Change it";
    default:
      return undefined;
  }
}

/** It was mined and changed nothing, and the chain no longer says why. */
export const MINED_REVERT: ErrorAdvice & { kind: "mined-revert" } = {
  kind: "mined-revert",
  sentence: "The chain refused your transaction. Only its network fee was paid.",
  action: "reload",
};
