"use client";

import { useQueryClient, type QueryKey, type QueryState } from "@tanstack/react-query";
import { use } from "react";
import { FailureError } from "@/lib/failure-error";
import type { Result } from "@/lib/result";

function seededState<T>(result: Result<T>): QueryState<T, Error> {
  // The browser's own clock: measured against the server's, fresh data could look old and be asked for again.
  const now = Date.now();
  const settled = { fetchFailureCount: 0, fetchMeta: null, isInvalidated: false, fetchStatus: "idle" as const };
  if (result.ok) {
    const data = { data: result.data, dataUpdateCount: 1, dataUpdatedAt: now };
    const error = { error: null, errorUpdateCount: 0, errorUpdatedAt: 0, fetchFailureReason: null };
    return { ...settled, ...data, ...error, status: "success" };
  }
  const reason = new FailureError(result.error);
  const data = { data: undefined, dataUpdateCount: 0, dataUpdatedAt: 0 };
  const error = { error: reason, errorUpdateCount: 1, errorUpdatedAt: now, fetchFailureReason: reason };
  return { ...settled, ...data, ...error, status: "error" };
}

/**
 * Puts what the page streamed into the query cache, as the first answer of its query. Suspends until it is there, so the HTML holds the
 * data and the browser has nothing to ask for. A seeded failure counts as an answer as well: it is shown, not retried unasked. A seed that
 * ends in undefined was not waited for any longer: then the browser asks.
 */
export function useSeed<T>(queryKey: QueryKey, seed: Promise<Result<T> | undefined> | undefined): void {
  const client = useQueryClient();
  if (!seed) return;
  const result = use(seed);
  if (!result || client.getQueryState(queryKey)) return;
  client.getQueryCache().build(client, { queryKey }, seededState(result));
}
