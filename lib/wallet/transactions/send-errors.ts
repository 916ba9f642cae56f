import { CONTRACT_ERRORS, type ErrorUnits } from "@/lib/purchase/errors/contract-errors";
import { MINED_REVERT, NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import { explainError } from "@/lib/purchase/errors/explain-error";
import { errorOfFailure, type PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { FailureError } from "@/lib/result";
import { isRevert } from "@/lib/wallet/node-answers";

/** Thrown inside the transaction code for a reason that is already known. Callers outside of it get the reason as a value. */
export class PurchaseAborted extends Error {
  constructor(readonly reason: PurchaseError) {
    super(reason.sentence);
  }
}

/**
 * Thrown once the wallet has accepted a transaction: it may be in a block and have cost its fee, or get into one yet. Nothing is asked for again
 * by itself after that.
 */
export class FailedAfterSending extends PurchaseAborted {}

/** The reason why a transaction ended: the code's own, the server's failure to issue a permit, or an error of chain or wallet. */
export function toPurchaseError(error: unknown, context: ErrorUnits = {}): PurchaseError {
  if (error instanceof PurchaseAborted) return error.reason;
  if (error instanceof WalletRefusal && error.cause instanceof PurchaseAborted) return error.cause.reason;
  return error instanceof FailureError ? errorOfFailure(error.failure) : explainError(error, context);
}

/** The wallet's own answer to the transaction: it may have sent it all the same, as accounts that others pay for do. */
export class WalletRefusal extends Error {
  constructor(
    cause: unknown,
    /** True if the account may have sent a transaction since it was asked, with whatever outcome. */
    readonly mayBeSent = false,
  ) {
    super("", { cause });
  }
}

/** True if a transaction may have been sent before this error: a second attempt would be one too many. */
export function mayFollowSending(error: unknown): boolean {
  return error instanceof FailedAfterSending || (error instanceof WalletRefusal && error.mayBeSent);
}

const CHECK_WALLET = "Check your wallet to see whether anything was sent.";

/** The words of an error after which nothing proves that the wallet has sent nothing. */
function leftOpen(sentence: string): string {
  if (sentence.includes(NOTHING_SENT))
    return sentence.replace(NOTHING_SENT, CHECK_WALLET).replace(/(?<=sent\. )Try again/, "If not, try again");
  return /whether anything was sent|was sent/.test(sentence) ? sentence : `${sentence} ${CHECK_WALLET}`;
}

/** Reverts that say nothing of their reason. */
const VAGUE_REVERTS: ReadonlySet<PurchaseError["kind"]> = new Set(["unknown-revert", "revert-without-reason"]);

/**
 * The errors by which tokens report a missing allowance: mainnet's USDT reverts without any data, which OpenZeppelin turns into an error of its
 * own or passes on empty, and others with errors of their own. The sale's errors are all known, and the only one without data, for a bad
 * payload, is found earlier (sonar.md 4.5).
 */
const ALLOWANCE_KINDS: ReadonlySet<PurchaseError["kind"]> = new Set([
  "ERC20InsufficientAllowance",
  "SafeERC20FailedOperation",
  "FailedInnerCall",
  "FailedCall",
  "revert-without-reason",
  "unknown-revert",
]);

/** Completes the sentence about an error of a simulation: it must not leave open whether anything was sent. `error` is what was thrown. */
export function addNothingSent(reason: PurchaseError, error: unknown): PurchaseError {
  const { kind, sentence } = reason;
  if (error instanceof WalletRefusal && error.mayBeSent) return { ...reason, sentence: leftOpen(sentence) };
  const isComplete = sentence.includes(NOTHING_SENT) || sentence.startsWith(MINED_REVERT.sentence);
  const isSimulated = kind in CONTRACT_ERRORS || VAGUE_REVERTS.has(kind);
  return isComplete || !isSimulated ? reason : { ...reason, sentence: `${sentence} ${NOTHING_SENT}` };
}

/** True for a revert of a call, in the form of a node, a contract or a wallet that passes it on. */
export function isRefusal(error: unknown): boolean {
  return isRevert(error) || isAllowanceError(error) || toPurchaseError(error).kind in CONTRACT_ERRORS;
}

/** True if an error may be about an allowance: not given yet, or not yet seen by a node that is behind. */
export function isAllowanceError(error: unknown): boolean {
  return ALLOWANCE_KINDS.has(toPurchaseError(error).kind);
}
