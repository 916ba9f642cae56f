"use client";

import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { useQuery } from "@tanstack/react-query";
import { callAction } from "@/hooks/call-action";
import { useSeed } from "@/hooks/use-seed";
import { useStandingError } from "@/hooks/use-standing-error";
import { useView } from "@/hooks/view";
import type { Result } from "@/lib/result";

/** The shape of sonar-react's `UseCommitmentDataResult`, plus `refetch`. */
export interface UseCommitmentDataResult {
  loading: boolean;
  /** Stays as it was last known when a poll fails; `error` then stands beside it. */
  commitmentData?: ReadCommitmentDataResponse;
  error?: Error;
  /** Whether an answer is being fetched while an earlier one, or the last error, is shown. */
  refreshing: boolean;
  refetch: () => void;
}

/** Public data is the same for every user, so it has one key. */
const QUERY_KEY = ["commitments"];

async function fetchCommitments(): Promise<Result<ReadCommitmentDataResponse>> {
  const response = await fetch("/api/commitments");
  // Our own route answers with a Result whatever the status; anything else (a proxy's error page) fails to parse.
  return response.json();
}

/**
 * The sale's public commitment data: totals over all, the 100 latest commitments. Polls this site, which asks Echo once for everybody;
 * not while the tab is hidden. `saleUUID` is accepted and not sent. `error` is a `FailureError`.
 */
export function useCommitmentData(args: { saleUUID: string; pollingIntervalMs?: number }): UseCommitmentDataResult {
  const { seeds } = useView();
  useSeed(QUERY_KEY, seeds.commitments);
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: QUERY_KEY,
    queryFn: () => callAction(fetchCommitments),
    staleTime: 5_000,
    refetchInterval: args.pollingIntervalMs ?? false,
  });
  const standing = useStandingError(QUERY_KEY.join(), error, isPending);
  return {
    loading: isPending && standing === null,
    ...(data && { commitmentData: data }),
    ...(standing && { error: standing }),
    refreshing: isFetching && (!isPending || standing !== null),
    refetch: () => void refetch(),
  };
}
