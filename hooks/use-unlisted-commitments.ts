"use client";

import { useMemo, useSyncExternalStore } from "react";
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

/** Remembers, over a reload of this tab, a commitment that the chain has confirmed. */
export function rememberUnlisted(commitment: UnlistedCommitment): void {
  const others = parseUnlisted(readText()).filter(({ entityId }) => entityId !== commitment.entityId);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...others, commitment]));
  } catch {
    return;
  }
  window.dispatchEvent(new Event(CHANGED));
}

/** The commitments that this tab has seen confirmed; `notYetListed` tells which of them Sonar's list does not show yet. */
export function useUnlistedCommitments(): UnlistedCommitment[] {
  const text = useSyncExternalStore(subscribe, readText, () => null);
  return useMemo(() => parseUnlisted(text), [text]);
}
