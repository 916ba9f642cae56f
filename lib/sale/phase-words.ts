import type { SalePhase } from "@/lib/sale/phase";

interface PhaseWords {
  title: string;
  sentence: string;
}

/** What the banner says of each phase. */
export const PHASE_WORDS: Record<SalePhase["kind"], PhaseWords> = {
  "not-open": { title: "Not open yet", sentence: "The sale has not been opened." },
  commitment: {
    title: "Commitment stage",
    sentence: "Each participant's permit says from when and until when commitments are taken.",
  },
  "opens-later": { title: "Opens soon", sentence: "Commitments are taken from the opening time on." },
  open: { title: "Commitment open", sentence: "Commitments are taken now. They can be raised, and not lowered." },
  closed: { title: "Commitment closed", sentence: "The time for commitments is over." },
  paused: { title: "Paused", sentence: "The sale is paused; nothing can be sent to it for now. Your money is safe." },
  cancellation: {
    title: "Cancellation open",
    sentence: "A commitment can be cancelled now. That is final: all of it is paid back, and no new one can be made.",
  },
  settlement: { title: "Settlement", sentence: "Allocations are being decided. There is nothing to do now." },
  done: { title: "Finished", sentence: "The sale has ended. What was not accepted is paid back." },
};

const UNITS = [
  { seconds: 86_400n, sign: "d" },
  { seconds: 3_600n, sign: "h" },
  { seconds: 60n, sign: "min" },
] as const;

/** A time span in its two greatest units, rounded down, e.g. "3 d 4 h"; below a minute in words. Negative is none left. */
export function formatTimeLeft(seconds: bigint): string {
  let rest = seconds;
  const parts = UNITS.map(({ seconds: unit, sign }) => {
    const count = rest / unit;
    rest %= unit;
    return { count, text: `${count} ${sign}` };
  });
  const first = parts.findIndex(({ count }) => count > 0n);
  if (first < 0) return "less than a minute";
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0n);
  return shown.map(({ text }) => text).join(" ");
}
