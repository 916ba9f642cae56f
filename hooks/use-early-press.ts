"use client";

import { useEffect, useRef, type RefObject } from "react";
import { useHydrated } from "@/hooks/use-seeded-query";
import { WAITS } from "@/lib/early-presses";

/**
 * Takes the press of a control that was made before its script ran. The control may be another element by now: a part of the page that streams
 * in replaces the one that held its place, and then the name tells that it is the same.
 */
function takePress(control: Element, name: string): boolean {
  const presses = window.earlyPresses;
  if (!presses) return false;
  for (const [pressed, known] of presses) {
    if (pressed !== control && (pressed.isConnected || known !== (name || control.textContent))) continue;
    pressed.removeAttribute("data-pressed");
    return presses.delete(pressed);
  }
  return false;
}

interface EarlyPress {
  /** To be spread on the control. */
  waits: { [WAITS]?: string };
  /** Forgets the press, because the browser has delivered it after all. */
  forget: () => void;
}

/**
 * Runs `replay` once the control is hydrated, if it was pressed before. React delivers some of these presses itself, in the same task; hence the
 * replay waits for the next one, and does nothing after `forget`. `name` is for a control whose text changes.
 */
export function useEarlyPress(control: RefObject<HTMLElement | null>, replay: () => void, name = ""): EarlyPress {
  const hydrated = useHydrated();
  const latest = useRef(replay);
  useEffect(() => void (latest.current = replay));
  useEffect(() => {
    if (!hydrated) return;
    const timer = setTimeout(() => {
      if (control.current && takePress(control.current, name)) latest.current();
    });
    return () => clearTimeout(timer);
  }, [control, hydrated, name]);
  return {
    waits: hydrated ? {} : { [WAITS]: name },
    forget: () => void (control.current && takePress(control.current, name)),
  };
}
