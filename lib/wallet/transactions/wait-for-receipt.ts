import {
  TransactionReceiptNotFoundError,
  type Address,
  type Hash,
  type PublicClient,
  type ReplacementReason,
  type TransactionReceipt,
} from "viem";
import { passedSince, thisMoment } from "@/lib/http/deadline";
import { explainReplacement } from "@/lib/purchase/errors/explain-error";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { sameHex } from "@/lib/sale/hex";

/**
 * A transaction's receipt, or the error if its sender replaced it; then with the receipt of the other transaction, if that is known, or else
 * with the block by which it has used the nonce.
 */
export type FoundReceipt =
  | { status: "confirmed" | "reverted"; receipt: TransactionReceipt }
  | { status: "changed"; message: PurchaseError; receipt?: TransactionReceipt; usedBy?: bigint };

/**
 * The receipt, or undefined if there is none within `timeout` milliseconds or the node cannot be reached. Neither means that the transaction
 * failed.
 */
async function findReceipt(publicClient: PublicClient, hash: Hash, timeout: number): Promise<FoundReceipt | undefined> {
  const reasons: ReplacementReason[] = [];
  const onReplaced = ({ reason }: { reason: ReplacementReason }) => void reasons.push(reason);
  try {
    const receipt = await publicClient.waitForTransactionReceipt({ hash, timeout, onReplaced });
    const message = reasons[0] && explainReplacement(reasons[0]);
    if (message) return { status: "changed", message, receipt };
    return { status: receipt.status === "success" ? "confirmed" : "reverted", receipt };
  } catch {
    // Prevents a tight loop if the node fails at once.
    await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
    return undefined;
  }
}

/**
 * True if a node says that no block has the transaction. False if none can be reached, which proves nothing. Of several nodes, one that is
 * behind is not believed (`askInTurn`).
 */
async function isInNoBlock(publicClient: PublicClient, hash: Hash): Promise<boolean> {
  return publicClient.getTransactionReceipt({ hash }).then(
    () => false,
    (error: unknown) => error instanceof TransactionReceiptNotFoundError,
  );
}

/**
 * The account's own nonce. Undefined while the node does not know the transaction: it may be a different node from the wallet's. Others send
 * the transactions of contract accounts, with nonces of their own.
 */
async function readNonce(publicClient: PublicClient, { hash, account }: SentTransaction): Promise<number | undefined> {
  return publicClient.getTransaction({ hash }).then(
    ({ from, nonce }) => (sameHex(from, account) ? nonce : undefined),
    () => undefined,
  );
}

/**
 * The latest block, if a transaction of the account has used this nonce by then. The nonce is counted at that very block: nodes that are behind
 * it cannot tell what has become of the transaction.
 */
async function nonceUsedBy(publicClient: PublicClient, address: Address, nonce: number): Promise<bigint | undefined> {
  try {
    const blockNumber = await publicClient.getBlockNumber();
    const count = await publicClient.getTransactionCount({ address, blockNumber });
    return count > nonce ? blockNumber : undefined;
  } catch {
    return undefined;
  }
}

/** A transaction that a wallet has sent. */
export interface SentTransaction {
  hash: Hash;
  account: Address;
  /** Absent until a node knows the transaction. */
  nonce?: number;
}

/** The caller stopped waiting. */
export interface Aborted {
  status: "aborted";
}

/** Options of waiting. */
export interface WaitOptions {
  signal?: AbortSignal;
  /** Called once a node knows the transaction. A later wait needs the nonce to see that another transaction replaced it. */
  onNonce?: (nonce: number) => void;
  /** Called when the wait takes longer than usual; the wait continues. */
  onSlow?: () => void;
  /** The time without a block, in milliseconds, that counts as longer than usual. */
  slowAfterMs?: number;
}

/** The time without a block, in milliseconds, that counts as longer than usual. */
export const SLOW_AFTER_MS = 60_000;
/** The interval of asking for the nonce: without it, a page opened later could not tell a replacement from a slow transaction. */
const NONCE_EVERY_MS = 4_000;
/** The time for a receipt once the nonce is used: the node that counts nonces may be ahead of the one that has receipts. */
const FINAL_POLL_MS = 8_000;

async function learnNonce(
  publicClient: PublicClient,
  sent: SentTransaction,
  onNonce: WaitOptions["onNonce"],
): Promise<SentTransaction> {
  const nonce = sent.nonce ?? (await readNonce(publicClient, sent));
  if (nonce === undefined) return sent;
  if (sent.nonce === undefined) onNonce?.(nonce);
  return { ...sent, nonce };
}

async function poll(
  publicClient: PublicClient,
  { hash, account, nonce }: SentTransaction,
  timeout: number,
): Promise<FoundReceipt | undefined> {
  const usedBy = nonce === undefined ? undefined : await nonceUsedBy(publicClient, account, nonce);
  const found = await findReceipt(publicClient, hash, usedBy === undefined ? timeout : FINAL_POLL_MS);
  if (found || usedBy === undefined) return found;
  // A failing node also finds nothing, and the nonce may be used by this very transaction.
  const isReplaced = await isInNoBlock(publicClient, hash);
  return isReplaced ? { status: "changed", message: explainReplacement("replaced"), usedBy } : undefined;
}

/** Resolves when the caller stops waiting, and never without a signal. */
export function aborted(signal: AbortSignal | undefined): Promise<Aborted> {
  return new Promise((resolve) => {
    signal?.addEventListener("abort", () => resolve({ status: "aborted" }), { once: true });
  });
}

/**
 * Waits until a sent transaction is in a block, however long that takes: giving up would tempt the user to send it again. A speed-up in the
 * wallet is the same transaction. A cancellation is also mined successfully and must not be taken for it (sonar.md 4.10).
 */
export async function waitForReceipt(
  publicClient: PublicClient,
  sent: SentTransaction,
  { signal, onNonce, onSlow, slowAfterMs = SLOW_AFTER_MS }: WaitOptions = {},
): Promise<FoundReceipt | Aborted> {
  const end = aborted(signal);
  let known = sent;
  const pollMs = () => (known.nonce === undefined ? Math.min(NONCE_EVERY_MS, slowAfterMs) : slowAfterMs);
  const pollAgain = async () => {
    known = await learnNonce(publicClient, known, onNonce);
    return poll(publicClient, known, pollMs());
  };
  // Measured, because one poll of a node that does not answer takes much longer than it should.
  const began = thisMoment();
  while (!signal?.aborted) {
    if (passedSince(began) >= slowAfterMs) onSlow?.();
    const outcome = await Promise.race([end, pollAgain()]);
    if (outcome) return outcome;
  }
  return { status: "aborted" };
}
