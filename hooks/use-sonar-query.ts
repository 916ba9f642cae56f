"use client";

import { useSessionStatus } from "@/hooks/page-provider";
import { useSeededQuery, callAction, type QueryAnswer } from "@/hooks/use-seeded-query";
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
  /** When to ask again unasked, given the last answer (milliseconds, or `false`); never while the tab is hidden. */
  pollEvery?: (data: T) => number | false;
}

/** All hooks over a Sonar read return this beside their data: the shape of sonar-react's hooks, and a way to ask again. */
export interface SonarRead extends Omit<QueryAnswer<never>, "data"> {
  authenticated: boolean;
}

/**
 * Reads from Sonar through a server action, with caching, de-duplication and a guard against answers that arrive out of order (all
 * TanStack Query's). Asks for nothing while no account is connected. Answers are filed under the sign-in: none outlives its user.
 */
export function useSonarQuery<Input, T>(query: SonarQuery<Input, T>): SonarRead & { data?: T } {
  const { viewKey, sonarConnected: authenticated } = useSessionStatus();
  const { name, action, input, seed, enabled = true, staleTime = STALE_AFTER_MS, focusAlways, pollEvery } = query;
  const answer = useSeededQuery({
    queryKey: [viewKey, name, input],
    queryFn: () => callAction(() => action(input)),
    seed,
    enabled: authenticated && enabled,
    staleTime,
    focusAlways,
    pollEvery: (data) => (data === undefined ? false : (pollEvery?.(data) ?? false)),
  });
  return { ...answer, authenticated };
}
