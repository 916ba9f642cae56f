"use client";

import { useRef, useState } from "react";
import { useEarlyPress } from "@/hooks/use-early-press";

interface OnDemandProps {
  /** The short form, such as "1.23 M USDC". */
  short: string;
  /** The exact form. Screen readers get only this one. */
  exact: string;
}

/**
 * A short text whose exact form is shown under the pointer, and after a press by key, mouse or finger. The bubble takes no room: nothing moves
 * when it opens.
 */
export function OnDemand({ short, exact }: OnDemandProps) {
  const [hovered, setHovered] = useState(false);
  const [pinned, setPinned] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const early = useEarlyPress(button, () => setPinned(true));
  const press = () => {
    early.forget();
    setPinned(!pinned);
  };
  const close = () => {
    setHovered(false);
    setPinned(false);
  };
  return (
    <span className="relative inline-block" translate="no">
      <button
        type="button"
        {...early.waits}
        ref={button}
        className="cursor-help rounded-md border border-transparent underline decoration-control decoration-dotted underline-offset-4 tabular-nums"
        onPointerEnter={({ pointerType }) => setHovered(pointerType === "mouse")}
        onPointerLeave={() => setHovered(false)}
        onClick={press}
        onBlur={close}
        onKeyDown={({ key }) => key === "Escape" && close()}
      >
        <span aria-hidden>{short}</span>
        <span className="sr-only">{exact}</span>
      </button>
      {(hovered || pinned) && (
        <span
          aria-hidden
          className="absolute top-full left-0 z-10 mt-1 w-max max-w-[80vw] rounded-md border border-line bg-surface-raised px-2 py-1 text-sm font-normal text-text tabular-nums shadow-raised"
        >
          {exact}
        </span>
      )}
    </span>
  );
}
