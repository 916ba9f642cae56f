import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import {
  allowInsecureRequests,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import { z } from "zod";
import type { FailureCode } from "@/lib/failures";
import type { Deadline } from "@/lib/http/deadline";
import { parseJson } from "@/lib/http/parse-json";
import { isLoopback } from "@/lib/http/secure-url";
import {
  AnswerTooLarge,
  foreignBody,
  networkReason,
  upstreamFetch,
  wasTooLarge,
  type FetchLike,
} from "@/lib/http/upstream";
import { optional } from "@/lib/http/wire";
import type { TokenSet } from "@/lib/oauth/provider";
import { fail, success, type Result } from "@/lib/result";

/** Lets oauth4webapi use http to this machine, where nobody can intercept a request; everywhere else it requires https. */
export function insecureOnLoopback(url: string): { [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: isLoopback(url) };
}

/** Pause before the second try (milliseconds): a server that restarts is back soon. */
const BACKOFF_MS = 250;

/** Errors without a connection, so that nothing can have been processed. A reset (ECONNRESET) may come after processing. */
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
 * The `fetch` of token endpoints: `upstreamFetch`, with the fields as JSON if the provider requires it. A request is tried again, after a
 * pause, only if it was never sent: a code or refresh token that is presented twice ends the connection (RFC 9700 section 4.14.2),
 * so a timeout or a reset is final.
 */
export function tokenFetch(call: string, deadline: Deadline, body: "form" | "json"): FetchLike {
  const send = upstreamFetch(call, deadline, () => false);
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

const LONGEST_LIFETIME_SECONDS = 365 * 24 * 60 * 60;
const LONGEST_TOKEN = 16_384;

/**
 * The characters of an access token (RFC 6749 appendix A.12). It goes into a header, where any other one, a line break say, would make each call
 * fail after the connection had been shown as a success. Blanks at the ends would be dropped there.
 */
const ACCESS_TOKEN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Unknown: a 401 of the API then tells when to refresh. An absurd lifetime must neither switch refreshing off nor make every call refresh. */
function readLifetime(value: unknown): number | undefined {
  const isNumeral = typeof value === "string" && /^\s*\d+(?:\.\d+)?\s*$/.test(value);
  const seconds = isNumeral ? Number(value) : value;
  if (typeof seconds !== "number" || !(seconds >= 1)) return undefined;
  return Math.min(Math.floor(seconds), LONGEST_LIFETIME_SECONDS);
}

/**
 * The fields of a token endpoint's answer that are used (RFC 6749 section 5.1). Only the access token must be good: a server that writes
 * null, an empty text or nonsense into another field must not cost the new token, since the code or refresh token for it is used up.
 */
const tokenAnswer = z.object({
  access_token: z.string().max(LONGEST_TOKEN).regex(ACCESS_TOKEN),
  refresh_token: optional(z.string().max(LONGEST_TOKEN)),
  /** Seconds. */
  expires_in: z.unknown().transform(readLifetime).optional(),
});

/**
 * The token set of a token endpoint's answer, with times by our own clock (`now` in milliseconds). Without a new refresh token, the old
 * one stays valid (RFC 6749 section 6). Fails with `oauth/invalid_response`.
 */
export function toTokenSet(answer: unknown, now: () => number, oldRefreshToken?: string): Result<TokenSet> {
  const read = tokenAnswer.safeParse(answer);
  if (!read.success) return fail("oauth/invalid_response");
  const { access_token: accessToken, refresh_token: refreshToken = oldRefreshToken, expires_in: lifetime } = read.data;
  const obtainedAt = Math.floor(now() / 1_000);
  return success({
    accessToken,
    obtainedAt,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(lifetime !== undefined && { expiresAt: obtainedAt + lifetime }),
  });
}

/** A token of no named type is a bearer token: no other type can be used without having asked for it. */
const cleanAnswer = tokenAnswer.extend({
  token_type: z.preprocess((type) => (typeof type === "string" ? type.trim() : type) || "Bearer", z.unknown()),
  scope: optional(z.string()),
});

/** A sign-in reads it. After a refresh nobody does, and a bad one must not cost the new tokens. */
const withIdToken = cleanAnswer.extend({ id_token: optional(z.string()) });

/** An error that this app knows by its name. */
const namedError = z.object({ error: z.string().refine((name) => TOKEN_ERRORS.has(name)) });

/** True for what a token endpoint says with a body: tokens or a refusal. Any other status says enough by itself. */
function speaksByBody({ ok, status, body }: Response): boolean {
  return body !== null && (ok || (status >= 400 && status < 500 && status !== 429));
}

/** A refusal that is not the token endpoint's own: its refusals are JSON (RFC 6749 section 5.2). */
class ForeignAnswer extends Error {
  constructor(
    readonly status: number,
    readonly body: "page" | "other",
  ) {
    super("A gateway has answered in place of the token endpoint");
  }
}

/**
 * A token answer in the form that oauth4webapi requires. It refuses an answer as a whole if any field is null, empty or of another type, or
 * if the status is not exactly 200. The good new tokens would be lost with it, and the code or refresh token for them is used up. It also reads
 * no error's name but in an answer that calls itself JSON and has no challenge: a name that blames this site would end every connection. Some
 * servers report errors with a status of success. The name then says what the status should have said.
 */
export async function cleanTokenAnswer(answer: Response, grant: "code" | "refresh"): Promise<Response> {
  if (!speaksByBody(answer)) return answer;
  const { ok, status, headers } = answer;
  const text = await answer.text();
  // With a challenge of this scheme, the answer is about the client, whatever page comes with it.
  const isAboutClient = /^basic\b/i.test(headers.get("www-authenticate") ?? "");
  const foreign = foreignBody(status, text);
  if (foreign && !isAboutClient) throw new ForeignAnswer(status, foreign);
  const body = parseJson(text);
  const clean = ok ? (grant === "code" ? withIdToken : cleanAnswer).safeParse(body) : undefined;
  if (clean?.success) return Response.json(clean.data);
  const named = namedError.safeParse(body);
  if (named.success) return Response.json(named.data, { status: ok ? 400 : status });
  return new Response(text, { status, headers });
}

type Failed = ReturnType<typeof fail>;

/** The errors of RFC 6749 section 5.2, as our codes, and those that some servers use for temporary problems. */
const TOKEN_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ["invalid_grant", "oauth/invalid_grant"],
  ["invalid_client", "oauth/invalid_client"],
  ["invalid_request", "oauth/invalid_request"],
  ["invalid_scope", "oauth/invalid_scope"],
  ["unauthorized_client", "oauth/unauthorized_client"],
  ["unsupported_grant_type", "oauth/unsupported_grant_type"],
  ["server_error", "oauth/network_error"],
  ["temporarily_unavailable", "oauth/network_error"],
  ["slow_down", "oauth/network_error"],
  // GitHub's name for a refresh token that is no longer valid.
  ["bad_refresh_token", "oauth/invalid_grant"],
]);

