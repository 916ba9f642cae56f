"use client";

import { useState } from "react";
import { callProvider } from "@/hooks/call-provider";
import { useProviderQuery, type ProviderQuery } from "@/hooks/use-provider-query";
import type { BookingPage } from "@/lib/providers/oncehub";

/** One page of the user's OnceHub bookings, and the way to the others. */
export interface UseBookingsResult extends ProviderQuery<BookingPage> {
  /** Counts from 1. */
  page: number;
  /** Absent on the last page. */
  next?: () => void;
  /** Absent on the first page. */
  previous?: () => void;
}

/** The user's bookings at OnceHub, `limit` (1 to 100) on a page. */
export function useBookings(limit: number): UseBookingsResult {
  // The last booking of every page before this one: OnceHub pages by "after this booking".
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
