import "server-only";
import type { FailureCode, FailureReason } from "@/lib/failure-table";

/** What a status of a provider's API means, where it means something of its own; other errors are the server's. */
export const API_STATUS_CODES: Readonly<Record<number, FailureCode>> = {
  400: "api/invalid_request",
  401: "api/unauthorized",
  403: "api/forbidden",
  404: "api/not_found",
  422: "api/invalid_request",
  429: "api/rate_limited",
};

const ENDED_BY_US: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);

/** What fetch says of a request that failed, and of an answer that broke off. */
const FETCH_ERRORS: ReadonlySet<string> = new Set(["fetch failed", "terminated"]);

/**
 * Why a request got no answer, or only half of one: `undefined` for an error that is not the network's and must be thrown on. fetch
 * throws a `TypeError` for no connection, a redirect (refused) and a broken answer, and gives the cause; one without is a bug of ours, which
 * must not be told as somebody else's trouble.
 */
export function networkReason(error: unknown): FailureReason | undefined {
  if (error instanceof DOMException) return ENDED_BY_US.has(error.name) ? "timeout" : undefined;
  if (!(error instanceof TypeError)) return undefined;
  return error.cause instanceof Error || FETCH_ERRORS.has(error.message) ? "unreachable" : undefined;
}
