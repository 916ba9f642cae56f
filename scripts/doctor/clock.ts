import { fix, ok, type ClockReading, type Finding } from "@/scripts/doctor/finding";

/** Refresh leases of several instances allow for this much (docs/going-live.md), in milliseconds. */
export const TOLERANCE_MS = 5_000;

const SUBJECT = "clock";

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
  if (wrong.length === 0) return [ok(SUBJECT, `agrees with ${readings.map(({ of }) => of).join(" and ")}.`)];
  if (wrong.length < readings.length)
    return wrong.map(({ of, offset }) =>
      fix(
        SUBJECT,
        `${of} is ${described(offset)}, and the others agree with this machine. If it is yours, correct its clock (NTP).`,
      ),
    );
  const [{ of, offset }] = wrong as [ClockReading];
  return [
    fix(
      SUBJECT,
      `this machine is ${described(-offset)} compared with ${of}. Switch on time synchronisation (NTP): sessions, permits and tokens depend on it.`,
    ),
  ];
}
