import {
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  type Address,
  type Hash,
  type PublicClient,
  type ReplacementReason,
  type TransactionReceipt,
} from "viem";
import { explainReplacement } from "@/lib/purchase/errors/explain-error";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { sameHex } from "@/lib/sale/hex";
import { awaitEffect, hasEffect, type Watched } from "@/lib/wallet/transactions/effect";
import { isProven, WITHOUT_EFFECT, type AskedCall } from "@/lib/wallet/transactions/proof";
import type { ChainReader } from "@/lib/wallet/transactions/read-chain";

/** A transaction's receipt, or the error if its sender replaced it. */
export type FoundReceipt =
  { status: "confirmed" | "reverted"; receipt: TransactionReceipt } | { status: "changed"; message: PurchaseError };

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
    if (message) return { status: "changed", message };
    return { status: receipt.status === "success" ? "confirmed" : "reverted", receipt };
  } catch {
    // Prevents a tight loop if the node fails at once.
    await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
    return undefined;
  }
}

/** True if the node says that no block has the transaction. False if it cannot be reached, which proves nothing. */
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

/** True if any transaction of the account has used this nonce. */
async function isNonceUsed(publicClient: PublicClient, address: Address, nonce: number): Promise<boolean> {
  const count = await publicClient.getTransactionCount({ address, blockTag: "latest" }).catch(() => 0);
  return count > nonce;
}

/** A transaction that a wallet has sent. */
export interface SentTransaction {
  hash: Hash;
  account: Address;
  /** Absent until a node knows the transaction. */
  nonce?: number;
}

/** The result of waiting. `noticed`: a block has the effect, and no transaction is known. `aborted`: the caller stopped waiting. */
export type ReceiptResult = FoundReceipt | { status: "noticed"; block: bigint } | { status: "aborted" };

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

const SLOW_AFTER_MS = 60_000;
/** The interval of asking for the nonce: without it, a page opened later could not tell a replacement from a slow transaction. */
const NONCE_EVERY_MS = 4_000;
/** The time for a receipt once the nonce is used: the node that counts nonces may be ahead of the one that has receipts. */
const FINAL_POLL_MS = 8_000;

const REPLACED: ReceiptResult = { status: "changed", message: explainReplacement("replaced") };

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
): Promise<ReceiptResult | undefined> {
  const used = nonce !== undefined && (await isNonceUsed(publicClient, account, nonce));
  const found = await findReceipt(publicClient, hash, used ? FINAL_POLL_MS : timeout);
  if (found) return found;
  // A failing node also finds nothing, and the nonce may be used by this very transaction.
  return used && (await isInNoBlock(publicClient, hash)) ? REPLACED : undefined;
}

/** Resolves when the caller stops waiting, and never without a signal. */
function aborted(signal: AbortSignal | undefined): Promise<ReceiptResult> {
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
): Promise<ReceiptResult> {
  const end = aborted(signal);
  let known = sent;
  const pollMs = () => (known.nonce === undefined ? Math.min(NONCE_EVERY_MS, slowAfterMs) : slowAfterMs);
  const pollAgain = async () => {
    known = await learnNonce(publicClient, known, onNonce);
    return poll(publicClient, known, pollMs());
  };
  for (let waitedMs = 0; !signal?.aborted; waitedMs += pollMs()) {
    if (waitedMs >= slowAfterMs) onSlow?.();
    const outcome = await Promise.race([end, pollAgain()]);
    if (outcome) return outcome;
  }
  return { status: "aborted" };
}

/**
 * A request that a wallet has accepted: to call the contract `to`. `hash` is absent if the wallet answered with none. `fallback` is watched
 * only while no node knows the hash, and proves a transaction that is not the account's own call.
 */
export type AcceptedRequest = Omit<SentTransaction, "hash"> & {
  to: Address;
  hash?: Hash;
  watched?: Watched;
  fallback?: Watched;
};

