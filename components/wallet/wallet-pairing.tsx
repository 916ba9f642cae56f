"use client";

import { useEffect, useRef, useState } from "react";
import { encode } from "uqr";
import { Button } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/link";
import { copyText } from "@/components/wallet/address";
import { useAnnounce } from "@/hooks/use-announcer";

/** One path for all dark modules: each is a square of side 1, and those beside each other are one rectangle. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => {
      const starts = row.flatMap((dark, x) => (dark && !row[x - 1] ? [x] : []));
      return starts.map((x) => {
        const end = row.indexOf(false, x);
        return `M${x} ${y}h${(end === -1 ? row.length : end) - x}v1H${x}z`;
      });
    })
    .join("");
}

/** A QR code, dark on white in both colour schemes: cameras and wallets read no other. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: "L", border: 2 });
  return (
    <svg
      role="img"
      aria-label="QR code for the wallet on your phone"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="mx-auto block aspect-square w-full max-w-64 rounded-md border border-line [forced-color-adjust:none]"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(data)} fill="#000" />
    </svg>
  );
}

/** The link to show, and the way back. */
export interface WalletPairingProps {
  /** The link (`wc:`) that the wallet has to read. */
  uri: string;
  /** Shows the list of wallets again. */
  onLeave: () => void;
}

/** The ways to give WalletConnect's link to a wallet: a code to scan, a link to copy, and on a phone a link that opens the wallet. */
export default function WalletPairing({ uri, onLeave }: WalletPairingProps) {
  const [label, setLabel] = useState("Copy the link");
  const copyButton = useRef<HTMLButtonElement>(null);
  const announce = useAnnounce();
  useEffect(() => copyButton.current?.focus({ preventScroll: true }), []);

  async function copy() {
    const copied = await copyText(uri);
    setLabel(copied ? "Copied" : "Could not copy");
    announce(copied ? "The link is copied." : "The link could not be copied.");
  }

  return (
    <div className="grid gap-4">
      <QrCode text={uri} />
      <div className="flex flex-wrap gap-2">
        <span className="hidden pointer-coarse:inline-flex">
          <a href={uri} className={buttonClass("primary")}>
            Open in wallet app
          </a>
        </span>
        <Button ref={copyButton} onClick={() => void copy()}>
          {label}
        </Button>
        <Button onClick={onLeave}>Other wallets</Button>
      </div>
    </div>
  );
}
