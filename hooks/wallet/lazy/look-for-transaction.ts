import {
  TransactionReceiptNotFoundError,
  type Address,
  type Hash,
  type PublicClient,
  type ReplacementReason,
  type TransactionReceipt,
} from "viem";
import { explainReplacement, type ErrorMessage } from "@/lib/sale/revert-message";

/** What a block has of a transaction: itself, or what its sender has put in its place. */
export type FoundOutcome =
  { status: "confirmed" | "reverted"; receipt: TransactionReceipt } | { status: "changed"; message: ErrorMessage };

/**
 * The outcome, or undefined if there is none within `timeout` milliseconds or the node cannot be asked: neither means that the transaction
 * failed.
 */
export async function lookForOutcome(
  publicClient: PublicClient,
  hash: Hash,
  timeout: number,
): Promise<FoundOutcome | undefined> {
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
export async function isInNoBlock(publicClient: PublicClient, hash: Hash): Promise<boolean> {
  return publicClient.getTransactionReceipt({ hash }).then(
    () => false,
    (error: unknown) => error instanceof TransactionReceiptNotFoundError,
  );
}

/** Undefined while the node does not know the transaction: it can be another one than the wallet's. */
export async function readNonce(publicClient: PublicClient, hash: Hash): Promise<number | undefined> {
  return publicClient.getTransaction({ hash }).then(
    ({ nonce }) => nonce,
    () => undefined,
  );
}

/** Whether the account has used this nonce, by whichever transaction. */
export async function isNonceUsed(publicClient: PublicClient, address: Address, nonce: number): Promise<boolean> {
  const count = await publicClient.getTransactionCount({ address, blockTag: "latest" }).catch(() => 0);
  return count > nonce;
}
