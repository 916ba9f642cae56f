"use client";

import { useState } from "react";
import { ProviderRead } from "@/components/connections/provider-read";
import { Button } from "@/components/ui/button";
import { Badge, LoadingText, Skeleton, type Tone } from "@/components/ui/feedback";
import { callProvider, useProviderQuery, type ProviderQuery } from "@/hooks/use-provider-query";
import { formatMinute } from "@/lib/calendar";
import type { BookingPage } from "@/lib/providers/oncehub";
import { failureOf } from "@/lib/result";

/** One page of the user's OnceHub bookings, and functions to go to the next and the previous one. */
export interface UseBookingsResult extends ProviderQuery<BookingPage> {
  /** Counts from 1. */
  page: number;
  /** Absent on the last page. */
  next?: () => void;
  /** Absent on the first page. */
  previous?: () => void;
}

/** The user's bookings at OnceHub, `limit` (1 to 100) on a page. */
function useBookings(limit: number): UseBookingsResult {
  // The last booking of each page before this one: OnceHub's paging takes the booking to start after.
  const [trail, setTrail] = useState<readonly string[]>([]);
  const after = trail.at(-1);
  const read = useProviderQuery(["oncehub", "listBookings", limit, after], () =>
    callProvider("oncehub", "listBookings", { limit, after }),
  );
  const last = read.data?.data.at(-1)?.id;
  return {
    ...read,
    page: trail.length + 1,
    ...(read.data?.has_more && last !== undefined && { next: () => setTrail([...trail, last]) }),
    ...(trail.length > 0 && { previous: () => setTrail(trail.slice(0, -1)) }),
  };
}

type Booking = BookingPage["data"][number];

const TONES: ReadonlyMap<string, Tone> = new Map([
  ["scheduled", "ok"],
  ["rescheduled", "ok"],
  ["requested", "warn"],
  ["canceled", "bad"],
  ["no_show", "bad"],
]);

/** OnceHub's status in words, also for a status that OnceHub has added since. This site always writes "cancelled" with two l. */
function statusWords(status: string): string {
  if (status === "canceled") return "Cancelled";
  const words = status.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** In a narrow column, the line breaks only between day and minute. */
function Start({ at }: { at: string }) {
  const [day, minute] = formatMinute(at).split(", ");
  return (
    <time dateTime={at} className="*:whitespace-nowrap">
      <span>{minute === undefined ? day : `${day}, `}</span>
      <wbr />
      <span>{minute}</span>
    </time>
  );
}

/** In a narrow place each booking is a paragraph of its own: three columns of words have no room. The roles keep it a table for screen readers. */
const STACKED_ROW = "@max-sm:flex @max-sm:flex-wrap @max-sm:items-baseline @max-sm:gap-y-1 @max-sm:py-2.5";
const CELL = "align-top @sm:py-2.5";

function BookingRow({ booking }: { booking: Booking }) {
  const { subject, starting_time, duration_minutes, status } = booking;
  return (
    <tr role="row" className={`border-t border-line ${STACKED_ROW}`}>
      <th scope="row" role="rowheader" className={`${CELL} pr-4 text-left font-normal`}>
        <bdi className="font-medium">{subject ?? "Without a subject"}</bdi>
        {typeof duration_minutes === "number" && (
          <span className="block text-sm text-text-quiet">{`${duration_minutes} min`}</span>
        )}
      </th>
      <td role="cell" className={`${CELL} pr-4 text-sm tabular-nums`}>
        {starting_time ? <Start at={starting_time} /> : "Not set"}
      </td>
      <td role="cell" className={`${CELL} @sm:text-right`}>
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
    <div className="@container">
      <table role="table" className="w-full border-collapse @max-sm:block">
        <caption className="sr-only">{`Bookings, page ${number}`}</caption>
        <thead role="rowgroup" className="@max-sm:sr-only">
          <tr role="row">
            <th scope="col" role="columnheader" className={HEAD}>
              Booking
            </th>
            <th scope="col" role="columnheader" className={HEAD}>
              Starts
            </th>
            <th scope="col" role="columnheader" className={`${HEAD} text-right`}>
              Status
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup" className="@max-sm:block">
          {page.data.map((booking) => (
            <BookingRow key={booking.id} booking={booking} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A placeholder of the size of a page of bookings. */
function BookingsSkeleton({ rows }: { rows: number }) {
  return (
    <div role="status" className="grid gap-px">
      <LoadingText>Loading your bookings.</LoadingText>
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

const ROWS = 5;
const ONCEHUB = { id: "oncehub", name: "OnceHub" };

interface PageButtonProps {
  label: string;
  /** Absent if there is no such page. */
  onPress: (() => void) | undefined;
  busy: boolean;
}

/** The button stays on the first and last page too, so that the keyboard focus is not lost. */
function PageButton({ label, onPress, busy }: PageButtonProps) {
  return (
    <Button unavailable={!onPress} onClick={() => !busy && onPress?.()}>
      {label}
    </Button>
  );
}

/** The user's bookings at OnceHub, page by page. */
export function OnceHubBookings() {
  const { asked, data, error, refreshing, ask, page, next, previous } = useBookings(ROWS);
  return (
    <ProviderRead
      provider={ONCEHUB}
      label="Show bookings"
      asked={asked}
      data={data}
      failure={error && failureOf(error)}
      refreshing={refreshing}
      onAsk={ask}
      skeleton={<BookingsSkeleton rows={ROWS} />}
    >
      {(bookings) => (
        <>
          <BookingsTable page={bookings} number={page} />
          {(next ?? previous) && (
            <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
              <PageButton label="Previous" onPress={previous} busy={refreshing} />
              <span className="text-sm text-text-quiet tabular-nums" role="status">
                {`Page ${page}`}
              </span>
              <PageButton label="Next" onPress={next} busy={refreshing} />
            </div>
          )}
        </>
      )}
    </ProviderRead>
  );
}
