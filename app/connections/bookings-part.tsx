"use client";

import { BookingsSkeleton, BookingsTable } from "@/components/connections/bookings-table";
import { ProviderRead } from "@/components/connections/provider-read";
import { Button } from "@/components/ui/button";
import { useBookings } from "@/hooks/use-bookings";
import { failureOf } from "@/lib/failure-error";

const ROWS = 5;
const ONCEHUB = { id: "oncehub", name: "OnceHub" };

interface PageButtonProps {
  label: string;
  /** Absent where there is no such page. */
  onPress: (() => void) | undefined;
  busy: boolean;
}

/** Stays where it is on the first and last page too: the focus of who pages with the keyboard must not be lost. */
function PageButton({ label, onPress, busy }: PageButtonProps) {
  return (
    <Button unavailable={!onPress} onClick={() => !busy && onPress?.()}>
      {label}
    </Button>
  );
}

/** The user's bookings at OnceHub, page by page. */
export function BookingsPart() {
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
            <div className="flex items-center justify-between gap-4">
              <PageButton label="Previous" onPress={previous} busy={refreshing} />
              <span className="text-sm text-text-quiet tabular-nums" role="status">
                Page {page}
              </span>
              <PageButton label="Next" onPress={next} busy={refreshing} />
            </div>
          )}
        </>
      )}
    </ProviderRead>
  );
}
