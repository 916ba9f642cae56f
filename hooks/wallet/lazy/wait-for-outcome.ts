import type { Address, Hash, PublicClient, ReplacementReason, TransactionReceipt } from "viem";
import { explainReplacement, type ErrorMessage } from "@/lib/sale/revert-message";

/** A transaction that was handed to a wallet. */
export interface SentTransaction {
  hash: Hash;
  account: Address;
  /** Absent until a node knows the transaction. */
  nonce?: number;
}

/** What became of it. `given-up`: the caller no longer wants to know. */
export type SentOutcome =
  | { status: "confirmed" | "reverted"; receipt: TransactionReceipt }
  | { status: "changed"; message: ErrorMessage }
  | { status: "given-up" };

/** How to wait. */
export interface WaitOptions {
  signal?: AbortSignal;
  /** It takes longer than usual; it is waited for all the same. */
  onSlow?: () => void;
  /** After this long without a block (milliseconds) it takes longer than usual. */
  slowAfterMs?: number;
}

const SLOW_AFTER_MS = 60_000;
/** A transaction whose nonce is used up gets this long to turn up: the node that counts may be ahead of the one that has receipts. */
const LAST_LOOK_MS = 8_000;

const REPLACED: SentOutcome = { status: "changed", message: explainReplacement("replaced") };

/** The outcome, or undefined if there is none within the time or the node cannot be asked: neither means that the transaction failed. */
async function lookFor(publicClient: PublicClient, hash: Hash, timeout: number): Promise<SentOutcome | undefined> {
  const reasons: ReplacementReason[] = [];
  const onReplaced = ({ reason }: { reason: ReplacementReason }) => void reasons.push(reason);
  try {
    const receipt = await publicClient.waitForTransactionReceipt({ hash, timeout, onReplaced });
    const message = reasons[0] && explainReplacement(reasons[0]);
    if (message) return { status: "changed", message };
    return { status: receipt.status === "success" ? "confirmed" : "reverted", receipt };
  } catch {
    // A node that refuses at once must not be asked in a tight loop.
    await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
    return undefined;
  }
}

/** Whether the account has used this nonce: if not by this transaction, then by another one that took its place. */
async function isNonceUsed(publicClient: PublicClient, { account, nonce }: SentTransaction): Promise<boolean> {
  if (nonce === undefined) return false;
  const count = await publicClient.getTransactionCount({ address: account, blockTag: "latest" }).catch(() => 0);
  return count > nonce;
}

/** Settles when the caller no longer wants to know, and never without a signal. */
function givenUp(signal: AbortSignal | undefined): Promise<SentOutcome> {
  return new Promise((resolve) => {
    signal?.addEventListener("abort", () => resolve({ status: "given-up" }), { once: true });
  });
}

/**
 * Waits until a sent transaction is in a block, however long that takes: giving up would invite to send it again. A speed-up in the wallet
 * is the same transaction; a cancellation mines successfully too and must not be taken for it (sonar.md 4.10).
 */
export async function waitForOutcome(
  publicClient: PublicClient,
  sent: SentTransaction,
  { signal, onSlow, slowAfterMs = SLOW_AFTER_MS }: WaitOptions = {},
): Promise<SentOutcome> {
  const end = givenUp(signal);
  while (!signal?.aborted) {
    const used = await isNonceUsed(publicClient, sent);
    const outcome = await Promise.race([end, lookFor(publicClient, sent.hash, used ? LAST_LOOK_MS : slowAfterMs)]);
    if (outcome) return outcome;
    if (used) return REPLACED;
    onSlow?.();
  }
  return { status: "given-up" };
}
