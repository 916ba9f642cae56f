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
export interface ErrorWords {
  sentence: string;
  action: ErrorAction;
}
