import "server-only";
import ical, { ICalAlarmType } from "ical-generator";
import { formatUtc, YEAR_10000 } from "@/lib/calendar";

/** The facts of the event. */
export interface DeadlineEvent {
  /** The sale's name. */
  name: string;
  saleUUID: string;
  /** Milliseconds since 1970. */
  closesAt: number;
  /** The address of this site. */
  url: string;
  now: number;
}

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/**
 * The sale's deadline as a calendar file (RFC 5545), with reminders a day and an hour before. Its id stays the same, so that a calendar that
 * gets a later file moves the event. Undefined for an end that no calendar can hold.
 */
export function deadlineCalendar({ name, saleUUID, closesAt, url, now }: DeadlineEvent): string | undefined {
  const seconds = BigInt(Math.floor(closesAt / 1000));
  if (seconds >= YEAR_10000) return undefined;
  // The library does not escape everything everywhere: a line break would begin a property of its own.
  const title = name.replace(/\s+/g, " ");
  const calendar = ical({ name: title, prodId: { company: "sonar-integration-app", product: "deadline" } });
  calendar.createEvent({
    id: `${saleUUID}@${new URL(url).hostname}`,
    stamp: new Date(now),
    start: new Date(closesAt),
    summary: `${title}: commitments close`,
    description: `You can commit until ${formatUtc(seconds)}. Commit on ${url}`,
    url,
    alarms: [DAY_SECONDS, HOUR_SECONDS].map((trigger) => ({ type: ICalAlarmType.display, trigger })),
  });
  return calendar.toString();
}
