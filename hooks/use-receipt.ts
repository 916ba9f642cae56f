"use client";

import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { readStoredText, removeStoredTexts, useStoredText, writeStoredText } from "@/hooks/use-stored-text";
import { RECEIPT_PREFIX } from "@/lib/purchase/pending";
import {
  isSameReceipt,
  parseReceipt,
  receiptKey,
  receiptPrefix,
  type ReceiptScope,
  type StoredReceipt,
} from "@/lib/purchase/receipt";

/** The receipt that is open, and what the page can do with it. */
export interface UseReceiptResult {
  receipt?: StoredReceipt;
  /** Shows a receipt in every tab, until `close`. */
  keep: (receipt: StoredReceipt) => void;
  close: () => void;
}

interface Found {
  /** The newest block that the page has seen. */
  seenBlock: bigint;
  /** Gets the receipts of other tabs, and that of an earlier page load if it is newer: this page does not know what they changed. */
  onFound: (receipt: StoredReceipt) => void;
}

/** The open receipt of a session, a sale and an entity. */
export function useReceipt(scope: ReceiptScope, { seenBlock, onFound }: Found): UseReceiptResult {
  const key = receiptKey(scope);
  const text = useStoredText(key);
  /** For browsers that block storage. */
  const [unstored, setUnstored] = useState<StoredReceipt>();
  const { viewKey, chainId, contract, entityId } = scope;
  const stored = useMemo(
    () => parseReceipt(text, { viewKey, chainId, contract, entityId }),
    [text, viewKey, chainId, contract, entityId],
  );
  const onStorage = useEffectEvent((event: StorageEvent) => {
    const theirs = event.key === key ? parseReceipt(event.newValue, scope) : undefined;
    if (theirs) onFound(theirs);
  });
  const onMount = useEffectEvent(() => {
    const kept = parseReceipt(readStoredText(key), scope);
    if (kept && BigInt(kept.block) > seenBlock) onFound(kept);
  });
  useEffect(() => {
    onMount();
    const listener = (event: StorageEvent) => onStorage(event);
    window.addEventListener("storage", listener);
    return () => window.removeEventListener("storage", listener);
  }, []);
  return {
    receipt: stored ?? unstored,
    keep(receipt) {
      // Two tabs can wait for one transaction: the second to notice it must not change what the first has written.
      if (isSameReceipt(receipt, parseReceipt(readStoredText(key), scope))) return;
      setUnstored(writeStoredText(key, JSON.stringify(receipt)) ? undefined : receipt);
    },
    close() {
      setUnstored(undefined);
      writeStoredText(key, null);
    },
  };
}

/** Removes the receipts of earlier sessions from this browser: whoever signs in next must not find them. */
export function useForgetReceipts(viewKey: string): void {
  useEffect(() => {
    const own = receiptPrefix(viewKey);
    removeStoredTexts((key) => key.startsWith(`${RECEIPT_PREFIX}:`) && (viewKey === "" || !key.startsWith(own)));
  }, [viewKey]);
}
