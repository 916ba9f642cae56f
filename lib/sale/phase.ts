import { YEAR_10000 } from "@/lib/calendar";
import { MAX_UINT64 } from "@/lib/sale/money";
import type { SaleStage } from "@/lib/sale/state";

/** Commitments are allowed in [opensAt, closesAt), in Unix seconds: as the entity's permit says, or without one as announced. */
export interface SaleWindow {
  opensAt: bigint;
  closesAt: bigint;
}

/** The contract's answer, and its time. */
export interface PhaseInput {
  stage: SaleStage;
  paused: boolean;
  pausedBySite?: boolean;
  /** Absent while no permit has been issued and no times are announced. */
  window?: SaleWindow;
  /** Unix seconds of the latest block: the contract measures the window by it, and a visitor's clock may be wrong. */
  now: bigint;
}

/**
 * The phase of a sale. `secondsLeft` counts until it opens or closes, and is absent when no end is known. `commitment` is the stage of that
 * name while no window is known. `paused` is the contract's own pause, which stops everything; `paused-by-site` stops new commitments only.
 */
export type SalePhase =
  | {
      kind: "not-open" | "commitment" | "closed" | "paused" | "paused-by-site" | "cancellation" | "settlement" | "done";
    }
  | { kind: "opens-later"; opensAt: bigint; secondsLeft: bigint }
  | { kind: "open"; closesAt?: bigint; secondsLeft?: bigint };

function commitmentPhase(window: SaleWindow | undefined, now: bigint): SalePhase {
  if (!window) return { kind: "commitment" };
  const { opensAt, closesAt } = window;
  if (closesAt <= opensAt || now >= closesAt) return { kind: "closed" };
  if (now < opensAt) return { kind: "opens-later", opensAt, secondsLeft: opensAt - now };
  return closesAt >= YEAR_10000 ? { kind: "open" } : { kind: "open", closesAt, secondsLeft: closesAt - now };
}

const IN_COMMITMENT: ReadonlySet<SalePhase["kind"]> = new Set(["commitment", "opens-later", "open", "closed"]);

/** True while the contract itself accepts commitments: then an entity's own permit decides, whatever was announced. */
export function isCommitmentStage({ kind }: SalePhase): boolean {
  return IN_COMMITMENT.has(kind);
}

/** True while commitments are paused, by the contract or by this site: they may be possible again at any moment. */
export function isPaused({ kind }: SalePhase): boolean {
  return kind === "paused" || kind === "paused-by-site";
}

/**
 * The phase of the sale. The stage alone does not show whether it is open: contracts are put into Commitment right after they are deployed,
 * long before the sale, and the window opens and closes it (sonar.md 4.1).
 */
export function salePhase({ stage, paused, pausedBySite, window, now }: PhaseInput): SalePhase {
  if (paused) return { kind: "paused" };
  switch (stage) {
    case "pre-open":
      return { kind: "not-open" };
    case "commitment":
      return pausedBySite ? { kind: "paused-by-site" } : commitmentPhase(window, now);
    case "cancellation":
    case "settlement":
    case "done":
      return { kind: stage };
  }
}

function unixSeconds(ms: number): bigint {
  return BigInt(Math.floor(ms / 1000));
}

/**
 * The window that the operator announced (SALE_OPENS_AT, SALE_CLOSES_AT; milliseconds since 1970), used while no permit is known: a permit
 * has a window of its own. Undefined where no time is announced, since a guess about a deadline is worse than none.
 */
export function announcedWindow(times: { opensAt?: number; closesAt?: number }): SaleWindow | undefined {
  const { opensAt, closesAt } = times;
  if (opensAt === undefined && closesAt === undefined) return undefined;
  return {
    opensAt: opensAt === undefined ? 0n : unixSeconds(opensAt),
    closesAt: closesAt === undefined ? MAX_UINT64 : unixSeconds(closesAt),
  };
}

interface PhaseWords {
  title: string;
  /** Beside the title where no deadline is known. */
  short: string;
  sentence: string;
}

