"use client";

import { useEffect, useState } from "react";

/** The time in milliseconds since 1970: first what the server rendered with, then the browser's clock every `everyMs`. */
export function useNow(renderedAt: number, everyMs: number): number {
  const [now, setNow] = useState(renderedAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
