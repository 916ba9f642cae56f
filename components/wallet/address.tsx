"use client";

import { useEffect, useRef, useState } from "react";
import { Check, Copy, X } from "lucide-react";
import { ExternalLink } from "@/components/ui/link";
import { useAnnounce } from "@/hooks/use-announcer";
import { useEarlyPress } from "@/hooks/use-early-press";
import { shortenAddress } from "@/lib/sale/hex";

type CopyState = "idle" | "copied" | "failed";

const SHOWN_FOR_MS = 2000;
const ICONS = { idle: Copy, copied: Check, failed: X };

/** In milliseconds. A browser may ask the user for permission, and some never answer. */
const CLIPBOARD_PATIENCE_MS = 3_000;

/** Copies a text to the clipboard. False if the browser has none on this page (plain http), refuses, or does not answer. */
export async function copyText(text: string): Promise<boolean> {
  const patience = new Promise<false>((resolve) => setTimeout(() => resolve(false), CLIPBOARD_PATIENCE_MS));
  const copied = async () => {
    await navigator.clipboard.writeText(text);
    return true;
  };
  return Promise.race([copied(), patience]).catch(() => false);
}

/** Copies `text` to the clipboard and says whether that worked. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<CopyState>("idle");
  const announce = useAnnounce();
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const button = useRef<HTMLButtonElement>(null);
  const early = useEarlyPress(button, () => void copy(), label);

  async function copy() {
    early.forget();
    const copied = await copyText(text);
    setState(copied ? "copied" : "failed");
    announce(copied ? `The ${label} is copied.` : `The ${label} could not be copied.`);
  }

  const Icon = ICONS[state];
  return (
    <button
      type="button"
      {...early.waits}
      ref={button}
      onClick={copy}
      aria-label={`Copy ${label}`}
      className="inline-grid size-7 shrink-0 cursor-pointer place-items-center rounded-md border border-transparent text-text-quiet hover:bg-surface-sunken hover:text-text noscript:hidden print:hidden"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}

interface AddressProps {
  address: string;
  /** Names the address for the copy button, e.g. "contract address". */
  label: string;
  copyable?: boolean;
}

/** An address, shortened in the middle, where it breaks if a line is too short for it; in full on hover, for screen readers and on the clipboard. */
export function Address({ address, label, copyable = true }: AddressProps) {
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-1">
      <span translate="no" className="font-mono text-sm" title={address}>
        <span aria-hidden className="print:hidden">
          {shortenAddress(address)}
        </span>
        <span className="sr-only print:not-sr-only print:break-all">{address}</span>
      </span>
      {copyable && <CopyButton text={address} label={label} />}
    </span>
  );
}

/** A transaction: its page in the explorer, or its hash to copy if there is no explorer. Paper has the whole hash. */
export function TransactionLink({ hash, explorerUrl }: { hash: string; explorerUrl?: string }) {
  return (
    <>
      <span className="ml-2 inline-flex max-w-full flex-wrap items-center gap-1 text-sm print:hidden">
        {explorerUrl ? (
          <ExternalLink href={`${explorerUrl}/tx/${hash}`}>View transaction</ExternalLink>
        ) : (
          <>
            <span translate="no" className="font-mono" title={hash}>
              {shortenAddress(hash)}
            </span>
            <CopyButton text={hash} label="transaction hash" />
          </>
        )}
      </span>
      <span translate="no" aria-hidden className="hidden font-mono text-sm break-all print:inline">
        {hash}
      </span>
    </>
  );
}
