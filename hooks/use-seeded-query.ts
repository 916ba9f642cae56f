"use client";

import {
  keepPreviousData,
  notifyManager,
  useQuery,
  useQueryClient,
  type QueryCache,
  type QueryKey,
} from "@tanstack/react-query";
import { unstable_isUnrecognizedActionError as isUnrecognizedAction } from "next/navigation";
import { use, useCallback, useState, useSyncExternalStore } from "react";
import type { FailureCode } from "@/lib/failures";
import { FailureError, failure, failureOf, type Failure, type Result } from "@/lib/result";

/** The texts of Next and React for an answer that ends in the middle, and for one that is no answer of an action. */
const CUT_OFF = /^Connection closed/;
const UNREADABLE = /unexpected response was received/i;

/**
 * The Failure of a rejected action. Our actions never throw, so the rejection comes from Next or the browser: no network, a page of a proxy,
 * an action id from before a deployment, a body over the limit, or an error that Next shows only as a digest.
 */
export function rejectionFailure(error: unknown): Failure {
  if (isUnrecognizedAction(error)) return failure("request/outdated_page");
  if (error instanceof DOMException && error.name === "TimeoutError")
    return failure("request/offline", { reason: "timeout" });
  if (error instanceof TypeError || error instanceof DOMException) return failure("request/offline");
  // No JSON: a page of a proxy, or of a network that asks its users to sign in.
  if (error instanceof SyntaxError) return failure("request/unreadable_answer");
  const text = error instanceof Error ? error.message : "";
  if (/body exceeded/i.test(text)) return failure("request/too_large");
  if (UNREADABLE.test(text)) return failure("request/unreadable_answer");
  return failure(CUT_OFF.test(text) ? "request/offline" : "request/unexpected");
}

/** An answer of this site, whatever a proxy or another version of the site has put in its place. */
function isResult(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("ok" in value)) return false;
  // On its way to the browser, an action's result loses data that is undefined.
  if (value.ok === true) return true;
  return "error" in value && typeof value.error === "object" && value.error !== null && "code" in value.error;
}

/** Calls an action and returns its data; every failure, also a rejected call, is thrown as a `FailureError`. */
export async function callAction<T>(call: () => Promise<Result<T>>): Promise<T> {
  const result = await call().catch((error: unknown) => ({ ok: false as const, error: rejectionFailure(error) }));
  if (!isResult(result)) throw new FailureError(failure("request/unreadable_answer"));
  if (!result.ok) throw new FailureError(result.error);
  return result.data;
}

/** One query of this page. */
export interface SeededQuery<T> {
  queryKey: QueryKey;
  /** Rejects with a `FailureError`. */
  queryFn: () => Promise<T>;
  /**
   * The first answer, streamed with the page. It resolves to undefined if the page did not wait for a slow upstream; the browser then asks.
   */
  seed?: Promise<Result<T> | undefined> | undefined;
  enabled?: boolean;
  /** Answers younger than this (milliseconds) are not asked for again unless the user asks. */
  staleTime?: number;
  /** Asks again whenever the user returns to this tab, however young the answer is. */
  focusAlways?: boolean | undefined;
  /** Milliseconds until the next read, given the last answer and its time, or `false`; no read while the tab is hidden. */
  pollEvery?: ((data: T | undefined, answeredAt: number) => number | false) | undefined;
  /**
   * Asks again by itself, less and less often, while every attempt has failed for a reason that may pass: somebody who reloads in a bad moment must
   * learn what became of a transaction.
   */
  untilRead?: boolean | undefined;
  /** While another key is read, the answer of the previous one stays. */
  keepPrevious?: boolean;
  /** The read depends on the connection to Sonar: see `useConnectionEnded`. */
  ofSonar?: boolean;
}

/** Marks the reads of Sonar in the page's cache. */
export const OF_SONAR = { ofSonar: true };

/** The state of a query, in the shape of sonar-react's hooks, with a function to ask again. */
export interface QueryAnswer<T> {
  loading: boolean;
  data?: T;
  /** A `FailureError`; the data of an earlier answer stays beside it. */
  error?: Error;
  /** An answer is being fetched while an earlier one, or the last error, is shown. */
  refreshing: boolean;
  refetch: () => void;
  /** When the data came, in milliseconds since 1970 by this browser's clock; absent for the answer that the server rendered. */
  answeredAt?: number;
}

