"use client";

import { useHydrated } from "@/hooks/use-seeded-query";
import { formatAgo, formatOwnTime, formatUtcMs } from "@/lib/calendar";

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

interface MomentProps {
  /** Milliseconds since 1970. */
  at: number;
  /** Adds the visitor's own time once the page is hydrated: the server does not know it, and the first render must be the same on both. */
  own?: boolean;
}

/** A time in UTC, such as "20 Dec 2026, 18:00 UTC", and on demand of `own` also on the visitor's own clock: ", 19:00 your time". */
export function Moment({ at, own = false }: MomentProps) {
  const hydrated = useHydrated();
  const ownTime = own && hydrated ? formatOwnTime(at, new Date(at).getTimezoneOffset()) : undefined;
  return (
    <time dateTime={isoOf(at)} className="tabular-nums">
      <span>{formatUtcMs(at)}</span>
      {ownTime && <span>{`, ${ownTime} your time`}</span>}
    </time>
  );
}

interface AgoProps {
  /** Milliseconds since 1970. */
  at: number;
  /** The time now, on the clock of the server; see `useServerTime`. */
  now: number;
}

/** The time since something, such as "2 min ago"; the exact one under the pointer and for screen readers. Lists of it must not be a stop each. */
export function Ago({ at, now }: AgoProps) {
  const short = formatAgo(now - at);
  const exact = formatUtcMs(at);
  return (
    <time dateTime={isoOf(at)} title={exact} className="whitespace-nowrap tabular-nums">
      <span aria-hidden>{short === "now" ? short : `${short} ago`}</span>
      <span className="sr-only">{exact}</span>
    </time>
  );
}
