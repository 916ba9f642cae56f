"use client";

import { useEffect, useState } from "react";
import { Check, Copy, X } from "lucide-react";

type CopyState = "idle" | "copied" | "failed";

const SHOWN_FOR_MS = 2000;
const ICONS = { idle: Copy, copied: Check, failed: X };
const ANNOUNCEMENTS: Record<CopyState, string> = { idle: "", copied: "Copied.", failed: "Could not copy." };

/** Puts `text` on the clipboard and says whether that worked: browsers refuse it on plain http. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<CopyState>("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
  }

  const Icon = ICONS[state];
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`Copy ${label}`}
      className="inline-grid size-7 shrink-0 cursor-pointer place-items-center rounded-md text-text-quiet hover:bg-surface-sunken hover:text-text noscript:hidden"
    >
      <Icon aria-hidden className="size-3.5" />
      <span role="status" className="sr-only">
        {ANNOUNCEMENTS[state]}
      </span>
    </button>
  );
}