/** In milliseconds: the time until a read that has failed is repeated, which doubles each time. */
const AGAIN_MS = { first: 10_000, longest: 60_000 };

/** Nobody at this page can end these, but they can be over: a node that is still reading its chain does not have the contract yet. */
const OF_NODES: ReadonlySet<string> = new Set<FailureCode>(["sale/wrong_contract", "sale/unsupported_contract"]);

/** Milliseconds until the next attempt of a read that was never answered, or `false` where another one would fail for the same reason. */
function nextAttempt(error: Error | null, attempts: number): number | false {
  if (!error) return false;
  const { code, recovery } = failureOf(error);
  if (recovery !== "retry" && !OF_NODES.has(code)) return false;
  return Math.min(AGAIN_MS.longest, AGAIN_MS.first * 2 ** Math.max(0, attempts - 1));
}

/**
 * The error of the last attempt, kept while the next one runs. TanStack Query clears it for a query without data, and a skeleton would
 * replace the message at every try. `key` names the query: another one starts without an error.
 */
function useLastError(key: string, error: Error | null, isPending: boolean): Error | null {
  const [last, setLast] = useState({ key, error });
  if (!isPending && (last.key !== key || last.error !== error)) setLast({ key, error });
  if (!isPending) return error;
  return last.key === key ? last.error : null;
}

const never = () => () => undefined;

/**
 * True once this part of the page is hydrated. Until then it must show what the server rendered: that markup is visible before its code runs,
 * and another part that hydrated earlier may have read something newer.
 */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/**
 * A query that starts from the page's streamed answer. It suspends until that arrives, so the HTML holds the data and the browser asks for
 * nothing. A failed seed counts as the first attempt: it is shown, and without `untilRead` nothing is asked until the user tries again.
 */
export function useSeededQuery<T>(query: SeededQuery<T>): QueryAnswer<T> {
  const { queryKey, queryFn, enabled = true, staleTime = 0 } = query;
  const seed = query.seed && use(query.seed);
  const seedError = seed?.ok === false ? new FailureError(seed.error) : null;
  const { data, dataUpdatedAt, error, errorUpdateCount, isPending, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: ({ client }) => {
      if (seedError && client.getQueryState(queryKey)?.errorUpdateCount === 0) throw seedError;
      return queryFn();
    },
    initialData: seed?.ok ? seed.data : undefined,
    enabled,
    staleTime,
    refetchOnWindowFocus: query.focusAlways ? "always" : true,
    // Quietly, and at once where the connection was missed.
    refetchOnReconnect: ({ state }) => (state.error ? "always" : true),
    refetchInterval: ({ state }) =>
      query.untilRead && state.data === undefined
        ? nextAttempt(state.error, state.errorUpdateCount)
        : (query.pollEvery?.(state.data, state.dataUpdatedAt) ?? false),
    ...(query.keepPrevious && { placeholderData: keepPreviousData }),
    ...(query.ofSonar && { meta: OF_SONAR }),
  });
  const lastError = useLastError(JSON.stringify(queryKey), error ?? (isPending ? seedError : null), isPending);
  const refetchNow = () => void refetch();
  if (!useHydrated()) {
    const seeded = seed?.ok ? { data: seed.data } : seedError && { error: seedError };
    return { loading: enabled && !seeded, ...seeded, refreshing: false, refetch: refetchNow };
  }
  return {
    loading: enabled && isPending && lastError === null,
    ...(data !== undefined && { data, answeredAt: dataUpdatedAt }),
    ...(lastError && { error: lastError }),
    // The first attempt only records a failed seed: nobody waits for it.
    refreshing: isFetching && (!isPending || (lastError !== null && errorUpdateCount > 0)),
    refetch: refetchNow,
  };
}

/**
 * A value of what the page has read so far, kept up to date without asking for anything; `first` on the server and in the first render. `read`
 * must return the same value until what it depends on changes.
 */
export function useCached<T>(read: (cache: QueryCache) => T, first: T): T {
  const cache = useQueryClient().getQueryCache();
  // In a later task: a part of the page that renders for the first time puts its seed into the cache while it does so.
  const subscribe = useCallback((onChange: () => void) => cache.subscribe(notifyManager.batchCalls(onChange)), [cache]);
  return useSyncExternalStore(
    subscribe,
    () => read(cache),
    () => first,
  );
}
