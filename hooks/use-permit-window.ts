"use client";

import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { SaleWindow } from "@/lib/sale/phase";

const KEY = ["permitWindow"];

/**
 * Tells the rest of the page the window of the permit that the form goes by; undefined while there is none. The sale's panel is beside the
 * journey, not in it, and must not tell a user who may commit now that nothing is known, or a later time.
 */
export function useTellPermitWindow(window: SaleWindow | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    client.setQueryData<SaleWindow | null>(KEY, window ?? null);
    return () => void client.setQueryData<SaleWindow | null>(KEY, null);
  }, [client, window]);
}

/** The window that the journey has told; undefined until it has. */
export function usePermitWindow(): SaleWindow | undefined {
  const { data } = useQuery<SaleWindow | null>({ queryKey: KEY, queryFn: skipToken, staleTime: Infinity });
  return data ?? undefined;
}
