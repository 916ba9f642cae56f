import type { Tone } from "@/lib/sonar/entity-state";
import type { BookingPage } from "@/lib/providers/oncehub";
import { formatMinute } from "@/components/calendar";
import { Badge } from "@/components/ui/badge";
import { Skeleton } from "@/components/ui/skeleton";

type Booking = BookingPage["data"][number];

const TONES: ReadonlyMap<string, Tone> = new Map([
  ["scheduled", "ok"],
  ["rescheduled", "ok"],
  ["requested", "warn"],
  ["canceled", "bad"],
  ["no_show", "bad"],
]);

/** A status as OnceHub names it, in words; also one that it has added since. This site writes "cancelled" with two l everywhere. */
function statusWords(status: string): string {
  if (status === "canceled") return "Cancelled";
  const words = status.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A narrow column breaks the line between day and minute, and nowhere else. */
function Start({ at }: { at: string }) {
  const [day, minute] = formatMinute(at).split(", ");
  return (
    <time dateTime={at} className="*:whitespace-nowrap">
      <span>{minute === undefined ? day : `${day},`}</span> <span>{minute}</span>
    </time>
  );
}

function BookingRow({ booking }: { booking: Booking }) {
  const { subject, starting_time, duration_minutes, status } = booking;
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-2.5 pr-4 text-left align-top font-normal wrap-break-word">
        <bdi className="font-medium">{subject ?? "Without a subject"}</bdi>
        {typeof duration_minutes === "number" && (
          <span className="block text-sm text-text-quiet">{duration_minutes} min</span>
        )}
      </th>
      <td className="py-2.5 pr-4 align-top text-sm tabular-nums">
        {starting_time ? <Start at={starting_time} /> : "Not set"}
      </td>
      <td className="py-2.5 text-right align-top">
        <Badge tone={TONES.get(status) ?? "quiet"}>{statusWords(status)}</Badge>
      </td>
    </tr>
  );
}

const HEAD = "pb-2 text-left text-sm font-medium text-text-quiet";

/** A page of bookings. */
export function BookingsTable({ page, number }: { page: BookingPage; number: number }) {
  if (page.data.length === 0) return <p className="text-text-quiet">No bookings yet.</p>;
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">Bookings, page {number}</caption>
      <thead>
        <tr>
          <th scope="col" className={HEAD}>
            Booking
          </th>
          <th scope="col" className={HEAD}>
            Starts
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Status
          </th>
        </tr>
      </thead>
      <tbody>
        {page.data.map((booking) => (
          <BookingRow key={booking.id} booking={booking} />
        ))}
      </tbody>
    </table>
  );
}

/** The size of a page of bookings. */
export function BookingsSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" className="grid gap-px">
      <span className="sr-only">Reading your bookings.</span>
      <Skeleton className="mb-2 h-5 w-40" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-[66px] items-center border-t border-line">
          <Skeleton className="h-5 w-full" />
        </div>
      ))}
      <Skeleton className="mt-4 h-9 w-full" />
    </div>
  );
}
