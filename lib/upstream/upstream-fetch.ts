import "server-only";
import { limitAnswer } from "@/lib/upstream/answer-limit";
import type { Deadline } from "@/lib/upstream/deadline";

/** The part of `fetch` that SDKs take as an option. */
export type FetchLike = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** Says of a request whether repeating it does no harm. */
export type IsIdempotent = (url: URL) => boolean;

const CONNECTION_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether a request failed before any answer began: no connection, or a kept-alive one that had gone stale. */
function isConnectionError(error: unknown): boolean {
  const cause = error instanceof TypeError ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && CONNECTION_ERRORS.has(String(cause.code));
}

function urlOf(input: RequestInfo | URL): URL {
  return new URL(input instanceof Request ? input.url : input);
}

/**
 * The `fetch` given to every provider's client: it keeps the deadline, follows no redirect (a token must not travel to another
 * host), reads no more than `UPSTREAM_MAX_BYTES`, is never cached or replayed by Next, and repeats a request once when no connection was made, if that does no harm.
 * A code exchange, refresh or permit is never repeated: the first try may have been processed.
 */
export function upstreamFetch(deadline: Deadline, isIdempotent: IsIdempotent): FetchLike {
  return async (input, init) => {
    const options: RequestInit = { ...init, signal: deadline.signal, redirect: "error", cache: "no-store" };
    const request = () => fetch(input, options).then((answer) => limitAnswer(answer));
    try {
      return await request();
    } catch (error) {
      if (isConnectionError(error) && isIdempotent(urlOf(input))) return request();
      throw error;
    }
  };
}
