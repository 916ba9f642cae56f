"use client";

import { useMemo, useSyncExternalStore } from "react";
import type { PositionRow } from "@/lib/sale/position";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import { totalTokens } from "@/lib/sale/token-symbols";
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

function writeOf(entityId: string, own: UnlistedCommitment[]): void {
  const others = parseUnlisted(readText()).filter((one) => one.entityId.toLowerCase() !== entityId.toLowerCase());
  writeList([...others, ...own]);
}

/**
 * Remembers, over a reload of this tab, a commitment that the chain has confirmed, and forgets one that was cancelled: Sonar's list will
 * never show it. `entityId` is the SaleSpecificEntityID; `rows` are of its position, before the outcome or after.
 */
export function noteOutcome(
  entityId: `0x${string}`,
  { kind, wallet, token, increment = 0n, total }: PurchaseOutcome,
  rows: readonly PositionRow[],
): void {
  if (kind === "cancel") writeOf(entityId, []);
  if (kind !== "commit" || !token || total === undefined) return;
  const tokens = totalTokens(rows, { token, amount: increment });
  writeOf(entityId, [{ entityId, wallet, tokens, total: total.toString(), at: Date.now() }]);
}

/** The commitments that this tab has seen confirmed; `notYetListed` tells which of them Sonar's list does not show yet. */
export function useUnlistedCommitments(): UnlistedCommitment[] {
  const text = useSyncExternalStore(subscribe, readText, () => null);
  return useMemo(() => parseUnlisted(text), [text]);
}
