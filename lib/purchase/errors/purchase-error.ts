import type { Failure } from "@/lib/result";
import type { BidProblem } from "@/lib/purchase/bid";
import { NOTHING_SENT, type ErrorAction, type ErrorAdvice } from "@/lib/purchase/errors/error-words";
import type { PermitProblem, PermitUseProblem } from "@/lib/purchase/permit";
import type { Problem } from "@/lib/sale/problem";
import type { ContractErrorName } from "@/lib/purchase/errors/chain-error";
import type { TokenRefusalKind } from "@/lib/purchase/errors/contract-errors";
import type { ChainFailureKind } from "@/lib/purchase/errors/failure-rules";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";

/** A problem that this site finds itself before anything is sent. */
type OwnProblem = PermitProblem | PermitUseProblem | BidProblem;

/** Why a commitment, a cancellation or a claim did not come about. */
export interface PurchaseError extends ErrorAdvice {
  kind:
    | ContractErrorName
    | TokenRefusalKind
    | ChainFailureKind
    | OwnProblem
    | "transaction-cancelled"
    | "transaction-replaced"
    | "unknown"
    | "changed-meanwhile"
    | "permit-not-issued"
    | "allowance-not-seen"
    | "approved-too-little"
    | "wallet-of-other-entity"
    | "busy"
    | "not-loaded";
  /** The server's own answer, where it is the server that said no. */
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
  "permit-expired": "renew-permit",
  "wrong-wallet": "switch-wallet",
  "wrong-entity": "retry",
  "window-not-open": "wait",
  "window-closed": "none",
  "already-refunded": "reload",
  negative: "change-amount",
  zero: "change-amount",
  "under-min": "change-amount",
  "over-max": "change-amount",
  "nothing-changes": "change-amount",
  "price-needed": "change-price",
  "price-lowered": "change-price",
  "price-under-min": "change-price",
  "price-over-max": "change-price",
};

/** A problem of the permit or the bid with what can be done about it. */
export function errorOfProblem({ kind, sentence }: Problem<OwnProblem>): PurchaseError {
  return { kind, sentence, action: ACTIONS[kind] };
}

/** No permit was issued; the server said why. */
export function errorOfFailure(failure: Failure): PurchaseError {
  const sentence = `${failure.message} ${failure.suggestion}`;
  return { kind: "permit-not-issued", sentence, action: failure.recovery === "retry" ? "retry" : "none", failure };
}

/** The entity's commitment is no longer what the user was shown when they pressed the button, so the bid was not sent. */
export const COMMITMENT_CHANGED: PurchaseError = {
  kind: "changed-meanwhile",
  sentence: `Your entity's commitment or its terms changed in the meantime, and the total would not be the one you saw. ${NOTHING_SENT} Look at it again.`,
  action: "reload",
};

/** The approval is mined, and the node that is asked does not know it yet. */
export const ALLOWANCE_NOT_SEEN: PurchaseError = {
  kind: "allowance-not-seen",
  sentence: "Your approval is confirmed, but the network does not show it everywhere yet. Try again in a moment.",
  action: "retry",
};

/** The user lowered the approval in the wallet; amounts in smallest units. */
export function approvedTooLittle(approved: bigint, needed: bigint, token: TokenUnit): PurchaseError {
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  const sentence = `You approved ${text(approved)}, and ${text(needed)} is needed. Approve at least that much, or commit less.`;
  return { kind: "approved-too-little", sentence, action: "approve-again" };
}

/** The connected wallet has committed for another entity than the page shows. */
export const WALLET_OF_OTHER_ENTITY: PurchaseError = {
  kind: "wallet-of-other-entity",
  sentence: `This wallet has committed for another entity, whose commitment was left alone. ${NOTHING_SENT} Switch to a wallet of this entity.`,
  action: "switch-wallet",
};

/** Something was sent from here or from another tab, and what comes of it has to be awaited. */
export const BUSY: PurchaseError = {
  kind: "busy",
  sentence: "Another transaction of this entity is under way. Wait until it is confirmed.",
  action: "wait",
};

/** Another tab is about to send something, or waits for it. */
export const OTHER_TAB_BUSY: PurchaseError = {
  kind: "busy",
  sentence:
    "This entity's transaction is under way in another tab of this browser. Finish it there, or close that tab.",
  action: "wait",
};

/** Something of another entity, or of a part of this page that is no longer shown, is not finished yet. */
export const PAGE_BUSY: PurchaseError = {
  kind: "busy",
  sentence: "A transaction of this page is under way. Finish it in your wallet first, or load this page again.",
  action: "wait",
};

/** The code that speaks with the chain is loaded when it is first needed, and could not be. */
export const NOT_LOADED: PurchaseError = {
  kind: "not-loaded",
  sentence: "The part of this site that speaks with the chain could not be loaded. Nothing was sent; try again.",
  action: "retry",
};
