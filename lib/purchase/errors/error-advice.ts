import type { Advice } from "@/lib/sale/problem";

/** The way on that the page offers after a wallet or the chain refused something. */
export type ErrorAction =
  | "none"
  | "retry"
  /** Read the chain again: the page shows something outdated. */
  | "reload"
  /** Load the page itself again: the site no longer has the code of this page. */
  | "reload-page"
  /** Change what was entered. */
  | "change"
  | "report";

/** A sentence about an error, and the way on. */
export type ErrorAdvice = Advice<ErrorAction>;

const LABELS: Partial<Record<ErrorAction, string>> = {
  retry: "Close and try again",
  reload: "Refresh",
  "reload-page": "Reload this page",
  change: "Back to the form",
};

/**
 * The advice where code that is loaded when it is first needed did not arrive. After a roll-out the site no longer has the code of pages that
 * were opened before, so that trying again never helps. `done` says what did not happen.
 */
export function codeNotLoaded(what: string, done: string, isOnline = navigator.onLine): ErrorAdvice {
  const said = `${what} could not be loaded. ${done}`;
  if (!isOnline) return { sentence: `${said} Check your connection and try again.`, action: "retry" };
  return { sentence: `${said} This site may have been updated meanwhile, so reload this page.`, action: "reload-page" };
}

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
