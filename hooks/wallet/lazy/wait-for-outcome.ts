import type { Address, Hash, PublicClient } from "viem";
import {
  isInNoBlock,
  isNonceUsed,
  lookForOutcome,
  readNonce,
  type FoundOutcome,
} from "@/hooks/wallet/lazy/look-for-transaction";
import { explainReplacement } from "@/lib/sale/revert-message";

/** A transaction that was handed to a wallet. */
export interface SentTransaction {
  hash: Hash;
  account: Address;
  /** Absent until a node knows the transaction. */
  nonce?: number;
}

/** What became of it. `given-up`: the caller no longer wants to know. */
export type SentOutcome = FoundOutcome | { status: "given-up" };

/** How to wait. */
export interface WaitOptions {
  signal?: AbortSignal;
  /** A node knows the transaction now. Whoever waits for it later needs the nonce to see that another one took its place. */
  onNonce?: (nonce: number) => void;
  /** It takes longer than usual; it is waited for all the same. */
  onSlow?: () => void;
  /** After this long without a block (milliseconds) it takes longer than usual. */
  slowAfterMs?: number;
}

const SLOW_AFTER_MS = 60_000;
/** Between two questions for the nonce: a page that is closed before the answer could never tell a replacement from a wait. */
const NONCE_EVERY_MS = 4_000;
/** A transaction whose nonce is used up gets this long to turn up: the node that counts may be ahead of the one that has receipts. */
const LAST_LOOK_MS = 8_000;

const REPLACED: SentOutcome = { status: "changed", message: explainReplacement("replaced") };

async function learnNonce(
  publicClient: PublicClient,
  sent: SentTransaction,
  onNonce: WaitOptions["onNonce"],
): Promise<SentTransaction> {
  const nonce = sent.nonce ?? (await readNonce(publicClient, sent.hash));
  if (nonce === undefined) return sent;
  if (sent.nonce === undefined) onNonce?.(nonce);
  return { ...sent, nonce };
}

async function look(
  publicClient: PublicClient,
  { hash, account, nonce }: SentTransaction,
  timeout: number,
): Promise<SentOutcome | undefined> {
  const used = nonce !== undefined && (await isNonceUsed(publicClient, account, nonce));
  const found = await lookForOutcome(publicClient, hash, used ? LAST_LOOK_MS : timeout);
  if (found) return found;
  // A look that a failing node cut short found nothing either, and the nonce may be used by this very transaction.
  return used && (await isInNoBlock(publicClient, hash)) ? REPLACED : undefined;
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
  { signal, onNonce, onSlow, slowAfterMs = SLOW_AFTER_MS }: WaitOptions = {},
): Promise<SentOutcome> {
  const end = givenUp(signal);
  let known = sent;
  const lookMs = () => (known.nonce === undefined ? Math.min(NONCE_EVERY_MS, slowAfterMs) : slowAfterMs);
  const lookAgain = async () => {
    known = await learnNonce(publicClient, known, onNonce);
    return look(publicClient, known, lookMs());
  };
  for (let waitedMs = 0; !signal?.aborted; waitedMs += lookMs()) {
    if (waitedMs >= slowAfterMs) onSlow?.();
    const outcome = await Promise.race([end, lookAgain()]);
    if (outcome) return outcome;
  }
  return { status: "given-up" };
}
