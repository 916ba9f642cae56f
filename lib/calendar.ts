const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// Written out here and not by Intl, whose texts differ between the server's and the browser's version of it and would make the first
// render disagree.

/** The time since something, in one unit. A clock that is ahead of ours gives "now", never a negative time. */
export function formatAgo(ms: number): string {
  if (ms < MINUTE) return "now";
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

/** The day of an ISO 8601 time in UTC, e.g. "4 May 2026"; text that is no time is returned as it came. */
export function formatDay(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** A moment in UTC to the minute, e.g. "4 May 2026, 09:30 UTC"; text that is no time is returned as it came. */
export function formatMinute(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${formatDay(iso)}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** The start of the year 10000 in Unix seconds. A later time means "no end", and no calendar could write it. */
export const YEAR_10000 = 253_402_300_800n;

/**
 * A time in Unix seconds in the form of `formatMinute`. In UTC and independent of the locale, so that server and browser render the same text
 * and two people can compare it. A time after the year 9999 ("no end") is shown as that year's last minute.
 */
export function formatUtc(seconds: bigint): string {
  const shown = seconds < YEAR_10000 ? seconds : YEAR_10000 - 1n;
  return formatMinute(new Date(Number(shown) * 1000).toISOString());
}

/** A time in milliseconds since 1970 in the form of `formatUtc`. */
export function formatUtcMs(ms: number): string {
  return formatUtc(BigInt(Math.floor(ms / 1000)));
}

/**
 * A time (milliseconds since 1970) on a clock that differs from UTC, e.g. "19:00", with the day where that is another one than in UTC.
 * `behindUtc` is in minutes, as `getTimezoneOffset` has it. Undefined for a clock that shows UTC: then there is nothing to add.
 */
export function formatOwnTime(ms: number, behindUtc: number): string | undefined {
  if (behindUtc === 0) return undefined;
  const own = new Date(ms - behindUtc * MINUTE).toISOString();
  const clock = own.slice(11, 16);
  const isSameDay = own.slice(0, 10) === new Date(ms).toISOString().slice(0, 10);
  return isSameDay ? clock : `${formatDay(own).replace(/ \d+$/, "")}, ${clock}`;
}

const DAY_SECONDS = 86_400;

/**
 * A mark of the time axis, in UTC like every time of this page: the day, e.g. "21 Nov", or within a day the hour, with the day at the first
 * mark. `step` is the distance between two marks in seconds.
 */
export function formatChartTime(time: number, step: number, index: number): string {
  const iso = new Date(time * 1000).toISOString();
  const day = formatDay(iso).replace(/ \d+$/, "");
  if (step >= DAY_SECONDS) return day;
  const isMidnight = time % DAY_SECONDS === 0;
  return isMidnight || (index === 0 && step > DAY_SECONDS / 4) ? day : iso.slice(11, 16);
}
