import { messageOf, type Failure } from "@/lib/result";
import type { BidProblem } from "@/lib/purchase/bid";
import { codeNotLoaded, NOTHING_SENT, type ErrorAction, type ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import type { PermitProblem, PermitUseProblem } from "@/lib/purchase/permit";
import { REPORT, type Problem } from "@/lib/sale/problem";
import type { ContractErrorName, TokenRefusalKind } from "@/lib/purchase/errors/contract-errors";
import type { WalletErrorKind } from "@/lib/purchase/errors/wallet-errors";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";

/** A problem that this site itself finds before anything is sent. */
type OwnProblem = PermitProblem | PermitUseProblem | BidProblem;

/** The reason why a commitment, a cancellation or a refund claim failed. */
export interface PurchaseError extends ErrorAdvice {
  kind:
    | ContractErrorName
    | TokenRefusalKind
    | WalletErrorKind
    | OwnProblem
    | "transaction-cancelled"
    | "transaction-replaced"
    | "without-effect"
    | "unknown"
    | "commitment-changed"
    | "decimals-differ"
    | "decimals-unknown"
    | "permit-not-issued"
    | "allowance-not-seen"
    | "wallet-node-refused"
    | "approved-too-little"
    | "approved-too-much"
    | "wallet-of-other-entity"
    | "busy";
  /** The server's answer, if the server refused a permit. */
  failure?: Failure;
}

const ACTIONS: Record<OwnProblem, ErrorAction> = {
  "permit-v1": "report",
  "permit-v2": "report",
  "permit-allocation": "report",
  "inexact-integer": "report",
  "malformed-amount": "report",
  "malformed-payload": "report",
  "wrong-sale": "report",
  "permit-expired": "retry",
  "wrong-wallet": "none",
  "wrong-entity": "retry",
  "window-not-open": "none",
  "window-closed": "none",
  "already-refunded": "reload",
  negative: "change",
  zero: "change",
  "under-min": "change",
  "over-max": "change",
  "nothing-changes": "change",
  "price-needed": "change",
  "price-lowered": "change",
  "price-under-min": "change",
  "price-over-max": "change",
};

/** Turns a problem of the permit or the bid into an error with a way on. */
export function errorOfProblem({ kind, sentence }: Problem<OwnProblem>): PurchaseError {
  return { kind, sentence, action: ACTIONS[kind] };
}

/** Turns the server's failure to issue a permit into an error that says that nothing was sent. */
export function errorOfFailure(refusal: Failure): PurchaseError {
  // Some suggestions begin so themselves.
  const rest = refusal.suggestion.replace(`${NOTHING_SENT} `, "");
  const failure = { ...refusal, suggestion: `${NOTHING_SENT} ${rest}` };
  const sentence = `${messageOf(failure)} ${failure.suggestion}`;
  return { kind: "permit-not-issued", sentence, action: failure.recovery === "retry" ? "retry" : "none", failure };
}

/** The entity's commitment changed after the user pressed the button, so the bid was not sent. */
export const COMMITMENT_CHANGED: PurchaseError = {
  kind: "commitment-changed",
  sentence: `Your entity's commitment or its terms changed in the meantime, so it would differ from the one you saw. ${NOTHING_SENT} Check your position and try again.`,
  action: "reload",
};

/** The server, the browser's own node and Sonar count a token in different units, so that one of them would make another amount of it. */
export function decimalsDiffer(symbol: string): PurchaseError {
  const sentence = `The network and this site do not agree on how ${symbol} is counted, so the amount that you would pay is not certain. ${NOTHING_SENT} ${REPORT}`;
  return { kind: "decimals-differ", sentence, action: "report" };
}

/** Sonar's public data has not been read yet, so nothing proves how a token is counted. */
export function decimalsUnknown(symbol: string): PurchaseError {
  const sentence = `Sonar's figures of this sale cannot be read now, so this site cannot check how ${symbol} is counted. ${NOTHING_SENT} Try again in a moment.`;
  return { kind: "decimals-unknown", sentence, action: "retry" };
}

/** The token refused a signature that the wallet made: it was used or out of date once the transaction was in a block. */
export const SIGNATURE_NOT_ACCEPTED: PurchaseError = {
  kind: "ERC20InsufficientAllowance",
  sentence: "The token no longer accepted your signature. Try again to sign a new one.",
  action: "retry",
};

/** The approval is mined, but the node does not show it yet. */
export const ALLOWANCE_NOT_SEEN: PurchaseError = {
  kind: "allowance-not-seen",
  sentence: "Your approval is confirmed, but the network does not show it everywhere yet. Try again in a moment.",
  action: "retry",
};

/** The user lowered the approval in the wallet; amounts in smallest units. */
export function approvedTooLittle(approved: bigint, needed: bigint, token: TokenUnit): PurchaseError {
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  const sentence = `You approved ${text(approved)}, but ${text(needed)} is needed. Approve that much, or commit less.`;
  return { kind: "approved-too-little", sentence, action: "retry" };
}

/** The user raised the approval in the wallet, where the sale could take all of it (see `decideFunding`). */
export const APPROVED_TOO_MUCH: PurchaseError = {
  kind: "approved-too-much",
  sentence:
    "You approved more than this commitment pays, so the sale could take more than you see here. Try again, and leave the amount that your wallet shows as it is.",
  action: "retry",
};

/** The connected wallet has committed for a different entity than the one on the page. */
export const WALLET_OF_OTHER_ENTITY: PurchaseError = {
  kind: "wallet-of-other-entity",
  sentence: `This wallet has committed for another entity, whose commitment was not changed. ${NOTHING_SENT} Switch to a wallet of this entity.`,
  action: "none",
};

/** A transaction that was sent from here or from another tab is not confirmed yet. */
export const BUSY: PurchaseError = {
  kind: "busy",
  sentence: "Another transaction for this entity is in progress. Wait until it is confirmed.",
  action: "none",
};

/** The wallet has sent something that is in no block yet: it may change what this transaction is about. */
export const WALLET_BUSY: PurchaseError = {
  kind: "busy",
  sentence: `A transaction of your wallet is not in a block yet. ${NOTHING_SENT} Wait until it is confirmed, then try again.`,
  action: "reload",
};

/** Another tab is sending a transaction, or waits for one. */
export const OTHER_TAB_BUSY: PurchaseError = {
  kind: "busy",
  sentence:
    "A transaction for this entity is in progress in another tab of this browser. Finish it there, or close that tab.",
  action: "none",
};

/** A transaction of another entity, or of a part of this page that is no longer shown, is not finished yet. */
export const PAGE_BUSY: PurchaseError = {
  kind: "busy",
  sentence: "Another transaction from this page is in progress. Finish it in your wallet first, or reload this page.",
  action: "none",
};

/** No node that has all that this page has seen tells the commitment, which the request is relative to. */
export const BID_UNREAD: PurchaseError = {
  kind: "network",
  sentence: `Your latest commitment could not be read from the chain. ${NOTHING_SENT} Try again in a moment.`,
  action: "retry",
};

/** No node that has all that this page has seen tells what the request depends on: a refusal of an older state proves nothing. */
export const STATE_UNREAD: PurchaseError = {
  kind: "network",
  sentence: `The latest state of the sale could not be read from the chain. ${NOTHING_SENT} Try again in a moment.`,
  action: "retry",
};

/** The wallet reports that the network refuses what the page's own check accepts: its node may be a block behind an approval, and the sale is not to blame. */
export const WALLET_NODE_REFUSED: PurchaseError = {
  kind: "wallet-node-refused",
  sentence: `Your wallet's network refused the transaction, though it passed this page's own check. ${NOTHING_SENT} Try again in a moment.`,
  action: "retry",
};

/** What the sale may take from the wallet decides what the wallet is asked for. */
export const ALLOWANCE_UNREAD: PurchaseError = {
  kind: "network",
  sentence: `The amount that your wallet has approved could not be read from the chain. ${NOTHING_SENT} Try again in a moment.`,
  action: "retry",
};

/** The wallet answered without a hash, and the chain could not be read before, so nothing tells whether the transaction arrives. */
export const SENT_WITHOUT_HASH: PurchaseError = {
  kind: "still-pending",
  sentence:
    "Your wallet accepted the request but returned no transaction. Check in your wallet whether it was sent before you try again.",
  action: "reload",
};

/** The wallet code, which is loaded when it is first needed, could not be loaded. */
export function notLoaded(): PurchaseError {
  return { kind: "not-loaded", ...codeNotLoaded("Wallet support", NOTHING_SENT) };
}

/** The code that waits for a sent transaction could not be loaded. */
export function waitNotLoaded(): PurchaseError {
  return { kind: "not-loaded", ...codeNotLoaded("The state of your transaction", "It is not lost.") };
}
