"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import { serverNow } from "@/hooks/use-server-time";
import { UNLISTED_PREFIX } from "@/lib/purchase/pending";
import { totalTokens, type PositionRow } from "@/lib/purchase/position";
import type { ConfirmedPurchase } from "@/lib/purchase/progress";
import { parseUnlisted, type UnlistedCommitment } from "@/lib/sale/commitments";
import { sameHex } from "@/lib/sale/hex";
import type { SaleChain } from "@/lib/sale/state";

/**
 * The owner and the sale of the commitments. Another sale has others, and so has a new contract in the place of an earlier one. The tab may
 * get another user, who must not see the first user's commitments before everybody does.
 */
interface UnlistedScope extends Pick<SaleChain, "chainId" | "contract"> {
  /** See `SessionStatus.viewKey`. */
  viewKey: string;
}

function keyOf({ chainId, contract, viewKey }: UnlistedScope): string {
  return `${UNLISTED_PREFIX}:${viewKey}:${chainId}:${contract.toLowerCase()}`;
}

const CHANGED = `${UNLISTED_PREFIX}-changed`;

/** Storage can be blocked (private windows, settings). A commitment then shows when Sonar lists it. */
function readText(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  return () => window.removeEventListener(CHANGED, onChange);
}

function writeList(key: string, commitments: readonly UnlistedCommitment[]): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(commitments));
  } catch {
    return;
  }
  window.dispatchEvent(new Event(CHANGED));
}

function writeOf(key: string, entityId: string, own: UnlistedCommitment[]): void {
  const others = parseUnlisted(readText(key)).filter((one) => !sameHex(one.entityId, entityId));
  writeList(key, [...others, ...own]);
}

/**
 * Remembers, over a reload of this tab, a commitment that the chain has confirmed, and forgets one that was cancelled or reduced, which
 * Sonar's list will never show. `entityId` is the SaleSpecificEntityID; `rows` belong to its position, before or after the outcome.
 */
export function recordOutcome(
  scope: UnlistedScope,
  entityId: `0x${string}`,
  { kind, wallet, token, increment = 0n, total }: ConfirmedPurchase,
  rows: readonly PositionRow[],
): void {
  if (kind === "cancel" || kind === "reduce") writeOf(keyOf(scope), entityId, []);
  if (kind !== "commit" || !token || total === undefined) return;
  const tokens = totalTokens(rows, { token, amount: increment });
  writeOf(keyOf(scope), entityId, [{ entityId, wallet, tokens, total: total.toString(), at: serverNow() }]);
}

/**
 * The commitments that were confirmed in this tab since this user signed in; `notYetListed` picks those that Sonar's list does not show
 * yet.
 */
export function useUnlistedCommitments(scope: UnlistedScope): UnlistedCommitment[] {
  const key = keyOf(scope);
  const text = useSyncExternalStore(
    subscribe,
    useCallback(() => readText(key), [key]),
    () => null,
  );
  return useMemo(() => parseUnlisted(text), [text]);
}
