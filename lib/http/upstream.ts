import "server-only";
import { environmentSchema } from "@/lib/config/env-schema";
import type { FailureCode, FailureReason } from "@/lib/failures";
import type { Deadline } from "@/lib/http/deadline";
import { outsideRequests } from "@/lib/http/outside-requests";
import { parseJson } from "@/lib/http/parse-json";
import { inSpan } from "@/lib/http/telemetry";
import { beginCall } from "@/lib/http/upstream-crowd";

/** An upstream sent more than this app reads. It is reported like an answer that cannot be read. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";

  constructor() {
    super("The answer is larger than UPSTREAM_MAX_BYTES");
  }
}

const DEFAULT_BYTES = 1_000_000;

/** Statuses of answers without a body, which cannot be given one either (Fetch standard, null body status). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Read here and not in `env.ts`, which imports the providers, and through them this file. The schema's rule applies here too: a blank value
 * does not mean zero, and a word does not mean "no limit".
 */
function largestAnswer(): number {
  return environmentSchema.shape.UPSTREAM_MAX_BYTES.safeParse(process.env.UPSTREAM_MAX_BYTES).data ?? DEFAULT_BYTES;
}

const tooLarge = new WeakSet<Response>();

/** True if an answer exceeded the limit. A library that swallows the error of reading passes on the answer alone. */
export function wasTooLarge(answer: Response): boolean {
  return tooLarge.has(answer);
}

/** Counts decompressed bytes: a small answer can unpack to gigabytes. */
function counting(limit: number, onExcess: () => void, onEnd: () => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    flush: onEnd,
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= limit) return controller.enqueue(chunk);
      onExcess();
      onEnd();
      controller.error(new AnswerTooLarge());
    },
  });
}

/**
 * Limits an answer to `UPSTREAM_MAX_BYTES`: a broken or compromised upstream must not use up this process's memory. Reading more fails with
 * `AnswerTooLarge`; so does this function if the answer declares such a length. An error cancels the source, which closes its socket. `signal`
 * ends reading: Node's fetch forgets its own once the request has been collected as garbage, so that an answer that stops half-way would be
 * awaited for minutes. `onEnd` is called when all of it was read, or when nothing is read any more.
 */
async function limitAnswer(answer: Response, signal: AbortSignal, onEnd: () => void): Promise<Response> {
  const { body, status, headers, url } = answer;
  if (!body || WITHOUT_BODY.has(status)) {
    onEnd();
    return answer;
  }
  const limit = largestAnswer();
  if (Number(headers.get("content-length") ?? 0) > limit) {
    await body.cancel();
    throw new AnswerTooLarge();
  }
  // An upstream may send a status, or a status text, that a Response does not accept. Nobody reads the text.
  const read = body.pipeThrough(
    counting(limit, () => tooLarge.add(limited), onEnd),
    { signal },
  );
  const limited = new Response(read, { status: Math.min(status, 599), headers });
  // A Response made by hand has no address.
  return Object.defineProperty(limited, "url", { value: url });
}

/** The part of `fetch` that SDKs accept as an option. */
export type FetchLike = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** True if a request may be repeated without harm. */
export type IsIdempotent = (url: URL) => boolean;

const CONNECTION_ERRORS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** True if a request failed before any answer began: no connection, or a kept-alive one that had gone stale. */
function isConnectionError(error: unknown): boolean {
  const cause = error instanceof TypeError ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && CONNECTION_ERRORS.has(String(cause.code));
}

function urlOf(input: RequestInfo | URL): URL {
  return new URL(input instanceof Request ? input.url : input);
}

/**
 * The name of a call in traces, in letters. A client that makes several calls tells them apart by their addresses; the address itself is never sent,
 * because it can hold a key or an id.
 */
export type CallName = string | ((url: URL) => string);

/** One request as a span: from its beginning to the answer's headers. */
function traced(name: string, url: URL, method: string, ask: () => Promise<Response>) {
  const fields = { "app.call": name, "server.address": url.hostname, "http.request.method": method };
  return inSpan({ name, kind: "client", fields }, async (span) => {
    const answer = await ask();
    span.note({ "http.response.status_code": answer.status });
    if (answer.status >= 400) span.fault(String(answer.status));
    return answer;
  });
}

/**
 * The `fetch` of every provider's client. It keeps the deadline, follows no redirect (a token must not reach another host), reads no more
 * than `UPSTREAM_MAX_BYTES`, and is never cached or replayed by Next. If the connection failed, it repeats a request once, provided that
 * this does no harm: a code exchange, refresh or permit is never repeated, because the first try may have been processed. While too many
 * calls of the same upstream are under way, it waits for one of them to end (`beginCall`).
 */
export function upstreamFetch(
  call: CallName,
  deadline: Pick<Deadline, "signal">,
  isIdempotent: IsIdempotent,
): FetchLike {
  return async (input, init) => {
    const options: RequestInit = { ...init, signal: deadline.signal, redirect: "error", cache: "no-store" };
    const method = init?.method ?? (input instanceof Request ? input.method : "GET");
    const url = urlOf(input);
    const name = typeof call === "string" ? call : call(url);
    const request = async () => {
      const end = await beginCall(url.origin, name, deadline.signal);
      const ask = () =>
        outsideRequests(() => fetch(input, options)).then((answer) => limitAnswer(answer, deadline.signal, end));
      return traced(name, url, method, ask).catch((error: unknown) => {
        end();
        throw error;
      });
    };
    try {
      return await request();
    } catch (error) {
      if (isConnectionError(error) && isIdempotent(url)) return request();
      throw error;
    }
  };
}

/** True for a status that refuses a request: 4xx, but 429, which says enough by itself. */
export function isRefusingStatus(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/**
 * What stands in the place of a provider's own refusal, which is a JSON object: "page" for HTML, "other" for other text or none. It comes from a
 * gateway or firewall in front of the provider, so that it says nothing of tokens, permissions or this site's registration: a 401 of that kind
 * must not end everybody's connection (issue 13). Undefined for an object, and for any other status. `body`: the text, or the value that it
 * was parsed to.
 */
export function foreignBody(status: number, body: unknown): "page" | "other" | undefined {
  if (!isRefusingStatus(status)) return undefined;
  const value = typeof body === "string" ? parseJson(body) : body;
  if (typeof value === "object" && value !== null) return undefined;
  return typeof body === "string" && /^\s*</.test(body) ? "page" : "other";
}

/** The statuses of a provider's API with a meaning of their own; all others are server errors. */
export const API_STATUS_CODES: Readonly<Record<number, FailureCode>> = {
  400: "api/invalid_request",
  401: "api/unauthorized",
  403: "api/forbidden",
  404: "api/not_found",
  422: "api/invalid_request",
  429: "api/rate_limited",
};

const ENDED_BY_US: ReadonlySet<string> = new Set(["TimeoutError", "AbortError"]);

/** The messages of fetch for a request that failed and for an answer that broke off. */
const FETCH_ERRORS: ReadonlySet<string> = new Set(["fetch failed", "terminated"]);

/**
 * The reason why a request got no answer, or only half of one; `undefined` for an error that is not the network's and must be rethrown.
 * fetch throws a `TypeError` with a cause for no connection, a refused redirect and a broken answer. One without a cause is a bug of this
 * app, and must not be reported as the upstream's fault.
 */
export function networkReason(error: unknown): FailureReason | undefined {
  if (error instanceof DOMException) return ENDED_BY_US.has(error.name) ? "timeout" : undefined;
  if (!(error instanceof TypeError)) return undefined;
  return error.cause instanceof Error || FETCH_ERRORS.has(error.message) ? "unreachable" : undefined;
}
