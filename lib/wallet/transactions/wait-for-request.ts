import { TransactionNotFoundError, type Hash } from "viem";
import type { DoneAmounts, StateBefore } from "@/lib/purchase/progress";
import { readDone } from "@/lib/wallet/transactions/done-amounts";
import { findReduction, isReduction } from "@/lib/wallet/transactions/find-by-events";
import { judgeReceipt, proves, watchedOf, type AskedCall, type ReceiptResult } from "@/lib/wallet/transactions/proof";
import type { ChainReader } from "@/lib/wallet/transactions/read-chain";
import {
  aborted,
  SLOW_AFTER_MS,
  waitForReceipt,
  type SentTransaction,
  type WaitOptions,
} from "@/lib/wallet/transactions/wait-for-receipt";
import { awaitEffect, type Watched } from "@/lib/wallet/transactions/watch-effect";

/**
 * A request that a wallet has accepted. `hash` is absent if the wallet answered with none. The effect is watched beside the hash if the state
 * `before` is given. `fallback` is the same state for an account that sends its own transactions: watched only while no node knows the hash.
 */
export interface AcceptedRequest extends AskedCall {
  hash?: Hash;
  nonce?: number;
  fallback?: StateBefore;
}

/** The outcome of a request, with its amounts as far as the chain tells them. */
export type RequestOutcome = ReceiptResult & { done?: DoneAmounts };

type Watching = WaitOptions & { slowAfterMs: number };

function never(): Promise<ReceiptResult> {
  return new Promise(() => undefined);
}

/** The outcome of the transaction that the wallet has named. */
async function namedOutcome(
  reader: ChainReader,
  sent: SentTransaction,
  asked: AskedCall,
  options: Watching,
): Promise<ReceiptResult> {
  const found = await waitForReceipt(reader.publicClient, sent, options);
  return found.status === "aborted" ? found : judgeReceipt(reader, found, asked, options);
}

/** Somebody else's transaction may carry out the request, or only propose it: never resolves for one that proves nothing. */
async function carriedOut(
  reader: ChainReader,
  sent: SentTransaction,
  asked: AskedCall,
  options: Watching,
): Promise<ReceiptResult> {
  const found = await waitForReceipt(reader.publicClient, sent, options);
  if (found.status === "aborted") return found;
  const { receipt } = found;
  return receipt && (await proves(reader, receipt, asked)) ? { status: "confirmed", receipt } : never();
}

/** The transaction is named if the wallet's hash turns out to be its. */
async function noticedEffect(
  reader: ChainReader,
  watched: Watched,
  { hash, ...asked }: AcceptedRequest,
  options: Watching,
): Promise<ReceiptResult> {
  const found = isReduction(watched) ? findReduction(reader, watched, options.signal) : undefined;
  const seen = await Promise.race([awaitEffect(reader, watched, options), ...(found ? [found] : [])]);
  if (typeof seen === "object") return { status: "confirmed", receipt: seen };
  if (seen === undefined) return { status: "aborted" };
  const receipt = hash && (await reader.publicClient.getTransactionReceipt({ hash }).catch(() => undefined));
  const isNamed = receipt && (await proves(reader, receipt, asked));
  return isNamed ? { status: "confirmed", receipt } : { status: "noticed", block: seen };
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
  watched: Watched,
  { request, options }: { request: AcceptedRequest; options: Watching },
): Promise<ReceiptResult> {
  const { publicClient } = reader;
  const isSeen = () =>
    publicClient.getTransaction({ hash }).then(
      () => true,
      (error: unknown) => !(error instanceof TransactionNotFoundError),
    );
  await new Promise((resolve) => setTimeout(resolve, UNSEEN_POLLS * publicClient.pollingInterval));
  if (await isSeen()) return never();
  const outcome = await noticedEffect(reader, watched, request, options);
  return outcome.status === "noticed" && (await isSeen()) ? never() : outcome;
}

/** All that may tell the outcome of a request. */
function outcomesOf(reader: ChainReader, request: AcceptedRequest, options: Watching): Promise<ReceiptResult>[] {
  const { hash, account, nonce, before, fallback } = request;
  const sent = hash && { hash, account, ...(nonce !== undefined && { nonce }) };
  const known = before ?? fallback;
  const asked = { ...request, ...(known && { before: known }) };
  const watched = watchedOf(asked);
  if (!watched) return sent ? [namedOutcome(reader, sent, asked, options)] : [Promise.resolve({ status: "aborted" })];
  if (before) {
    const noticed = noticedEffect(reader, watched, asked, options);
    return sent ? [noticed, carriedOut(reader, sent, asked, options)] : [noticed];
  }
  if (!sent) return [noticedEffect(reader, watched, asked, options)];
  const { onSlow: _, ...quiet } = options;
  const unseen = unseenEffect(reader, sent.hash, watched, { request: asked, options: quiet });
  return [namedOutcome(reader, sent, asked, options), unseen];
}

/**
 * Waits until the request that a wallet has accepted is on the chain. A multisig's wallet answers with the hash of a proposal, or with an
 * identifier of its own, and others may have to sign first: then the effect is watched beside the hash.
 */
export async function waitForRequest(
  reader: ChainReader,
  request: AcceptedRequest,
  options: WaitOptions = {},
): Promise<RequestOutcome> {
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => ending.abort();
  options.signal?.addEventListener("abort", end, { once: true });
  if (options.signal?.aborted) end();
  try {
    const outcomes = outcomesOf(reader, request, { slowAfterMs: SLOW_AFTER_MS, ...options, signal });
    const outcome = await Promise.race([aborted(signal), ...outcomes]);
    const { effect, before = request.fallback } = request;
    const done = await readDone(reader, { effect, before }, outcome);
    return { ...outcome, ...(done && { done }) };
  } finally {
    options.signal?.removeEventListener("abort", end);
    end();
  }
}
