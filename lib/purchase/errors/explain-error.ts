import { readChainError, type ChainError, type DecodedRevert } from "@/lib/purchase/errors/chain-error";
import { CONTRACT_ERRORS, revertSentence, readTokenText, type ErrorUnits } from "@/lib/purchase/errors/contract-errors";
import {
  BARE_REVERT,
  WALLET_ERROR_RULES,
  NETWORK,
  UNKNOWN_REVERT,
  USER_REJECTED,
  notEnoughGas,
  recognises,
} from "@/lib/purchase/errors/wallet-errors";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";

const UNKNOWN: PurchaseError = {
  kind: "unknown",
  sentence: "Unexpected error. Check your wallet to see whether anything was sent.",
  action: "reload",
};

/** Drops a rule's own fields. */
function errorOf({ kind, sentence, action }: PurchaseError): PurchaseError {
  return { kind, sentence, action };
}

function explainRevert(revert: DecodedRevert, context: ErrorUnits): PurchaseError {
  if (revert.errorName === "Panic") return UNKNOWN_REVERT;
  if (revert.errorName === "Error") return readTokenText(revert.args[0]) ?? UNKNOWN_REVERT;
  const words = CONTRACT_ERRORS[revert.errorName];
  return { kind: revert.errorName, ...words, sentence: revertSentence(revert, context) ?? words.sentence };
}

function explainFailure(error: ChainError, { nativeSymbol }: ErrorUnits): PurchaseError {
  const rule = WALLET_ERROR_RULES.find((candidate) => recognises(candidate, error));
  if (rule?.kind === "gas-shortage") return { ...errorOf(rule), sentence: notEnoughGas(nativeSymbol) };
  if (rule) return errorOf(rule);
  const token = readTokenText(error.text);
  if (token) return token;
  if (error.hasRevertData) return UNKNOWN_REVERT;
  const last = [BARE_REVERT, NETWORK].find((candidate) => recognises(candidate, error));
  return last ? errorOf(last) : UNKNOWN;
}

/**
 * Explains an error of viem, of a wallet or of a node, without hex, full addresses or the node's own text. Anything may be thrown, so nothing
 * is assumed about its class. A user's rejection is recognised first, then the contract's error, then everything else.
 */
export function explainError(error: unknown, context: ErrorUnits = {}): PurchaseError {
  const read = readChainError(error);
  if (recognises(USER_REJECTED, read)) return errorOf(USER_REJECTED);
  return read.revert ? explainRevert(read.revert, context) : explainFailure(read, context);
}

/**
 * Explains viem's `onReplaced`. A repriced transaction is still the user's call, so there is no error. A cancelled one is mined successfully
 * and must not be taken for the commitment (sonar.md 4.10).
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
        sentence: "You cancelled the transaction in your wallet. It had no effect.",
        action: "retry",
      };
    case "replaced":
      return {
        kind: "transaction-replaced",
        sentence: "Your wallet sent another transaction instead. Check your position before you try again.",
        action: "reload",
      };
  }
}
