"use client";

import { useSessionStatus } from "@/hooks/page-provider";
import { useSeededQuery, callAction, type QueryAnswer } from "@/hooks/use-seeded-query";
import type { Result } from "@/lib/result";

/** Data younger than this (milliseconds) is not asked for again unless the user asks. */
const STALE_AFTER_MS = 30_000;

/** One read of Sonar: the action, its input, and the name that its answers are cached under. */
export interface SonarQuery<Input, T> {
  name: string;
  action: (input: Input) => Promise<Result<T>>;
  input: Input;
  seed?: Promise<Result<T>> | undefined;
  /** `false` while the input is incomplete. */
  enabled?: boolean;
  /** In milliseconds. Answers that must not be kept, such as a check of the current moment, use 0. */
  staleTime?: number;
  /** Asks again whenever the user returns to this tab, however young the answer is. */
  focusAlways?: boolean;
  /** Milliseconds until the next read, given the last answer, or `false`; no read while the tab is hidden. */
  pollEvery?: (data: T) => number | false;
}

/** The fields that all hooks over a Sonar read return beside their data: the shape of sonar-react's hooks, and a function to ask again. */
export interface SonarRead extends Omit<QueryAnswer<never>, "data"> {
  authenticated: boolean;
}

/**
 * Reads from Sonar through a server action, with TanStack Query's caching, de-duplication and guard against answers that arrive out of
 * order. It asks for nothing while no account is connected. Answers are cached under the sign-in, so that none outlives its user.
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
