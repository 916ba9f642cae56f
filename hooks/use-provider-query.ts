"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useStandingError } from "@/hooks/use-standing-error";
import { useView } from "@/hooks/view";

/** A read of a connected provider that begins when the user asks for it. */
export interface ProviderQuery<T> {
  /** Whether the user has asked for it. */
  asked: boolean;
  loading: boolean;
  data?: T;
  /** A `FailureError`; the data of an earlier answer stays beside it. */
  error?: Error;
  /** Whether an answer is being fetched while an earlier one, or the last error, is shown. */
  refreshing: boolean;
  /** Asks, or asks again. */
  ask: () => void;
}

/**
 * One read of a provider beside Sonar, under `queryKey`. Nothing is asked before the user wants it: these are other people's APIs, with
 * limits of their own. While one page of many is fetched, the one before stays.
 */
export function useProviderQuery<T>(queryKey: readonly unknown[], read: () => Promise<T>): ProviderQuery<T> {
  const { session } = useView();
  const [asked, setAsked] = useState(false);
  const key = [session.viewKey, ...queryKey];
  const query = useQuery({ queryKey: key, queryFn: read, enabled: asked, placeholderData: keepPreviousData });
  const { data, error, isPending, isFetching, refetch } = query;
  const standing = useStandingError(JSON.stringify(key), error, isPending);
  return {
    asked,
    loading: asked && isPending && standing === null,
    data,
    ...(standing !== null && { error: standing }),
    refreshing: isFetching && (!isPending || standing !== null),
    ask: () => {
      if (asked) void refetch();
      setAsked(true);
    },
  };
}
