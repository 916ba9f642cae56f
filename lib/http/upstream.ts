import "server-only";
import { environmentSchema } from "@/lib/config/env-schema";
import type { Deadline } from "@/lib/http/deadline";
import type { FailureCode, FailureReason } from "@/lib/failures";

/** An upstream sent more than is read of it. It is a fault of that answer, and told as one that cannot be read. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";

  constructor() {
    super("The answer is larger than UPSTREAM_MAX_BYTES");
  }
}

const DEFAULT_BYTES = 1_000_000;

/** Statuses whose answers have no body, and of which none may be made (Fetch standard, null body status). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * It is read here because `env.ts` is above the providers, and these are above every fetch. The schema's rule decides here as well: a blank
 * value is no limit of zero, and a word is no absence of a limit.
 */
function largestAnswer(): number {
  return environmentSchema.shape.UPSTREAM_MAX_BYTES.safeParse(process.env.UPSTREAM_MAX_BYTES).data ?? DEFAULT_BYTES;
}

const tooLarge = new WeakSet<Response>();

/** Whether more than is read has come of that answer. A library that swallows the error of reading hands on the answer alone. */
export function wasTooLarge(answer: Response): boolean {
  return tooLarge.has(answer);
}

/** Counts what comes out of the decompression: a small answer can unpack to gigabytes. An error cancels the source, which closes its socket. */
function counted(body: ReadableStream<Uint8Array>, limit: number, onExcess: () => void): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= limit) return controller.enqueue(chunk);
        onExcess();
        controller.error(new AnswerTooLarge());
      },
    }),
  );
}

/**
 * The same answer, of which no more than `UPSTREAM_MAX_BYTES` can be read: an upstream that is broken, or has been taken over, must not use up
 * this process's memory. Reading on fails with `AnswerTooLarge`; so does this function, at once, where the answer declares such a length.
 */
export async function limitAnswer(answer: Response, limit = largestAnswer()): Promise<Response> {
  const { body, status, headers, url } = answer;
  if (!body || WITHOUT_BODY.has(status)) return answer;
  if (Number(headers.get("content-length") ?? 0) > limit) {
    await body.cancel();
    throw new AnswerTooLarge();
  }
  // An upstream may send a status, or words beside it, of which no Response can be made; nobody reads the words.
  const read = counted(body, limit, () => tooLarge.add(limited));
  const limited = new Response(read, { status: Math.min(status, 599), headers });
  // A response that was made by hand has no address.
  return Object.defineProperty(limited, "url", { value: url });
}

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
