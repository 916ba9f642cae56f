import type { ReactNode } from "react";
import type { Tone } from "@/lib/sonar/entity-state";
import { TONE_SURFACE } from "@/components/ui/tone";

/** A state in one or two words. The words carry the meaning, the tone only supports them. */
export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex shrink-0 items-center rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${TONE_SURFACE[tone]}`}
    >
      {children}
    </span>
  );
}
