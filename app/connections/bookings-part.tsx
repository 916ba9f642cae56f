"use client";

import { BookingsSkeleton, BookingsTable } from "@/components/connections/bookings-table";
import { ProviderRead } from "@/components/connections/provider-read";
import { Button } from "@/components/ui/button";
import { useBookings } from "@/hooks/use-bookings";
import { failureOf } from "@/lib/failure-error";

const ROWS = 5;
const ONCEHUB = { id: "oncehub", name: "OnceHub" };

/** The user's bookings at OnceHub, page by page. */
export function BookingsPart() {
  const { asked, data, error, refreshing, ask, page, next, previous } = useBookings(ROWS);
  return (
    <ProviderRead
      provider={ONCEHUB}
      label="Show bookings"
      asked={asked}
      {...(data && { data })}
      {...(error && { failure: failureOf(error) })}
      refreshing={refreshing}
      onAsk={ask}
      skeleton={<BookingsSkeleton rows={ROWS} />}
    >
      {(bookings) => (
        <>
          <BookingsTable page={bookings} number={page} />
          {(next ?? previous) && (
            <div className="flex items-center justify-between gap-4">
              <Button aria-disabled={!previous} onClick={() => !refreshing && previous?.()}>
                Previous
              </Button>
              <span className="text-sm text-text-quiet tabular-nums" role="status">
                Page {page}
              </span>
              <Button aria-disabled={!next} pending={refreshing} onClick={() => !refreshing && next?.()}>
                Next
              </Button>
            </div>
          )}
        </>
      )}
    </ProviderRead>
  );
}
