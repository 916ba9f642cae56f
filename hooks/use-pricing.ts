"use client";

import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { useSyncExternalStore } from "react";
import { useQueryClient, type QueryState } from "@tanstack/react-query";
import { COMMITMENTS_KEY } from "@/hooks/use-sale";
import { toServerTime } from "@/hooks/use-server-time";
import { formatUtc } from "@/lib/calendar";
import { site } from "@/lib/config/site";
import { salePricing, type Pricing, type PricingFacts } from "@/lib/sale/pricing";

/** The sale's public data as the sale's own part of the page has read it last. It asks for nothing and never suspends the form. */
function useKnownCommitmentData(): QueryState<ReadCommitmentDataResponse> | undefined {
  const client = useQueryClient();
  return useSyncExternalStore(
    (listener) => client.getQueryCache().subscribe(listener),
    () => client.getQueryState<ReadCommitmentDataResponse>(COMMITMENTS_KEY),
    () => undefined,
  );
}

/** The sale's price for one user. */
export interface UsePricingResult {
  pricing: Pricing;
  /** The time of an auction's estimate, by the server's clock. */
  estimatedAt?: string;
}

/** The sale's price by its best source, for the holder of a permit (see `salePricing`). */
export function usePricing(facts: Pick<PricingFacts, "permit" | "priceTick">): UsePricingResult {
  const known = useKnownCommitmentData();
  const commitments = known?.data;
  const pricing = salePricing({ ...facts, announced: site.sale.price, ...(commitments && { commitments }) });
  if (pricing.kind !== "auction" || !pricing.estimate || !known) return { pricing };
  const readAt = Math.floor(toServerTime(known.dataUpdatedAt) / 1000);
  return { pricing, estimatedAt: formatUtc(BigInt(readAt)) };
}
