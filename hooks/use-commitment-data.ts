"use client";

import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { usePublicQuery, type PublicRead } from "@/hooks/use-public-query";
import { useView } from "@/hooks/view";

/** The shape of sonar-react's `UseCommitmentDataResult`, plus `refetch` and `refreshing`. */
export interface UseCommitmentDataResult extends Omit<PublicRead<never>, "data"> {
  /** Stays as it was last known when a poll fails; `error` then stands beside it. */
  commitmentData?: ReadCommitmentDataResponse;
}

/** Public data is the same for every user, so it has one key. */
const QUERY_KEY = ["commitments"];

/**
 * The sale's public commitment data: totals over all, the 100 latest commitments. Polls this site, which asks Echo once for everybody;
 * not while the tab is hidden. `saleUUID` is accepted and not sent. `error` is a `FailureError`.
 */
export function useCommitmentData(args: { saleUUID: string; pollingIntervalMs?: number }): UseCommitmentDataResult {
  const { seeds } = useView();
  const { data, ...rest } = usePublicQuery({
    key: QUERY_KEY,
    path: "/api/commitments",
    seed: seeds.commitments,
    staleTime: 5_000,
    pollEvery: args.pollingIntervalMs,
  });
  return { ...rest, commitmentData: data };
}
