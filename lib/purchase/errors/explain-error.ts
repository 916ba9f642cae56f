import { readChainError } from "@/lib/purchase/errors/chain-error";
import {
  CONTRACT_ERRORS,
  decodeRevert,
  readTokenText,
  revertSentence,
  type DecodedRevert,
  type ErrorUnits,
} from "@/lib/purchase/errors/contract-errors";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { matchRejection, matchWalletError, unexplained, UNKNOWN_REVERT } from "@/lib/purchase/errors/wallet-errors";

function explainRevert(revert: DecodedRevert, context: ErrorUnits): PurchaseError {
  if (revert.errorName === "Panic") return UNKNOWN_REVERT;
  if (revert.errorName === "Error") return readTokenText(revert.args[0], { isRevert: true }) ?? UNKNOWN_REVERT;
  const words = CONTRACT_ERRORS[revert.errorName];
  return { kind: revert.errorName, ...words, sentence: revertSentence(revert, context) ?? words.sentence };
}

/**
 * Explains an error of viem, of a wallet or of a node, without hex, full addresses or the node's own text. Anything may be thrown, so nothing
 * is assumed about its class. A user's rejection is recognised first, then the contract's error, then everything else.
 */
export function explainError(error: unknown, context: ErrorUnits = {}): PurchaseError {
  const read = readChainError(error);
  const rejection = matchRejection(read);
  if (rejection) return rejection;
  const revert = read.revertData.map(decodeRevert).find((decoded) => decoded !== undefined);
  if (revert) return explainRevert(revert, context);
  return (
    matchWalletError(read, context.nativeSymbol) ??
    readTokenText(read.text, { isRevert: /revert/i.test(read.text) }) ??
    unexplained(read)
  );
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
