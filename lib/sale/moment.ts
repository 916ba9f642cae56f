/** The last second that a calendar of four-digit years can write. */
const LAST_MOMENT = 253_402_300_799n;

/**
 * A moment in Unix seconds, e.g. "2026-12-01 12:00 UTC". In UTC and not the locale's way, so that server and browser render the same text
 * and two people can compare it. What lies beyond the year 9999 ("no end") is shown as its last minute.
 */
export function formatMoment(seconds: bigint): string {
  const shown = seconds > LAST_MOMENT ? LAST_MOMENT : seconds;
  return `${new Date(Number(shown) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
