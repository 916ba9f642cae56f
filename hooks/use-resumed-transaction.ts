"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { forgetPendingTransaction, rememberNonce } from "@/hooks/use-pending-transaction";
import type { SentOutcome } from "@/hooks/wallet/lazy/wait-for-outcome";
import type { PendingTransaction } from "@/lib/sale/pending-transaction";
import type { SaleChain } from "@/lib/sale/sale-chain";

interface Resumption {
  chain: SaleChain;
  /** What is remembered and was not sent by this page; absent: nothing to wait for. */
  pending?: PendingTransaction;
  onOutcome: (pending: PendingTransaction, outcome: SentOutcome) => void;
}

async function awaitOutcome(
  { chain }: Resumption,
  pending: PendingTransaction,
  signal: AbortSignal,
  onSlow: () => void,
): Promise<SentOutcome | undefined> {
  try {
    const { awaitPending } = await import("@/hooks/wallet/lazy/transactions");
    const onNonce = (nonce: number) => rememberNonce(pending, nonce);
    return await awaitPending(chain, pending, { signal, onSlow, onNonce });
  } catch {
    // Still remembered, so that the next load of the page takes it up again.
    return undefined;
  }
}

/** Waits for a transaction of an earlier page load or of another tab, and forgets it when its outcome is known. Returns whether that takes long. */
export function useResumedTransaction(resumption: Resumption): boolean {
  const { pending } = resumption;
  const hash = pending?.hash;
  const [slowHash, setSlowHash] = useState<string>();
  const wait = useEffectEvent(async (signal: AbortSignal) => {
    if (!pending) return;
    const outcome = await awaitOutcome(resumption, pending, signal, () => setSlowHash(pending.hash));
    if (!outcome || signal.aborted) return;
    forgetPendingTransaction(pending);
    resumption.onOutcome(pending, outcome);
  });
  useEffect(() => {
    if (hash === undefined) return;
    const controller = new AbortController();
    void wait(controller.signal);
    return () => controller.abort();
  }, [hash]);
  return hash !== undefined && slowHash === hash;
}