function fromStatus(status: number): Failed | undefined {
  if (status === 429) return fail("oauth/network_error", { reason: "overloaded", status });
  return status >= 500 ? fail("oauth/network_error", { reason: "server_error", status }) : undefined;
}

function fromError(error: string | undefined, status: number): Failed {
  return fromStatus(status) ?? fail(TOKEN_ERRORS.get(error ?? "") ?? "oauth/invalid_response", { status });
}

/**
 * With HTTP Basic, a refused client gets a challenge of that scheme, with or without the error's name (RFC 6749 section 5.2). Another
 * scheme's challenge is about the token.
 */
function fromChallenge({ cause, status }: WWWAuthenticateChallengeError): Failed {
  const named = cause.flatMap(({ parameters }) => parameters.error ?? [])[0];
  const asksForTheClient = status === 401 && cause.some(({ scheme }) => scheme === "basic");
  return fromError(named ?? (asksForTheClient ? "invalid_client" : undefined), status);
}

/**
 * An invalid answer. If its status is unexpected, oauth4webapi keeps the response as the error's cause. If it is too long, the status
 * means nothing: the error's name was not read, so a 400 must not end the connection (RFC 6749 section 5.2).
 */
function fromUnreadable({ cause }: Error): Failed {
  const status = cause instanceof Response && !wasTooLarge(cause) ? cause.status : undefined;
  const refusal = status === undefined ? undefined : fromStatus(status);
  return refusal ?? fail("oauth/invalid_response", { status });
}

/**
 * The Failure of an error that oauth4webapi throws. Nothing of the body is included, because it could quote a token. An error that is
 * neither the network's nor the provider's is a bug and is rethrown.
 */
export function oauthFailure(error: unknown): Failed {
  if (error instanceof ResponseBodyError) return fromError(error.error, error.status);
  if (error instanceof WWWAuthenticateChallengeError) return fromChallenge(error);
  // This comes before the network errors: a body that breaks off is an OperationProcessingError around a DOMException or TypeError.
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    const cut = networkReason(error.cause);
    return cut ? fail("oauth/network_error", { reason: cut }) : fromUnreadable(error);
  }
  if (error instanceof ForeignAnswer) {
    const code = error.body === "page" ? "oauth/network_error" : "oauth/invalid_response";
    return fail(code, { reason: "server_error", status: error.status });
  }
  if (error instanceof AnswerTooLarge) return fail("oauth/invalid_response");
  const reason = networkReason(error);
  if (reason) return fail("oauth/network_error", { reason });
  throw error;
}
