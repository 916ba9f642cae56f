"use client";

import { useState } from "react";

/**
 * The error of the last attempt, kept while the next one runs. TanStack Query clears it for a query without data, and what the user was
 * reading would give way to a skeleton at every try. `key` names the query: another one starts without an error.
 */
export function useStandingError(key: string, error: Error | null, isPending: boolean): Error | null {
  const [last, setLast] = useState({ key, error });
  if (!isPending && (last.key !== key || last.error !== error)) setLast({ key, error });
  if (!isPending) return error;
  return last.key === key ? last.error : null;
}
