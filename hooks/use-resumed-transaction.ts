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

/** Between two attempts to load the code that asks the chain (milliseconds). */
const LOAD_AGAIN_AFTER_MS = 5_000;

async function awaitOutcome(
  { chain }: Resumption,
  pending: PendingTransaction,
  signal: AbortSignal,
  onSlow: () => void,
): Promise<SentOutcome | undefined> {
  const onNonce = (nonce: number) => rememberNonce(pending, nonce);
  while (!signal.aborted) {
    try {
      const { awaitPending } = await import("@/hooks/wallet/lazy/transactions");
      return await awaitPending(chain, pending, { signal, onSlow, onNonce });
    } catch {
      // Until the code can be loaded nothing else can be sent, so the user must be able to say that there is nothing to wait for.
      onSlow();
      await new Promise((resolve) => setTimeout(resolve, LOAD_AGAIN_AFTER_MS));
    }
  }
  return undefined;
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
