"use client";

import { useMemo, useSyncExternalStore } from "react";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import { parseUnlisted, type UnlistedCommitment } from "@/lib/sale/unlisted-commitment";

const KEY = "sale-unlisted";
const CHANGED = "sale-unlisted-changed";

/** Storage can be blocked (private windows, settings): then a commitment shows when Sonar lists it. */
function readText(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  return () => window.removeEventListener(CHANGED, onChange);
}

function writeList(commitments: readonly UnlistedCommitment[]): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(commitments));
  } catch {
    return;
  }
  window.dispatchEvent(new Event(CHANGED));
}

/**
 * Remembers, over a reload of this tab, a commitment that the chain has confirmed, and forgets one that was cancelled: Sonar's list will
 * never show it. `entityId` is the SaleSpecificEntityID.
 */
export function noteOutcome(entityId: `0x${string}`, { kind, wallet, token, total }: PurchaseOutcome): void {
  const ofOthers = () =>
    parseUnlisted(readText()).filter((one) => one.entityId.toLowerCase() !== entityId.toLowerCase());
  if (kind === "cancel") writeList(ofOthers());
  if (kind === "commit" && token && total !== undefined)
    writeList([...ofOthers(), { entityId, wallet, token, total: total.toString(), at: Date.now() }]);
}

/** The commitments that this tab has seen confirmed; `notYetListed` tells which of them Sonar's list does not show yet. */
export function useUnlistedCommitments(): UnlistedCommitment[] {
  const text = useSyncExternalStore(subscribe, readText, () => null);
  return useMemo(() => parseUnlisted(text), [text]);
}
