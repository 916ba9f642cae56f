/**
 * Milliseconds that a page waits for an answer of this site. More than the longest limit that the server can have for one (UPSTREAM_TIMEOUT_MS is
 * at most 50 seconds), so what comes later was lost on its way: a phone that changed its network, a proxy that fell silent.
 */
export const ANSWER_LIMIT_MS = 60_000;

/** A signal for one request of this site, body included. No `AbortSignal.timeout`: old browsers lack it. */
export function answerLimit(ms = ANSWER_LIMIT_MS): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException("No answer in time", "TimeoutError")), ms);
  return controller.signal;
}

/** Next's header of a server action. */
const ACTION_HEADER = "next-action";

/**
 * Ends every server action that gets no answer. Next has no limit of its own and sends one action after the other, so a lost answer would
 * leave the page waiting for ever, and each new attempt behind it.
 */
export function limitActions(scope: { fetch: typeof fetch }, ms = ANSWER_LIMIT_MS): void {
  const original = scope.fetch;
  scope.fetch = (input, init) => {
    const isAction = !init?.signal && new Headers(init?.headers).has(ACTION_HEADER);
    return original.call(scope, input, isAction ? { ...init, signal: answerLimit(ms) } : init);
  };
}
