"use client";

import { useCallback, useSyncExternalStore } from "react";

/** The event of this tab's own changes; the browser reports changes of other tabs by itself. */
const CHANGED = "stored-text-changed";

/** Text that this browser keeps for all its tabs. Storage can be blocked (private windows, settings): then there is none. */
export function readStoredText(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text over reloads and for other tabs; null removes it. False if the browser does not let it. */
export function writeStoredText(key: string, text: string | null): boolean {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  } finally {
    window.dispatchEvent(new Event(CHANGED));
  }
}

/** Removes every text whose key fits. */
export function removeStoredTexts(fits: (key: string) => boolean): void {
  try {
    for (const key of Object.keys(localStorage)) if (fits(key)) localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
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

/** The text under a key, whichever tab wrote it. The server has none. */
export function useStoredText(key: string): string | null {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => readStoredText(key), [key]),
    () => null,
  );
}
