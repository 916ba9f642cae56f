"use client";

import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { COMMITMENTS_KEY } from "@/hooks/use-sale";
import { useCached } from "@/hooks/use-seeded-query";
import { serverTimeOf } from "@/hooks/use-server-time";
import { formatUtcMs } from "@/lib/calendar";
import { site } from "@/lib/config/site";
import { demandOf, type Demand } from "@/lib/sale/oversubscription";
import { salePricing, type Pricing, type PricingFacts } from "@/lib/sale/pricing";

/** The sale's price for one user. */
export interface UsePricingResult {
  pricing: Pricing;
  /** The time of an auction's estimate, by the server's clock. */
  estimatedAt?: string;
  /** What is on sale and committed, where every commitment is accepted in the same proportion. */
  demand?: Demand | undefined;
  /** The decimals of the sale's payment tokens, as Sonar states them. */
  paymentDecimals?: number | undefined;
}

/** The sale's price by its best source, for the holder of a permit (see `salePricing`). */
export function usePricing(facts: Pick<PricingFacts, "permit" | "priceTick">): UsePricingResult {
  // As the sale's own part of the page has read it last: the form must not wait for it.
  const known = useCached(
    (cache) => cache.find<ReadCommitmentDataResponse>({ queryKey: COMMITMENTS_KEY })?.state,
    undefined,
  );
  const commitments = known?.data;
  const pricing = salePricing({ ...facts, announced: site.sale.price, ...(commitments && { commitments }) });
  const result = { pricing, paymentDecimals: commitments?.PaymentTokenDecimals };
  if (pricing.kind === "fixed") return { ...result, demand: demandOf(commitments, site.sale) };
  if (pricing.kind !== "auction" || !pricing.estimate || !known) return result;
  return { ...result, estimatedAt: formatUtcMs(serverTimeOf(known.dataUpdatedAt)) };
}
