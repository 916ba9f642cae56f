"use client";

import { usePublicQuery, type PublicRead } from "@/hooks/use-public-query";
import { useView } from "@/hooks/view";
import type { SaleState } from "@/lib/sale/sale-state";

/** What the sale's contract says, and how the last read of it went. */
export interface UseSaleStateResult extends Omit<PublicRead<never>, "data"> {
  /** Stays as it was last known when a poll fails; `error` then stands beside it. */
  saleState?: SaleState;
}

const QUERY_KEY = ["saleState"];
const POLL_EVERY_MS = 10_000;
const STALE_AFTER_MS = 2_000;

/**
 * What the sale's contract says: stage, pause, payment tokens, the chain's time. Polls this site, which asks the chain once for everybody;
 * not while the tab is hidden. For pages of a sale whose contract is announced. `error` is a `FailureError`.
 */
export function useSaleState(): UseSaleStateResult {
  const { seeds } = useView();
  const { data, ...rest } = usePublicQuery({
    key: QUERY_KEY,
    path: "/api/sale",
    seed: seeds.saleState,
    staleTime: STALE_AFTER_MS,
    pollEvery: POLL_EVERY_MS,
  });
  return { ...rest, saleState: data };
}
