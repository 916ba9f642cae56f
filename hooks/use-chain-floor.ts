"use client";

import { useEffect, useEffectEvent } from "react";
import type { QueryClient } from "@tanstack/react-query";
import { useCached } from "@/hooks/use-seeded-query";
import { useSessionStatus } from "@/hooks/use-session";
import { readStoredText, writeStoredText } from "@/hooks/use-stored-text";
import { SEEN_PREFIX } from "@/lib/purchase/pending";
import type { SaleChain } from "@/lib/sale/state";

/**
 * A chain that is still behind after this time, in milliseconds, has lost those blocks, as the sandbox's does when it is set back: what it answers
 * then counts. Elsewhere the node is stuck, and the state of before would have its user do again what is done (issue 13).
 */
const LOST_AFTER_MS = { sandbox: 5 * 60_000, elsewhere: 24 * 3_600_000 };

/** A block that later reads of the chain must have reached, and when the page first knew of it, in milliseconds. */
export interface Floor {
  block: number;
  since: number;
}

/** True if the chain has lost that block by `now` (milliseconds). */
export function isLost(chain: SaleChain, { since }: Floor, now: number): boolean {
  return now >= since + LOST_AFTER_MS[chain.sandboxWallet ? "sandbox" : "elsewhere"];
}

/** `own`: of the user's last transaction, without which an answer is behind. `seen`: the newest of any, which reads ask for. */
export type FloorKind = "own" | "seen";

function floorKey(viewKey: string, kind: FloorKind) {
  return [viewKey, "chainFloor", kind];
}

/** The floor of a user's reads, as far as the page knows one. */
export function floorOf(client: QueryClient, viewKey: string, kind: FloorKind): Floor | undefined {
  return client.getQueryData<Floor>(floorKey(viewKey, kind));
}

/** The same, for a part of the page that changes with it. */
export function useFloor(kind: FloorKind): Floor | undefined {
  const { viewKey } = useSessionStatus();
  return useCached((cache) => cache.find<Floor>({ queryKey: floorKey(viewKey, kind) })?.state.data, undefined);
}

function raise(client: QueryClient, viewKey: string, kind: FloorKind, floor: Floor): void {
  if (floor.block <= (floorOf(client, viewKey, kind)?.block ?? 0)) return;
  client.setQueryDefaults([viewKey, "chainFloor"], { gcTime: Infinity });
  client.setQueryData(floorKey(viewKey, kind), floor);
}

/**
 * Raises a floor, which never falls: of a state that an older head answers with, a person would do again what is done (issue 13). Kept as long as
 * the page: forgotten during an outage, the state of before would count again. The user's own block has been seen, too.
 */
export function raiseFloor(client: QueryClient, viewKey: string, kind: FloorKind, floor: Floor): void {
  if (kind === "own") raise(client, viewKey, "own", floor);
  raise(client, viewKey, "seen", floor);
}

/** The key of the block of this user's last transaction, for after a reload and for other tabs. */
function storedKey({ chainId, contract }: SaleChain, viewKey: string): string {
  return `${SEEN_PREFIX}:${viewKey}:${chainId}:${contract.toLowerCase()}`;
}

function storedFloor(chain: SaleChain, viewKey: string): Floor | undefined {
  const text = readStoredText(storedKey(chain, viewKey)) ?? "";
  const [block = NaN, since = NaN] = text.split(":").map(Number);
  const isWhole = Number.isSafeInteger(block) && Number.isSafeInteger(since);
  return isWhole && !isLost(chain, { block, since }, Date.now()) ? { block, since } : undefined;
}

/** Keeps the block of the user's last transaction for after a reload and for other tabs. */
export function storeFloor(chain: SaleChain, viewKey: string, { block, since }: Floor): void {
  if (block > (storedFloor(chain, viewKey)?.block ?? -1))
    writeStoredText(storedKey(chain, viewKey), `${block}:${since}`);
}

/** Takes over the block of the user's last transaction that a page before this one, or another tab, has stored. */
export function restoreFloor(client: QueryClient, chain: SaleChain | undefined, viewKey: string): void {
  const stored = chain && storedFloor(chain, viewKey);
  if (stored) raiseFloor(client, viewKey, "own", stored);
}

/** Does so when this part of the page is there, and calls `onRestored` afterwards. */
export function useStoredFloor(client: QueryClient, chain: SaleChain | undefined, onRestored?: () => void): void {
  const { viewKey } = useSessionStatus();
  const restore = useEffectEvent(() => {
    restoreFloor(client, chain, viewKey);
    onRestored?.();
  });
  // After the first render, which has to be as the server's.
  useEffect(() => restore(), [viewKey]);
}
