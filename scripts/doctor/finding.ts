/** One line of the report. "fix": something must be changed; "note": worth knowing, and no fault. */
export interface Finding {
  level: "ok" | "note" | "fix";
  subject: string;
  text: string;
}

/** Another machine's clock, read once. */
export interface ClockReading {
  /** The machine, as the report names it. */
  of: string;
  /** Its time minus ours, in milliseconds. */
  offset: number;
}

/** The result of one group of checks. */
export interface Examined {
  findings: Finding[];
  clocks?: ClockReading[];
}

/** A line for what is as it should be. */
export function ok(subject: string, text: string): Finding {
  return { level: "ok", subject, text };
}

/** A line for what is no fault, but worth knowing. */
export function note(subject: string, text: string): Finding {
  return { level: "note", subject, text };
}

/** A line for a fault. The text says what to do about it. */
export function fix(subject: string, text: string): Finding {
  return { level: "fix", subject, text };
}

/** The host of a URL. Nothing else of a URL is printed: RPC URLs carry keys, database URLs passwords. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an address that cannot be read";
}

const MARKS = { ok: "ok  ", note: "note", fix: "FIX " } as const;

/** The report as text: a line for each finding, and the number of those to fix. */
export function reportText(findings: readonly Finding[]): string {
  const lines = findings.map(({ level, subject, text }) => `${MARKS[level]}  ${subject}: ${text}`);
  const count = findings.filter(({ level }) => level === "fix").length;
  const summary = count === 0 ? "Nothing to fix." : `${count} to fix.`;
  return [...lines, summary].join("\n");
}

/** Refresh leases of several instances allow for this much (docs/going-live.md), in milliseconds. */
export const TOLERANCE_MS = 5_000;

const CLOCK = "clock";

function described(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const amount = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `${amount} ${ms > 0 ? "ahead" : "behind"}`;
}

/**
 * The line about this machine's clock. If another machine agrees with ours, the one that differs is wrong; if none does, ours is.
 * No line without a reading: other lines then say why nobody answered.
 */
export function clockFindings(readings: readonly ClockReading[]): Finding[] {
  if (readings.length === 0) return [];
  const wrong = readings.filter(({ offset }) => Math.abs(offset) > TOLERANCE_MS);
  if (wrong.length === 0) return [ok(CLOCK, `agrees with ${readings.map(({ of }) => of).join(" and ")}.`)];
  if (wrong.length < readings.length)
    return wrong.map(({ of, offset }) =>
      fix(
        CLOCK,
        `${of} is ${described(offset)}, and the others agree with this machine. If it is yours, correct its clock (NTP).`,
      ),
    );
  const [{ of, offset }] = wrong as [ClockReading];
  return [
    fix(
      CLOCK,
      `this machine is ${described(-offset)} compared with ${of}. Switch on time synchronisation (NTP): sessions, permits and tokens depend on it.`,
    ),
  ];
}
