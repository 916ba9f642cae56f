"use client";

import { useEffect } from "react";
import { SandboxLine } from "@/components/layout/sandbox-strip";
import { reloadPage } from "@/hooks/page-provider";
import { useEarlierSale } from "@/hooks/use-earlier-sale";

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
  useEarlierSale(startedAt);
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
