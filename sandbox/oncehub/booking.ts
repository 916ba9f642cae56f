/** A booking, as OnceHub's documented API has it (the fields that a list shows). */
export interface Booking {
  object: "booking";
  id: string;
  subject: string;
  status: "requested" | "scheduled" | "rescheduled" | "completed" | "canceled" | "no_show";
  creation_time: string;
  starting_time: string;
  last_updated_time: string;
  duration_minutes: number;
  owner: string;
}

const SUBJECTS = [
  "Introduction call",
  "Portfolio review",
  "Onboarding",
  "Follow-up",
  "Due diligence",
  "Demo of the product",
];
const STATUSES = ["scheduled", "completed", "rescheduled", "canceled", "requested", "no_show"] as const;
const LENGTHS = [30, 45, 60];
const HOUR = 3_600_000;
const FIRST = Date.UTC(2026, 11, 18, 15);

function pick<T>(list: readonly [T, ...T[]] | readonly T[], index: number, fallback: T): T {
  return list[index % list.length] ?? fallback;
}

function makeBooking(index: number): Booking {
  const starts = FIRST - index * 31 * HOUR;
  const made = new Date(starts - 96 * HOUR).toISOString();
  return {
    object: "booking",
    id: `BKNG-${String(4_000 - index).padStart(8, "0")}`,
    subject: pick(SUBJECTS, index, "Call"),
    status: pick(STATUSES, index, "scheduled"),
    creation_time: made,
    starting_time: new Date(starts).toISOString(),
    last_updated_time: made,
    duration_minutes: pick(LENGTHS, index, 30),
    owner: "USR-00000001",
  };
}

/** That many bookings, the same ones every time, the latest first. */
export function makeBookings(count: number): Booking[] {
  return Array.from({ length: count }, (_, index) => makeBooking(index));
}
