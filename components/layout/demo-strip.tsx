"use client";

import { useEffect } from "react";
import { SandboxLine } from "@/components/layout/header";
import { reloadPage } from "@/hooks/page-provider";
import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { PENDING_PREFIX, UNLISTED_PREFIX } from "@/lib/purchase/pending";

interface DemoStripProps {
  /** Unix milliseconds: when this sale began. */
  startedAt: number;
  /** Unix milliseconds. */
  nextReset?: number;
  /** The server's time when it rendered the page, in Unix milliseconds: the browser's clock may be wrong. */
  now: number;
}

/** In UTC, like every time of this page. */
function timeOfDay(time: number): string {
  return `${new Date(time).toISOString().slice(11, 16)} UTC`;
}

/** Milliseconds in which a page says that the sale has just been reset. */
const NEWS_MS = 5 * 60_000;

/**
 * The least time before a page asks whether the sale has started anew, and the time over which the pages spread that, in milliseconds. The
 * reset may be late, because it waits for the wallets that are being funded.
 */
const RESET_MS = 3_000;
const SPREAD_MS = 5_000;

/** The records of transactions in this browser: see `pendingKey`, and `useUnlistedCommitments`. */
const TRANSACTION_KEYS = [PENDING_PREFIX, UNLISTED_PREFIX];

/** Notes which sale a storage is about. True once for a storage that knew an earlier one, whose transactions it then forgets. */
function leavesEarlierSale(storage: Storage, startedAt: number): boolean {
  const known = storage.getItem(SANDBOX_DEMO_STORAGE.sale);
  storage.setItem(SANDBOX_DEMO_STORAGE.sale, String(startedAt));
  if (known === null || known === String(startedAt)) return false;
  for (const key of Object.keys(storage))
    if (TRANSACTION_KEYS.some((prefix) => key.startsWith(prefix))) storage.removeItem(key);
  return true;
}

/** True for a browser that knew an earlier sale. Its transactions no longer exist: a page would wait for them forever. */
function knewEarlierSale(startedAt: number): boolean {
  const storages = [() => localStorage, () => sessionStorage].map((open) => {
    try {
      return leavesEarlierSale(open(), startedAt);
    } catch {
      // This storage is blocked, so that nothing was remembered in it.
      return false;
    }
  });
  return storages.includes(true);
}

/** Loads the page again when the sale has started anew. A sleeping computer's timers stand still, so waking up counts too. */
function reloadAt(time: number): () => void {
  const timer = setTimeout(reloadPage, Math.max(0, time - Date.now()));
  const wake = () => {
    if (document.visibilityState === "visible" && Date.now() > time) reloadPage();
  };
  document.addEventListener("visibilitychange", wake);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
  };
}

/** Above every page of a public demo: nobody may mistake it for a real sale, or be surprised by the reset. */
export function DemoStrip({ startedAt, nextReset, now }: DemoStripProps) {
  useEffect(() => {
    if (knewEarlierSale(startedAt)) reloadPage();
  }, [startedAt]);
  useEffect(() => {
    if (nextReset === undefined) return;
    return reloadAt(Date.now() + Math.max(0, nextReset - now) + RESET_MS + Math.random() * SPREAD_MS);
  }, [nextReset, now]);
  return (
    <SandboxLine>
      <p>
        <span>{"Public demo: nothing here is real. "}</span>
        {now - startedAt < NEWS_MS && <span>{"The sale was reset a moment ago, and all commitments with it. "}</span>}
        {nextReset !== undefined && <span>{`Next reset: ${timeOfDay(nextReset)}.`}</span>}
      </p>
    </SandboxLine>
  );
}
