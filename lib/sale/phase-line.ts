import type { SalePhase } from "@/lib/sale/phase";
import { formatTimeLeft } from "@/lib/sale/phase-words";

/** How long this phase lasts, e.g. "closes in 3 d 4 h"; undefined where nobody knows. */
export function timeLeftLine(phase: SalePhase): string | undefined {
  if (phase.kind === "opens-later") return `opens in ${formatTimeLeft(phase.secondsLeft)}`;
  if (phase.kind !== "open" || phase.secondsLeft === undefined) return undefined;
  return `closes in ${formatTimeLeft(phase.secondsLeft)}`;
}