/** The words for each phase. */
export const PHASE_WORDS: Record<SalePhase["kind"], PhaseWords> = {
  "not-open": { title: "Not open yet", short: "no time is announced", sentence: "The sale has not opened yet." },
  commitment: {
    title: "Commitment stage",
    short: "no end is announced",
    sentence: "Sonar sets when each entity can commit.",
  },
  "opens-later": {
    title: "Opens later",
    short: "no time is announced",
    sentence: "You can commit once the sale opens.",
  },
  open: {
    title: "Open",
    short: "no end is announced",
    sentence: "Open now. You can increase your commitment, but not reduce it.",
  },
  closed: { title: "Closed", short: "no commitments any more", sentence: "The commitment period has ended." },
  paused: {
    title: "Paused",
    short: "until it resumes",
    sentence:
      "The sale is paused. You cannot commit, cancel or claim until it resumes. Existing commitments are unchanged.",
  },
  "paused-by-site": {
    title: "Commitments paused",
    short: "until they resume",
    sentence:
      "This site has paused new commitments. Commitments already made are unchanged. Cancelling and refunds are not affected.",
  },
  cancellation: {
    title: "Cancellation open",
    short: "commitments can be cancelled",
    sentence:
      "You can cancel your commitment now. Cancelling is final: all that was not accepted is paid back, and you cannot commit again.",
  },
  settlement: {
    title: "Settlement",
    short: "allocations are being decided",
    sentence: "Allocations are being decided. You do not need to do anything.",
  },
  done: {
    title: "Finished",
    short: "the sale has ended",
    sentence: "The sale has ended. Any amount that was not accepted is refunded.",
  },
};

const UNITS = [
  { seconds: 86_400n, sign: "d" },
  { seconds: 3_600n, sign: "h" },
  { seconds: 60n, sign: "min" },
] as const;

/** A time span in its two greatest units, rounded down, e.g. "3 d 4 h". Below a minute, and for a negative span, words. */
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

/** The moment that matters in a phase, with the words before it, e.g. "until" in "Open until 20 Dec 2026, 18:00 UTC". */
export interface SaleDeadline {
  words: string;
  /** Unix seconds. */
  at: bigint;
  /** "closes in 3 d 4 h"; absent once it has passed, and where something else than time decides. */
  timeLeft?: string;
}

function toOpening(words: string, opensAt: bigint, now: bigint): SaleDeadline {
  return { words, at: opensAt, timeLeft: `opens in ${formatTimeLeft(opensAt - now)}` };
}

function toClosing(words: string, closesAt: bigint, now: bigint): SaleDeadline {
  return { words, at: closesAt, timeLeft: `closes in ${formatTimeLeft(closesAt - now)}` };
}

/** The next moment of the window while the sale is not running, whatever the reason. */
function nextMoment({ opensAt, closesAt }: SaleWindow, now: bigint): SaleDeadline {
  if (now < opensAt) return toOpening("· opens on", opensAt, now);
  return now < closesAt ? toClosing("· closes on", closesAt, now) : { words: "· closed on", at: closesAt };
}

/** After the commitments, the stage decides: it may come before the window's end. */
function endOfCommitments({ closesAt }: SaleWindow, now: bigint): SaleDeadline {
  return { words: now < closesAt ? "· commitments were planned until" : "· commitments closed on", at: closesAt };
}

/** The moment that matters now; undefined without a window, or if it has no end. `now` in Unix seconds. */
export function saleDeadline(
  { kind }: SalePhase,
  window: SaleWindow | undefined,
  now: bigint,
): SaleDeadline | undefined {
  if (!window) return undefined;
  const { opensAt, closesAt } = window;
  if (now >= opensAt && closesAt >= YEAR_10000) return undefined;
  switch (kind) {
    case "open":
      return toClosing("until", closesAt, now);
    case "opens-later":
      return toOpening("on", opensAt, now);
    case "closed":
      return { words: "on", at: closesAt };
    case "not-open":
    case "paused":
    case "paused-by-site":
    case "commitment":
      return nextMoment(window, now);
    case "cancellation":
    case "settlement":
    case "done":
      return endOfCommitments(window, now);
  }
}

/**
 * The phase and its deadline before there is a contract, by the announced times and the page's clock, all in milliseconds since 1970. Undefined
 * where no time is announced.
 */
export function announcedPhase(
  times: { opensAt?: number; closesAt?: number },
  now: number,
): { phase: SalePhase; deadline?: SaleDeadline } | undefined {
  const window = announcedWindow(times);
  if (!window) return undefined;
  const seconds = unixSeconds(now);
  const phase = salePhase({ stage: "commitment", paused: false, window, now: seconds });
  return { phase, deadline: saleDeadline(phase, window, seconds) };
}
