"use client";

import { useSyncExternalStore } from "react";
import { createPageStore } from "@/lib/page-store";

/**
 * Runs `work` unless another tab of this browser is running some under the same name: then it returns false and runs nothing. In a browser
 * without locks, or with locks that fail, it assumes that there is no other tab: a press must never do nothing.
 */
export async function inOneTab(name: string, work: () => Promise<void>): Promise<boolean> {
  let begun = false;
  const begin = () => {
    begun = true;
    return work();
  };
  try {
    return await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await begin();
      return lock !== null;
    });
  } catch (error) {
    if (begun) throw error;
    await begin();
    return true;
  }
}

/** The transaction that this page sends. */
interface Sending {
  name: string;
  ending: AbortController;
}

const sending = createPageStore<Sending | undefined>(undefined);

/** True while this page sends a transaction, from the press on: its steps may still wait for the wallet. */
export function useIsSending(): boolean {
  return useSyncExternalStore(
    sending.subscribe,
    () => sending.get() !== undefined,
    () => false,
  );
}

/**
 * Lets this page send one transaction at a time: a second press can come before the first has been rendered. Returns the signal that ends waiting
 * for it, and a function that ends the transaction; or undefined while another one is in progress.
 */
export function beginTransaction(name: string): { signal: AbortSignal; release: () => void } | undefined {
  if (sending.get()) return undefined;
  const ending = new AbortController();
  sending.set({ name, ending });
  return { signal: ending.signal, release: () => sending.set(undefined) };
}

/** Ends waiting for the transaction of this name, if it is the one that this page sends: from whichever view of the page it was begun. */
export function stopWaiting(name: string): void {
  const current = sending.get();
  if (current?.name === name) current.ending.abort();
}
