import type { ErrorWords } from "@/lib/sale/explanation";
import type { PurchaseKind, PurchaseStepId } from "@/lib/sale/purchase-steps";

/** What sentences say of a failure that comes before anything is sent. One wording, so that it can be exchanged where it is not true. */
export const NOTHING_SENT = "Nothing was sent.";

/** A step before the bid that sends a transaction of its own. */
export type ApprovalStep = Extract<PurchaseStepId, "reset-allowance" | "approve">;

const WHAT_WAS_SENT: Record<ApprovalStep, string> = {
  "reset-allowance": "Your commitment was not sent; only your old approval was set to zero.",
  approve: "Your commitment was not sent. Your approval stays and need not be given again.",
};

/** Whether a step is one that sends a transaction before the bid. */
export function isApprovalStep(id: PurchaseStepId | PurchaseKind): id is ApprovalStep {
  return id in WHAT_WAS_SENT;
}

/** The words for a failure after the approval step `sent`, which has been paid for and is not undone by the failure. */
export function wordsAfterApproval<Words extends ErrorWords>(words: Words, sent: ApprovalStep): Words {
  return { ...words, sentence: words.sentence.replace(NOTHING_SENT, WHAT_WAS_SENT[sent]) };
}
