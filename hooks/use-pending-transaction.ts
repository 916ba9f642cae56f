"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import { parsePending, pendingKey, type PendingScope, type PendingTransaction } from "@/lib/sale/pending-transaction";

/** This tab's own changes; the browser tells other tabs of theirs by itself. */
const CHANGED = "sale-pending-changed";

/** Storage can be blocked (private windows, settings): then a transaction is remembered by nobody, and the sale works all the same. */
function readText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function writeText(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    return;
  } finally {
    window.dispatchEvent(new Event(CHANGED));
  }
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("storage", onChange);
  window.addEventListener(CHANGED, onChange);
  return () => {
    window.removeEventListener("storage", onChange);
    window.removeEventListener(CHANGED, onChange);
  };
}

/** The transaction that is remembered right now, asked of the browser and not of a render that may be older. */
export function readPendingTransaction(scope: PendingScope): PendingTransaction | undefined {
  return parsePending(readText(pendingKey(scope)), scope);
}

/** Remembers what was sent, over a reload and for other tabs. */
export function rememberPendingTransaction(pending: PendingTransaction): void {
  writeText(pendingKey(pending), JSON.stringify(pending));
}

/** Adds the nonce, which a node may tell late: what has been forgotten by then, or has given way to a newer one, stays so. */
export function rememberNonce(pending: PendingTransaction, nonce: number): void {
  const present = readPendingTransaction(pending);
  if (present?.hash === pending.hash) rememberPendingTransaction({ ...present, nonce });
}

/** Forgets a transaction whose outcome is known; a newer one that has taken its place stays. */
export function forgetPendingTransaction(pending: PendingTransaction): void {
  if (readPendingTransaction(pending)?.hash === pending.hash) writeText(pendingKey(pending), null);
}

/** The transaction of a sale and an entity that has no outcome yet, whichever tab sent it. */
export function usePendingTransaction({ chainId, contract, entityId }: PendingScope): PendingTransaction | undefined {
  const key = pendingKey({ chainId, contract, entityId });
  const text = useSyncExternalStore(
    subscribe,
    useCallback(() => readText(key), [key]),
    () => null,
  );
  return useMemo(() => parsePending(text, { chainId, contract, entityId }), [text, chainId, contract, entityId]);
}
