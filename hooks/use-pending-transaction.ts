"use client";

import { useMemo, useEffect, useEffectEvent, useState } from "react";
import { readStoredText, useStoredText, writeStoredText } from "@/hooks/use-stored-text";
import {
  parsePending,
  pendingId,
  pendingKey,
  type PendingScope,
  type PendingTransaction,
} from "@/lib/purchase/pending";
import type { SaleChain } from "@/lib/sale/state";
import type { RequestOutcome } from "@/lib/wallet/transactions/wait-for-request";

/** The transaction that is remembered now. It is read from the browser, because a render may be older. */
export function readPendingTransaction(scope: PendingScope): PendingTransaction | undefined {
  return parsePending(readStoredText(pendingKey(scope)), scope);
}

/** Remembers a sent transaction, over a reload and for other tabs. */
export function rememberPendingTransaction(pending: PendingTransaction): void {
  writeStoredText(pendingKey(pending), JSON.stringify(pending));
}

/** Adds the nonce, which a node may report late: a transaction that has been forgotten or replaced by then stays so. */
export function rememberNonce(pending: PendingTransaction, nonce: number): void {
  const current = readPendingTransaction(pending);
  if (current && pendingId(current) === pendingId(pending)) rememberPendingTransaction({ ...current, nonce });
}

/** Forgets a transaction whose outcome is known; a newer one in its place stays. */
export function forgetPendingTransaction(pending: PendingTransaction): void {
  const current = readPendingTransaction(pending);
  if (current && pendingId(current) === pendingId(pending)) writeStoredText(pendingKey(pending), null);
}

/** The transaction of a sale and an entity that has no outcome yet, whichever tab sent it. */
export function usePendingTransaction({ chainId, contract, entityId }: PendingScope): PendingTransaction | undefined {
  const text = useStoredText(pendingKey({ chainId, contract, entityId }));
  return useMemo(() => parsePending(text, { chainId, contract, entityId }), [text, chainId, contract, entityId]);
}

interface Resumption {
  chain: SaleChain;
  /** The remembered transaction that this page did not send; if absent, there is nothing to wait for. */
  pending?: PendingTransaction;
  onOutcome: (pending: PendingTransaction, outcome: RequestOutcome) => void;
  /** Called each time that the code for it does not arrive; it is asked for again. */
  onNotLoaded: () => void;
}

/** Milliseconds between two attempts to load the code that asks the chain. */
const LOAD_AGAIN_AFTER_MS = 5_000;

async function awaitOutcome(
  { chain, onNotLoaded }: Resumption,
  pending: PendingTransaction,
  signal: AbortSignal,
  onSlow: () => void,
): Promise<RequestOutcome | undefined> {
  const onNonce = (nonce: number) => rememberNonce(pending, nonce);
  while (!signal.aborted) {
    try {
      const { waitForPending } = await import("@/lib/wallet/transactions/transactions");
      return await waitForPending(chain, pending, { signal, onSlow, onNonce });
    } catch {
      // Until the code is loaded nothing else can be sent, so the user must be able to say that the transaction is gone.
      onSlow();
      onNotLoaded();
      await new Promise((resolve) => setTimeout(resolve, LOAD_AGAIN_AFTER_MS));
    }
  }
  return undefined;
}

/**
 * Waits for a transaction of an earlier page load or of another tab, and forgets it when its outcome is known. Returns true while that
 * takes long.
 */
export function useResumedTransaction(resumption: Resumption): boolean {
  const { pending } = resumption;
  const id = pending && pendingId(pending);
  const [slowId, setSlowId] = useState<string>();
  const wait = useEffectEvent(async (signal: AbortSignal) => {
    if (!pending) return;
    const outcome = await awaitOutcome(resumption, pending, signal, () => setSlowId(pendingId(pending)));
    if (!outcome || signal.aborted) return;
    forgetPendingTransaction(pending);
    resumption.onOutcome(pending, outcome);
  });
  useEffect(() => {
    if (id === undefined) return;
    const controller = new AbortController();
    void wait(controller.signal);
    return () => controller.abort();
  }, [id]);
  return id !== undefined && slowId === id;
}
