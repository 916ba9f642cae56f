import { readChainError, type ChainError, type DecodedRevert } from "@/lib/purchase/errors/chain-error";
import {
  CONTRACT_ERROR_WORDS,
  revertSentence,
  readTokenText,
  type MessageContext,
} from "@/lib/purchase/errors/contract-errors";
import {
  BARE_REVERT,
  FAILURE_RULES,
  NETWORK,
  UNKNOWN_REVERT,
  USER_REJECTED,
  recognises,
} from "@/lib/purchase/errors/failure-rules";
import { FailureError } from "@/lib/result";
import { errorOfFailure, type PurchaseError } from "@/lib/purchase/errors/purchase-error";

const UNKNOWN: PurchaseError = {
  kind: "unknown",
  sentence: "Something went wrong that this site does not know. Look in your wallet whether anything was sent.",
  action: "reload",
};

function messageOf({ kind, sentence, action }: PurchaseError): PurchaseError {
  return { kind, sentence, action };
}

function explainRevert(revert: DecodedRevert, context: MessageContext): PurchaseError {
  if (revert.errorName === "Panic") return UNKNOWN_REVERT;
  if (revert.errorName === "Error") return readTokenText(revert.args[0]) ?? UNKNOWN_REVERT;
  const words = CONTRACT_ERROR_WORDS[revert.errorName];
  return { kind: revert.errorName, ...words, sentence: revertSentence(revert, context) ?? words.sentence };
}

function explainFailure(error: ChainError): PurchaseError {
  const rule = FAILURE_RULES.find((candidate) => recognises(candidate, error));
  if (rule) return messageOf(rule);
  const token = readTokenText(error.text);
  if (token) return token;
  if (error.hasRevertData) return UNKNOWN_REVERT;
  const last = [BARE_REVERT, NETWORK].find((candidate) => recognises(candidate, error));
  return last ? messageOf(last) : UNKNOWN;
}

/**
 * Says what an error of viem, of a wallet or of a node means and what to do about it. Anything may be thrown, so nothing is assumed about
 * its class. A refusal in the wallet comes first, then the contract's answer, then everything else.
 */
export function explainError(error: unknown, context: MessageContext = {}): PurchaseError {
  const read = readChainError(error);
  if (recognises(USER_REJECTED, read)) return messageOf(USER_REJECTED);
  return read.revert ? explainRevert(read.revert, context) : explainFailure(read);
}

/**
 * What viem's `onReplaced` means. A transaction that was only repriced is still the user's call, and there is nothing to say; a cancelled
 * one mines successfully and would be taken for the commitment (sonar.md 4.10).
 */
export function explainReplacement(reason: "replaced" | "cancelled"): PurchaseError;
export function explainReplacement(reason: "repriced" | "replaced" | "cancelled"): PurchaseError | undefined;
export function explainReplacement(reason: "repriced" | "replaced" | "cancelled"): PurchaseError | undefined {
  switch (reason) {
    case "repriced":
      return undefined;
    case "cancelled":
      return {
        kind: "transaction-cancelled",
        sentence: "You cancelled the transaction in your wallet. Nothing was committed by it.",
        action: "retry",
      };
    case "replaced":
      return {
        kind: "transaction-replaced",
        sentence: "Your wallet sent another transaction in its place. Look at your position before you try again.",
        action: "reload",
      };
  }
}

/** Ends a flow for a reason that is known already. Never leaves the flow: its callers get the reason as a value. */
export class PurchaseAborted extends Error {
  constructor(readonly reason: PurchaseError) {
    super(reason.sentence);
  }
}

/** Why a flow ended: a reason of its own, the server's answer to the request for a permit, or what chain and wallet said. */
export function toPurchaseError(error: unknown, context: MessageContext = {}): PurchaseError {
  if (error instanceof PurchaseAborted) return error.reason;
  return error instanceof FailureError ? errorOfFailure(error.failure) : explainError(error, context);
}