/** The receipt of the transaction that the wallet has named, if it did what was asked for. */
async function namedReceipt(
  reader: ChainReader,
  sent: SentTransaction,
  asked: AskedCall,
  options: WaitOptions,
): Promise<ReceiptResult> {
  const found = await waitForReceipt(reader.publicClient, sent, options);
  if (found.status !== "confirmed") return found;
  const proven = await isProven(reader, found.receipt, asked, options.signal);
  if (proven === undefined) return { status: "aborted" };
  return proven ? found : { status: "changed", message: WITHOUT_EFFECT };
}

/** Somebody else's transaction may carry out the request, or only propose it: its effect alone proves that it did. */
async function provenReceipt(
  reader: ChainReader,
  sent: SentTransaction,
  watched: Watched,
  options: WaitOptions,
): Promise<ReceiptResult> {
  const found = await waitForReceipt(reader.publicClient, sent, options);
  if (found.status !== "confirmed") return found;
  const isProven = await hasEffect(reader, watched, found.receipt.blockNumber).catch(() => false);
  return isProven ? found : new Promise<ReceiptResult>(() => undefined);
}

/** The transaction is named if the wallet's hash turns out to be its. */
async function noticedEffect(
  reader: ChainReader,
  hash: Hash | undefined,
  watched: Watched,
  options: Parameters<typeof awaitEffect>[2],
): Promise<ReceiptResult> {
  const block = await awaitEffect(reader, watched, options);
  if (block === undefined) return { status: "aborted" };
  const receipt = hash && (await reader.publicClient.getTransactionReceipt({ hash }).catch(() => undefined));
  const isNamed = receipt && (await hasEffect(reader, watched, receipt.blockNumber).catch(() => false));
  return isNamed ? { status: "confirmed", receipt } : { status: "noticed", block };
}

/** Polls without a trace of a transaction until its effect is looked for. */
const UNSEEN_POLLS = 3;

/**
 * Watches the effect of a transaction that the node does not know. Smart accounts that are not deployed yet, and accounts that delegate to a
 * contract (EIP-7702), may send through others, and their wallets then answer with a hash of their own. Never resolves for one that the node
 * knows: its receipt tells.
 */
async function unseenEffect(
  reader: ChainReader,
  hash: Hash,
  fallback: Watched,
  options: Parameters<typeof awaitEffect>[2],
): Promise<ReceiptResult> {
  const { publicClient } = reader;
  const isSeen = () =>
    publicClient.getTransaction({ hash }).then(
      () => true,
      (error: unknown) => !(error instanceof TransactionNotFoundError),
    );
  await new Promise((resolve) => setTimeout(resolve, UNSEEN_POLLS * publicClient.pollingInterval));
  if (!(await isSeen())) {
    const outcome = await noticedEffect(reader, hash, fallback, options);
    if (outcome.status !== "noticed" || !(await isSeen())) return outcome;
  }
  return new Promise<ReceiptResult>(() => undefined);
}

/**
 * Waits until the request that a wallet has accepted is on the chain. A multisig's wallet answers with the hash of a proposal, or with an
 * identifier of its own, and others may have to sign first: then the effect is watched beside the hash.
 */
export async function waitForRequest(
  reader: ChainReader,
  { hash, to, watched, fallback, ...account }: AcceptedRequest,
  options: WaitOptions = {},
): Promise<ReceiptResult> {
  const sent = hash && { ...account, hash };
  const asked = { account: account.account, to, ...(fallback && { effect: fallback }) };
  if (!watched && !fallback) return sent ? namedReceipt(reader, sent, asked, options) : { status: "aborted" };
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => ending.abort();
  options.signal?.addEventListener("abort", end, { once: true });
  if (options.signal?.aborted) end();
  const watch = { slowAfterMs: SLOW_AFTER_MS, ...options, signal };
  try {
    const outcomes = [aborted(signal)];
    if (watched) outcomes.push(noticedEffect(reader, hash, watched, watch));
    if (watched && sent) outcomes.push(provenReceipt(reader, sent, watched, watch));
    if (!watched && sent) outcomes.push(namedReceipt(reader, sent, asked, watch));
    if (!watched && hash && fallback) {
      const { onSlow: _, ...quiet } = watch;
      outcomes.push(unseenEffect(reader, hash, fallback, quiet));
    }
    return await Promise.race(outcomes);
  } finally {
    options.signal?.removeEventListener("abort", end);
    end();
  }
}
