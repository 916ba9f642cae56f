import { readChainError, type ChainError } from "@/lib/sale/chain-error";
import { CONTRACT_ERROR_WORDS } from "@/lib/sale/contract-error-words";
import type { ContractErrorName, DecodedRevert } from "@/lib/sale/decode-revert";
import type { ErrorWords } from "@/lib/sale/explanation";
import {
  BARE_REVERT,
  FAILURE_RULES,
  NETWORK,
  UNKNOWN_REVERT,
  USER_REJECTED,
  recognises,
  type ChainFailureKind,
} from "@/lib/sale/failure-rules";
import { revertSentence, type MessageContext } from "@/lib/sale/revert-sentence";
import { readTokenText, type TokenRefusalKind } from "@/lib/sale/token-text";

/** What became of a transaction that did not do what it was sent for. */
export type ChangedTransactionKind = "transaction-cancelled" | "transaction-replaced";

/** An error on the chain or in the wallet, for people: no hex, no addresses in full, nothing of the node's own text. */
export interface ErrorMessage extends ErrorWords {
  kind: ContractErrorName | TokenRefusalKind | ChainFailureKind | ChangedTransactionKind | "unknown";
}

const UNKNOWN: ErrorMessage = {
  kind: "unknown",
  sentence: "Something went wrong that this site does not know. Look in your wallet whether anything was sent.",
  action: "reload",
};

function messageOf({ kind, sentence, action }: ErrorMessage): ErrorMessage {
  return { kind, sentence, action };
}

function explainRevert(revert: DecodedRevert, context: MessageContext): ErrorMessage {
  if (revert.errorName === "Panic") return UNKNOWN_REVERT;
  if (revert.errorName === "Error") return readTokenText(revert.args[0]) ?? UNKNOWN_REVERT;
  const words = CONTRACT_ERROR_WORDS[revert.errorName];
  return { kind: revert.errorName, ...words, sentence: revertSentence(revert, context) ?? words.sentence };
}

function explainFailure(error: ChainError): ErrorMessage {
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
export function explainError(error: unknown, context: MessageContext = {}): ErrorMessage {
  const read = readChainError(error);
  if (recognises(USER_REJECTED, read)) return messageOf(USER_REJECTED);
  return read.revert ? explainRevert(read.revert, context) : explainFailure(read);
}

/**
 * What viem's `onReplaced` means. A transaction that was only repriced is still the user's call, and there is nothing to say; a cancelled
 * one mines successfully and would be taken for the commitment (sonar.md 4.10).
 */
export function explainReplacement(reason: "replaced" | "cancelled"): ErrorMessage;
export function explainReplacement(reason: "repriced" | "replaced" | "cancelled"): ErrorMessage | undefined;
export function explainReplacement(reason: "repriced" | "replaced" | "cancelled"): ErrorMessage | undefined {
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
