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

/**
 * Why a request got no answer, or only half of one: `undefined` for an error that is not the network's and must be thrown on. A
 * `TypeError` is all of fetch's own errors: no connection, a redirect (refused), a broken answer.
 */
export function networkReason(error: unknown): FailureReason | undefined {
  if (error instanceof DOMException) return "timeout";
  return error instanceof TypeError ? "unreachable" : undefined;
}
