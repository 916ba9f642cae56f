"use client";

import type { LimitsResponse } from "@echoxyz/sonar-core";
import { getLimits } from "@/app/actions/sonar";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";

/** Commitment limits of a wallet, in the payment token's smallest units. */
export interface UseSonarLimitsResult extends SonarRead {
  limits?: LimitsResponse;
}

/**
 * A wallet's commitment limits, for hints only: the permit is the authority, and Sonar knows none for a wallet that is not linked to an
 * entity. sonar-react has no such hook. `error` is a `FailureError`.
 */
export function useSonarLimits(args: { saleUUID: string; walletAddress: string }): UseSonarLimitsResult {
  const { walletAddress } = args;
  const { data, ...rest } = useSonarQuery({
    name: "limits",
    action: getLimits,
    input: { walletAddress },
    enabled: walletAddress !== "",
  });
  return { ...rest, limits: data };
}
