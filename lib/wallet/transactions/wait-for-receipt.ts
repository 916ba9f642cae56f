import {
  TransactionReceiptNotFoundError,
  type Address,
  type Hash,
  type PublicClient,
  type ReplacementReason,
  type TransactionReceipt,
} from "viem";
import { explainReplacement } from "@/lib/purchase/errors/explain-error";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";

/** What a block has of a transaction: itself, or what its sender has put in its place. */
export type FoundReceipt =
  { status: "confirmed" | "reverted"; receipt: TransactionReceipt } | { status: "changed"; message: PurchaseError };

/**
 * The outcome, or undefined if there is none within `timeout` milliseconds or the node cannot be asked: neither means that the transaction
 * failed.
 */
async function findReceipt(publicClient: PublicClient, hash: Hash, timeout: number): Promise<FoundReceipt | undefined> {
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

/** Whether the node itself says that no block has the transaction. False where it cannot be asked, which says nothing. */
async function isInNoBlock(publicClient: PublicClient, hash: Hash): Promise<boolean> {
  return publicClient.getTransactionReceipt({ hash }).then(
    () => false,
    (error: unknown) => error instanceof TransactionReceiptNotFoundError,
  );
}

/** Undefined while the node does not know the transaction: it can be another one than the wallet's. */
async function readNonce(publicClient: PublicClient, hash: Hash): Promise<number | undefined> {
  return publicClient.getTransaction({ hash }).then(
    ({ nonce }) => nonce,
    () => undefined,
  );
}

/** Whether the account has used this nonce, by whichever transaction. */
async function isNonceUsed(publicClient: PublicClient, address: Address, nonce: number): Promise<boolean> {
  const count = await publicClient.getTransactionCount({ address, blockTag: "latest" }).catch(() => 0);
  return count > nonce;
}

/** A transaction that was handed to a wallet. */
export interface SentTransaction {
  hash: Hash;
  account: Address;
  /** Absent until a node knows the transaction. */
  nonce?: number;
}

/** What became of it. `given-up`: the caller no longer wants to know. */
export type ReceiptResult = FoundReceipt | { status: "given-up" };

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

const REPLACED: ReceiptResult = { status: "changed", message: explainReplacement("replaced") };

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
): Promise<ReceiptResult | undefined> {
  const used = nonce !== undefined && (await isNonceUsed(publicClient, account, nonce));
  const found = await findReceipt(publicClient, hash, used ? LAST_LOOK_MS : timeout);
  if (found) return found;
  // A look that a failing node cut short found nothing either, and the nonce may be used by this very transaction.
  return used && (await isInNoBlock(publicClient, hash)) ? REPLACED : undefined;
}

/** Settles when the caller no longer wants to know, and never without a signal. */
function givenUp(signal: AbortSignal | undefined): Promise<ReceiptResult> {
  return new Promise((resolve) => {
    signal?.addEventListener("abort", () => resolve({ status: "given-up" }), { once: true });
  });
}

/**
 * Waits until a sent transaction is in a block, however long that takes: giving up would invite to send it again. A speed-up in the wallet
 * is the same transaction; a cancellation mines successfully too and must not be taken for it (sonar.md 4.10).
 */
export async function waitForReceipt(
  publicClient: PublicClient,
  sent: SentTransaction,
  { signal, onNonce, onSlow, slowAfterMs = SLOW_AFTER_MS }: WaitOptions = {},
): Promise<ReceiptResult> {
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
