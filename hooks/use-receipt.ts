"use client";

import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { readStoredText, removeStoredTexts, useStoredText, writeStoredText } from "@/hooks/use-stored-text";
import { RECEIPT_PREFIX, SEEN_PREFIX } from "@/lib/purchase/pending";
import { isSameReceipt, parseReceipt, receiptKey, type ReceiptScope, type StoredReceipt } from "@/lib/purchase/receipt";

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

/** Removes what earlier sessions have left of their transactions in this browser: whoever signs in next must not find it. */
export function useForgetReceipts(viewKey: string): void {
  useEffect(() => {
    removeStoredTexts((key) =>
      [RECEIPT_PREFIX, SEEN_PREFIX].some(
        (prefix) => key.startsWith(`${prefix}:`) && (viewKey === "" || !key.startsWith(`${prefix}:${viewKey}:`)),
      ),
    );
  }, [viewKey]);
}
