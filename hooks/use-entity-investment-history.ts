"use client";

import type { EntityInvestmentHistoryResponse } from "@echoxyz/sonar-core";
import { getInvestmentHistory } from "@/app/actions/sonar";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { useView } from "@/hooks/view";

/** The shape of sonar-react's `UseEntityInvestmentHistoryResult`, plus `refetch`. */
export interface UseEntityInvestmentHistoryResult extends SonarRead {
  investmentHistory?: EntityInvestmentHistoryResponse;
}

/** What the connected user has invested in through Echo before. `error` is a `FailureError`. */
export function useEntityInvestmentHistory(): UseEntityInvestmentHistoryResult {
  const { seeds } = useView();
  const { data, ...rest } = useSonarQuery({
    name: "investmentHistory",
    action: getInvestmentHistory,
    input: {},
    seed: seeds.investmentHistory,
  });
  return { ...rest, investmentHistory: data };
}
