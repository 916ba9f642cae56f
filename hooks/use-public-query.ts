"use client";

import { useQuery, type QueryKey } from "@tanstack/react-query";
import { callAction } from "@/hooks/call-action";
import { useSeed } from "@/hooks/use-seed";
import { useStandingError } from "@/hooks/use-standing-error";
import type { Result } from "@/lib/result";

/** A read of what is the same for every user, from a route of this site. */
export interface PublicQuery<T> {
  key: QueryKey;
  /** Path of a route that answers with a Result whatever the status. */
  path: string;
  seed: Promise<Result<T> | undefined> | undefined;
  /** Answers younger than this (milliseconds) are not asked for again unless the user wants it. */
  staleTime: number;
  /** Milliseconds between polls; never while the tab is hidden. Absent: no polls. */
  pollEvery?: number | undefined;
}

/** What the hooks over a public read return beside their data. */
export interface PublicRead<T> {
  loading: boolean;
  /** Stays as it was last known when a poll fails; `error` then stands beside it. */
  data?: T;
  /** A `FailureError`. */
  error?: Error;
  /** Whether an answer is being fetched while an earlier one, or the last error, is shown. */
  refreshing: boolean;
  refetch: () => void;
}

async function fetchResult<T>(path: string): Promise<Result<T>> {
  const response = await fetch(path);
  // Our own route answers with a Result; anything else (a proxy's error page) fails to parse.
  return response.json();
}

/** Reads public data through this site, which asks once for everybody. Seeded by the page, polled while the tab is visible. */
export function usePublicQuery<T>({ key, path, seed, staleTime, pollEvery }: PublicQuery<T>): PublicRead<T> {
  useSeed(key, seed);
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: key,
    queryFn: () => callAction(() => fetchResult<T>(path)),
    staleTime,
    refetchInterval: pollEvery ?? false,
  });
  const standing = useStandingError(key.join(), error, isPending);
  return {
    loading: isPending && standing === null,
    ...(data !== undefined && { data }),
    ...(standing && { error: standing }),
    refreshing: isFetching && (!isPending || standing !== null),
    refetch: () => void refetch(),
  };
}
