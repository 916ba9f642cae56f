"use client";

import { useConnectionEnded } from "@/hooks/use-sonar-query";

/** The header's word on the connection to Sonar. `connected`: as the server knew it; a read of the page may have found that it has ended. */
export function ConnectionState({ connected }: { connected: boolean }) {
  const ended = useConnectionEnded();
  const isUp = connected && !ended;
  const text = connected && ended ? "Sonar connection ended" : `Sonar ${isUp ? "" : "not "}connected`;
  return (
    <span className="inline-flex items-center gap-2 text-sm text-text-quiet">
      <span
        aria-hidden
        className={`size-2 rounded-full border ${isUp ? "border-transparent bg-ok" : "border-control"}`}
      />
      <span className="max-sm:sr-only">{text}</span>
    </span>
  );
}
