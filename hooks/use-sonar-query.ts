"use client";

import { useQuery } from "@tanstack/react-query";
import { callAction } from "@/hooks/call-action";
import { useSeed } from "@/hooks/use-seed";
import { useStandingError } from "@/hooks/use-standing-error";
import { useView } from "@/hooks/view";
import type { Result } from "@/lib/result";

/** Data younger than this (milliseconds) is not asked for again unless the user wants it. */
const STALE_AFTER_MS = 30_000;

/** One read of Sonar: which action, with what, under which name its answers are kept. */
export interface SonarQuery<Input, T> {
  name: string;
  action: (input: Input) => Promise<Result<T>>;
  input: Input;
  seed?: Promise<Result<T>> | undefined;
  /** `false` while the input is not complete yet. */
  enabled?: boolean;
  /** Answers that must not be kept, such as a check that is about this moment, ask for 0 (milliseconds). */
  staleTime?: number;
  /** Asks again whenever the user comes back to this tab, however young the answer is. */
  focusAlways?: boolean;
  /** When to ask again unasked, given the present answer (milliseconds, or `false`); never while the tab is hidden. */
  pollEvery?: (data: T) => number | false;
}

/** What all hooks over a Sonar read return beside their data: the shape of sonar-react's hooks, and a way to ask again. */
export interface SonarRead {
  authenticated: boolean;
  loading: boolean;
  /** A `FailureError`; the data of an earlier answer stays beside it. */
  error?: Error;
  /** Whether an answer is being fetched while an earlier one, or the last error, is shown. */
  refreshing: boolean;
  refetch: () => void;
}

/**
 * Reads from Sonar through a server action, with caching, de-duplication and a guard against answers that arrive out of order (all
 * TanStack Query's). Asks for nothing while no account is connected. Answers are filed under the sign-in: none outlives its user.
 */
export function useSonarQuery<Input, T>(query: SonarQuery<Input, T>): SonarRead & { data?: T } {
  const { session } = useView();
  const authenticated = session.connected.includes("sonar");
  const enabled = authenticated && (query.enabled ?? true);
  const queryKey = [session.viewKey, query.name, query.input];
  useSeed(queryKey, query.seed);
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: () => callAction(() => query.action(query.input)),
    enabled,
    staleTime: query.staleTime ?? STALE_AFTER_MS,
    refetchOnWindowFocus: query.focusAlways ? "always" : true,
    refetchInterval: ({ state }) => (state.data === undefined ? false : (query.pollEvery?.(state.data) ?? false)),
  });
  const standing = useStandingError(JSON.stringify(queryKey), error, isPending);
  return {
    authenticated,
    loading: enabled && isPending && standing === null,
    data,
    ...(standing !== null && { error: standing }),
    refreshing: isFetching && (!isPending || standing !== null),
    refetch: () => void refetch(),
  };
}
