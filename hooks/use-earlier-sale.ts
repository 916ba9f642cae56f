"use client";

import { useEffect } from "react";
import { reloadPage } from "@/hooks/page-provider";
import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { PENDING_PREFIX, RECEIPT_PREFIX, SEEN_PREFIX, UNLISTED_PREFIX } from "@/lib/purchase/pending";

/** The records of transactions in this browser: see `pendingKey`, `useUnlistedCommitments`, `receiptKey` and `usePositions`. */
const TRANSACTION_KEYS = [PENDING_PREFIX, UNLISTED_PREFIX, RECEIPT_PREFIX, SEEN_PREFIX];

/**
 * Notes which sale a storage is about, and forgets the transactions of an earlier one. True if there were any: the page has read them
 * already, and would wait for them forever.
 */
function leavesEarlierSale(storage: Storage, beganAt: number): boolean {
  const known = storage.getItem(SANDBOX_DEMO_STORAGE.sale);
  storage.setItem(SANDBOX_DEMO_STORAGE.sale, String(beganAt));
  if (known === null || known === String(beganAt)) return false;
  const records = Object.keys(storage).filter((key) => TRANSACTION_KEYS.some((prefix) => key.startsWith(prefix)));
  for (const key of records) storage.removeItem(key);
  return records.length > 0;
}

function knewEarlierSale(beganAt: number): boolean {
  const storages = [() => localStorage, () => sessionStorage].map((open) => {
    try {
      return leavesEarlierSale(open(), beganAt);
    } catch {
      // This storage is blocked, so that nothing was remembered in it.
      return false;
    }
  });
  return storages.includes(true);
}

/** Forgets what this browser knows of a sale that the sandbox has reset. `beganAt` tells one sale from the next; absent: nobody knows. */
export function useEarlierSale(beganAt: number | undefined): void {
  useEffect(() => {
    if (beganAt !== undefined && knewEarlierSale(beganAt)) reloadPage();
  }, [beganAt]);
}
