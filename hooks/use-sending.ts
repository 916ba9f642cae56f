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

const sending = createPageStore(false);

/** True while this page sends a transaction, from the press on: its steps may still wait for the wallet. */
export function useIsSending(): boolean {
  return useSyncExternalStore(sending.subscribe, sending.get, () => false);
}

/**
 * Lets this page send one transaction at a time: a second press can come before the first has been rendered. Returns a function that ends
 * the transaction, or undefined while another one is in progress.
 */
export function beginTransaction(): (() => void) | undefined {
  if (sending.get()) return undefined;
  sending.set(true);
  return () => sending.set(false);
}
