import { formatDay } from "@/components/calendar";

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
