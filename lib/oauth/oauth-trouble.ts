import "server-only";
import {
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from "oauth4webapi";
import type { FailureCode } from "@/lib/failure-table";
import { AnswerTooLarge, wasTooLarge } from "@/lib/upstream/answer-limit";
import { networkReason } from "@/lib/upstream/upstream-trouble";
import { fail } from "@/lib/result";

type Refusal = ReturnType<typeof fail>;

/** The errors of RFC 6749 section 5.2, as our codes, and those that some servers use for trouble that passes. */
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
]);

function fromStatus(status: number): Refusal | undefined {
  if (status === 429) return fail("oauth/network_error", { reason: "overloaded", status });
  return status >= 500 ? fail("oauth/network_error", { reason: "server_error", status }) : undefined;
}

function fromError(error: string | undefined, status: number): Refusal {
  return fromStatus(status) ?? fail(TOKEN_ERRORS.get(error ?? "") ?? "oauth/invalid_response", { status });
}

/**
 * With HTTP Basic, a refused client is told so by a challenge of that scheme, with or without the error's name (RFC 6749 section 5.2).
 * Another scheme's challenge is about the token.
 */
function fromChallenge({ cause, status }: WWWAuthenticateChallengeError): Refusal {
  const named = cause.flatMap(({ parameters }) => parameters.error ?? [])[0];
  const asksForTheClient = status === 401 && cause.some(({ scheme }) => scheme === "basic");
  return fromError(named ?? (asksForTheClient ? "invalid_client" : undefined), status);
}

/**
 * An answer that is not in order. Of one with an unexpected status, oauth4webapi keeps the response as the error's cause. Of one that is too
 * long, the status says nothing: nobody has read the error's name, so a 400 must not end the connection (RFC 6749 section 5.2).
 */
function fromUnreadable({ cause }: Error): Refusal {
  const status = cause instanceof Response && !wasTooLarge(cause) ? cause.status : undefined;
  const refusal = status === undefined ? undefined : fromStatus(status);
  return refusal ?? fail("oauth/invalid_response", { status });
}

/**
 * What oauth4webapi throws at the token endpoint, as a Failure, without anything of the body: it could quote a token. An error that
 * is neither the network's nor the provider's is a bug and is thrown on.
 */
export function tokenTrouble(error: unknown): Refusal {
  if (error instanceof ResponseBodyError) return fromError(error.error, error.status);
  if (error instanceof WWWAuthenticateChallengeError) return fromChallenge(error);
  // Before the network's: a body that is cut off is an OperationProcessingError around a DOMException or TypeError.
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    const cut = networkReason(error.cause);
    return cut ? fail("oauth/network_error", { reason: cut }) : fromUnreadable(error);
  }
  if (error instanceof AnswerTooLarge) return fail("oauth/invalid_response");
  const reason = networkReason(error);
  if (reason) return fail("oauth/network_error", { reason });
  throw error;
}
