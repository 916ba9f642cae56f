import type { SaleStage } from "@/lib/sale/state";

/** Commitments are allowed in [opensAt, closesAt); Unix seconds, of the entity's permit or, where there is none, as announced. */
export interface SaleWindow {
  opensAt: bigint;
  closesAt: bigint;
}

/** What the contract says, and when. */
export interface PhaseInput {
  stage: SaleStage;
  paused: boolean;
  /** Absent while no permit has been issued and the sale names no times. */
  window?: SaleWindow;
  /** Unix seconds of the latest block: the contract measures the window by it, and a visitor's clock may be wrong. */
  now: bigint;
}

/**
 * What the sale is doing. `secondsLeft` until it opens or closes; absent when no end is known. `commitment`: the stage for it, and nobody
 * knows here whether it is the time too.
 */
export type SalePhase =
  | { kind: "not-open" | "commitment" | "closed" | "paused" | "cancellation" | "settlement" | "done" }
  | { kind: "opens-later"; opensAt: bigint; secondsLeft: bigint }
  | { kind: "open"; closesAt?: bigint; secondsLeft?: bigint };

/** The year 10000. A later end means "no end", and no calendar could write it. */
const NO_END = 253_402_300_800n;

function commitmentPhase(window: SaleWindow | undefined, now: bigint): SalePhase {
  if (!window) return { kind: "commitment" };
  const { opensAt, closesAt } = window;
  if (closesAt <= opensAt || now >= closesAt) return { kind: "closed" };
  if (now < opensAt) return { kind: "opens-later", opensAt, secondsLeft: opensAt - now };
  return closesAt >= NO_END ? { kind: "open" } : { kind: "open", closesAt, secondsLeft: closesAt - now };
}

const IN_COMMITMENT: ReadonlySet<SalePhase["kind"]> = new Set(["commitment", "opens-later", "open", "closed"]);

/** Whether the contract itself takes commitments: then an entity's own permit decides, whatever was announced. */
export function isCommitmentStage({ kind }: SalePhase): boolean {
  return IN_COMMITMENT.has(kind);
}

/**
 * The phase of the sale. The stage alone does not tell whether it is open: contracts are put into Commitment right after they are
 * deployed, long before the sale, and it is the window that opens and closes it (sonar.md 4.1).
 */
export function salePhase({ stage, paused, window, now }: PhaseInput): SalePhase {
  if (paused) return { kind: "paused" };
  switch (stage) {
    case "pre-open":
      return { kind: "not-open" };
    case "commitment":
      return commitmentPhase(window, now);
    case "cancellation":
    case "settlement":
    case "done":
      return { kind: stage };
  }
}

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

/** How long this phase lasts, e.g. "closes in 3 d 4 h"; undefined where nobody knows. */
export function timeLeftLine(phase: SalePhase): string | undefined {
  if (phase.kind === "opens-later") return `opens in ${formatTimeLeft(phase.secondsLeft)}`;
  if (phase.kind !== "open" || phase.secondsLeft === undefined) return undefined;
  return `closes in ${formatTimeLeft(phase.secondsLeft)}`;
}

/** The last second that a calendar of four-digit years can write. */
const LAST_MOMENT = 253_402_300_799n;

/**
 * A moment in Unix seconds, e.g. "2026-12-01 12:00 UTC". In UTC and not the locale's way, so that server and browser render the same text
 * and two people can compare it. What lies beyond the year 9999 ("no end") is shown as its last minute.
 */
export function formatUtc(seconds: bigint): string {
  const shown = seconds > LAST_MOMENT ? LAST_MOMENT : seconds;
  return `${new Date(Number(shown) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Stands for "no end". */
const FAR_AWAY = 2n ** 64n - 1n;

function seconds(ms: number): bigint {
  return BigInt(Math.floor(ms / 1000));
}

/**
 * The window that the operator has announced (SALE_OPENS_AT, SALE_CLOSES_AT; milliseconds since 1970), for where no permit of an entity is
 * known: that one's own window counts. Undefined where no time is announced: a guess about a deadline is worse than silence.
 */
export function announcedWindow(times: { opensAt?: number; closesAt?: number }): SaleWindow | undefined {
  const { opensAt, closesAt } = times;
  if (opensAt === undefined && closesAt === undefined) return undefined;
  return {
    opensAt: opensAt === undefined ? 0n : seconds(opensAt),
    closesAt: closesAt === undefined ? FAR_AWAY : seconds(closesAt),
  };
}
