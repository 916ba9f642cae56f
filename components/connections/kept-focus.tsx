"use client";

import { useEffect, useRef, type ReactNode } from "react";

interface KeptFocusProps {
  /** What is shown; when it changes, what had the focus may be gone. */
  shows: string;
  children: ReactNode;
}

/** Takes the focus over from a button that its own press has removed: else it would fall back to the top of the page. */
export function KeptFocus({ shows, children }: KeptFocusProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef(shows);

  useEffect(() => {
    const changed = shown.current !== shows;
    shown.current = shows;
    if (changed && document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [shows]);

  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      {children}
    </div>
  );
}
