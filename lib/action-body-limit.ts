/** The largest body that an action call may have (bytes); `next.config.ts` tells Next the same. */
const LIMIT = 65_536;

/**
 * The answer to an action call whose body is too large, or `undefined`. Next refuses such a call as well, but as an error whose message it
 * hides in production, so that no hook could tell what was wrong. Of a plain text answer it hands the text on.
 */
export function refuseLargeAction(headers: Headers): Response | undefined {
  if (!headers.has("next-action") || Number(headers.get("content-length")) <= LIMIT) return undefined;
  return new Response("Body exceeded 64 kB.", { status: 413, headers: { "Content-Type": "text/plain" } });
}
