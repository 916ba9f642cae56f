"use client";

import type { QueryCache } from "@tanstack/react-query";
import { OF_SONAR, useCached, useSeededQuery, callAction, type QueryAnswer } from "@/hooks/use-seeded-query";
import { useSession, useSessionStatus } from "@/hooks/use-session";
import { failureOf, type Result } from "@/lib/result";

/** Data younger than this (milliseconds) is not asked for again unless the user asks. */
const STALE_AFTER_MS = 30_000;

/** What a read of Sonar may have beside the action and its input. */
export interface SonarQueryOptions<T> {
  /** The name that the answers are cached under, in place of the action. Needed for an action that is made anew with each render. */
  name?: string;
  seed?: Promise<Result<T>> | undefined;
  /** `false` while the input is incomplete. */
  enabled?: boolean;
  /** In milliseconds. Answers that must not be kept, such as a check of the current moment, use 0. */
  staleTime?: number;
  /** Asks again whenever the user returns to this tab, however young the answer is. */
  focusAlways?: boolean;
  /** See `SeededQuery`. */
  untilRead?: boolean;
  /** Milliseconds until the next read, given the last answer and its time, or `false`; no read while the tab is hidden. */
  pollEvery?: (data: T, answeredAt: number) => number | false;
}

/** The fields that all hooks over a Sonar read return beside their data: the shape of sonar-react's hooks, and a function to ask again. */
export interface SonarRead extends Omit<QueryAnswer<never>, "data"> {
  authenticated: boolean;
}

const names = new WeakMap<object, string>();
let named = 0;

/** A name for an action within this page: a reference to an action has no name of its own once the code is built. */
function nameOf(action: object): string {
  const name = names.get(action) ?? `action ${(named += 1)}`;
  names.set(action, name);
  return name;
}

/**
 * Reads from Sonar through a server action, with TanStack Query's caching, de-duplication and guard against answers that arrive out of
 * order. It asks for nothing while no account is connected. Answers are cached under the sign-in, so that none outlives its user. As in
 * Echo's guide, `action` must be the same function at each render; for another one, give `options.name`.
 */
export function useSonarQuery<Input, T>(
  action: (input: Input) => Promise<Result<T>>,
  input: Input,
  options: SonarQueryOptions<T> = {},
): SonarRead & { data?: T } {
  const { viewKey, sonarConnected: authenticated } = useSessionStatus();
  const { loading: sessionLoading } = useSession();
  const { seed, enabled = true, staleTime = STALE_AFTER_MS, focusAlways, untilRead, pollEvery } = options;
  const { loading, ...answer } = useSeededQuery({
    queryKey: [viewKey, options.name ?? nameOf(action), input],
    queryFn: () => callAction(() => action(input)),
    seed,
    enabled: authenticated && enabled,
    staleTime,
    focusAlways,
    untilRead,
    ofSonar: true,
    pollEvery: (data, answeredAt) => (data === undefined ? false : (pollEvery?.(data, answeredAt) ?? false)),
  });
  return { ...answer, loading: loading || sessionLoading, authenticated };
}

/** True once a read of this page has found that the connection to Sonar, or the session, has ended: so that no part of the page says otherwise. */
export function useConnectionEnded(): boolean {
  const hasEnded = (cache: QueryCache) =>
    cache.getAll().some(({ meta, state: { error } }) => {
      if (meta?.ofSonar !== OF_SONAR.ofSonar || !error) return false;
      const { recovery } = failureOf(error);
      return recovery === "reconnect" || recovery === "sign-in";
    });
  return useCached(hasEnded, false);
}
