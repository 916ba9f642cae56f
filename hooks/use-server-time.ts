"use client";

import { useEffect, useState } from "react";

/** The server's clock minus this browser's, in milliseconds, by the latest answer. A visitor's clock may be wrong by days; its pace is not. */
let offset: number | undefined;

/** The server's time now, in milliseconds since 1970. Before any answer has told it, the browser's. */
export function serverNow(): number {
  return serverTimeOf(Date.now());
}

/** A time of this browser's clock on the server's; both in milliseconds since 1970. */
export function serverTimeOf(browserTime: number): number {
  return browserTime + (offset ?? 0);
}

/** Learns the server's time from an answer. A cache in front of the app says for how many seconds it has kept the answer. */
export function noteServerTime({ headers }: Response): void {
  const sentAt = Date.parse(headers.get("date") ?? "");
  const keptFor = Number(headers.get("age") ?? 0) * 1000;
  if (Number.isFinite(sentAt + keptFor)) offset = sentAt + keptFor - Date.now();
}

/** In milliseconds: often enough for a page that tells times to the minute. */
export const PAGE_CLOCK_MS = 30_000;

/**
 * The server's time in milliseconds since 1970: first that of the rendering, so that the server and the browser render the same text, then
 * renewed every `everyMs`.
 */
export function useServerTime(renderedAt: number, everyMs: number): number {
  const [now, setNow] = useState(renderedAt);
  useEffect(() => {
    offset ??= renderedAt - Date.now();
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [renderedAt, everyMs]);
  return now;
}
