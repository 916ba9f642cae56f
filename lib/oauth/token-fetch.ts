import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deadline } from "@/lib/upstream/deadline";
import { upstreamFetch, type FetchLike } from "@/lib/upstream/upstream-fetch";

/** Before the one more try, in milliseconds: a server that is being restarted is back soon. */
const BACKOFF_MS = 250;

/** No connection was made, so nothing can have been processed. A reset (ECONNRESET) is not among them: that may come after. */
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof TypeError ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && NEVER_CONNECTED.has(String(cause.code));
}

function asJson(init: RequestInit | undefined): RequestInit | undefined {
  if (!(init?.body instanceof URLSearchParams)) return init;
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json");
  return { ...init, headers, body: JSON.stringify(Object.fromEntries(init.body)) };
}

/**
 * The `fetch` of token endpoints: `upstreamFetch`, with the fields as JSON where the provider wants them so. A request is sent once
 * more, after a pause, only if it was never sent: a code or refresh token that is presented twice ends the connection (RFC 9700
 * section 4.14.2), so a timeout or a reset is final.
 */
export function tokenFetch(deadline: Deadline, body: "form" | "json"): FetchLike {
  const send = upstreamFetch(deadline, () => false);
  return async (input, init) => {
    const request = body === "json" ? asJson(init) : init;
    try {
      return await send(input, request);
    } catch (error) {
      if (!wasNeverSent(error)) throw error;
      await sleep(BACKOFF_MS, undefined, { signal: deadline.signal }).catch(() => undefined);
      return send(input, request);
    }
  };
}
