import type { Advice } from "@/lib/sale/problem";

/** The way on that the page offers after a wallet or the chain refused something. */
export type ErrorAction =
  | "none"
  | "retry"
  /** Read the chain again: the page shows something outdated. */
  | "reload"
  /** Change what was entered. */
  | "change"
  | "report";

/** A sentence about an error, and the way on. */
export type ErrorAdvice = Advice<ErrorAction>;

const LABELS: Partial<Record<ErrorAction, string>> = {
  retry: "Close and try again",
  reload: "Refresh",
  change: "Back to the form",
};

/** The label of the button that leads on from an error; undefined if nothing on this page helps. */
export function errorActionLabel(action: ErrorAction): string | undefined {
  return LABELS[action];
}

/** Part of every sentence about an error before anything was sent. One wording, so that `errorAfterApproval` can find and replace it. */
export const NOTHING_SENT = "Nothing was sent.";

/** The transaction was mined and reverted, and the chain no longer says why. */
export const MINED_REVERT: ErrorAdvice & { kind: "mined-revert" } = {
  kind: "mined-revert",
  sentence: "The chain rejected your transaction. Only its network fee was paid.",
  action: "reload",
};
