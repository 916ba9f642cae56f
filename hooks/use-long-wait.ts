"use client";

import { useEffect, useState } from "react";
import { passedSince, thisMoment } from "@/lib/http/deadline";

/** Milliseconds between two looks at the clock: timers alone are slowed down in a hidden tab, and stand still with the machine. */
const LOOK_EVERY_MS = 5_000;

/** True once the page has waited `limitMs` milliseconds for `what`; false while it waits for nothing. A new `what` is a new wait. */
export function useLongWait(what: string | undefined, limitMs: number): boolean {
  const [long, setLong] = useState<string>();
  useEffect(() => {
    if (what === undefined) return;
    const began = thisMoment();
    const look = () => setLong(passedSince(began) >= limitMs ? what : undefined);
    const timer = setInterval(look, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      setLong(undefined);
    };
  }, [what, limitMs]);
  return what !== undefined && long === what;
}
