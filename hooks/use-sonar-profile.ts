"use client";

import type { MyProfileResponse, EntityInvestmentHistoryResponse } from "@echoxyz/sonar-core";
import { getProfile, getInvestmentHistory } from "@/app/actions/sonar";
import { useSeeds } from "@/hooks/page-provider";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";

/** The shape of sonar-react's `UseSonarProfileResult`, plus `refetch`. */
export interface UseSonarProfileResult extends SonarRead {
  profile?: MyProfileResponse;
}

/** The connected user's profile; the email only if they granted the contact scope. `error` is a `FailureError`. */
export function useSonarProfile(): UseSonarProfileResult {
  const { data, ...rest } = useSonarQuery(getProfile, {}, { seed: useSeeds().profile });
  return { ...rest, profile: data };
}

/** The shape of sonar-react's `UseEntityInvestmentHistoryResult`, plus `refetch`. */
export interface UseEntityInvestmentHistoryResult extends SonarRead {
  investmentHistory?: EntityInvestmentHistoryResponse;
}

/** The connected user's earlier investments through Echo. `error` is a `FailureError`. */
export function useEntityInvestmentHistory(): UseEntityInvestmentHistoryResult {
  const { data, ...rest } = useSonarQuery(getInvestmentHistory, {}, { seed: useSeeds().investmentHistory });
  return { ...rest, investmentHistory: data };
}
