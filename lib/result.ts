import type { TermsConsent } from "@/lib/config/site";
import {
  FAILURES,
  REASONS,
  type FailureCode,
  type FailureEntry,
  type FailureReason,
  type Recovery,
} from "@/lib/failures";

/**
 * The result of every server action, adapter and engine function. Nothing is thrown across the action boundary: in production Next replaces
 * a thrown error's text with a digest, so the user could not be told what happened.
 */
export type Result<T> = { ok: true; data: T } | { ok: false; error: Failure };

/** A failure in words a person can act on. It carries no token, code, state or upstream body. */
export interface Failure {
  code: FailureCode;
  /** Distinguishes causes that share one code, e.g. a timeout and a 502. */
  reason?: FailureReason;
  message: string;
  suggestion: string;
  docs_url: string;
  recovery: Recovery;
  /** HTTP status of the upstream answer, if there was one. */
  status?: number;
  /** Seconds after which trying again can help, where a limit of this site says so. */
  retryAfter?: number;
  /** The terms to accept, with the recovery "accept-terms". */
  terms?: TermsConsent;
}

/** The details of a failure that its code does not tell. */
type FailureDetails = Pick<Failure, "reason" | "status" | "retryAfter" | "terms">;

/** Narrows text from outside, such as a query string, to a code of the table; own keys only, so `__proto__` is no code. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURES, text);
}

/** Narrows text from outside to a reason of the table. */
export function isFailureReason(text: string): text is FailureReason {
  return REASONS.some((reason) => reason === text);
}

/** Wraps a value as a successful Result. */
export function success<T>(data: T): Result<T> {
  return { ok: true, data };
}

/** The Failure of a code, with the sentence of `reason` if the table has one. */
export function failure(code: FailureCode, details: FailureDetails = {}): Failure {
  const entry: FailureEntry = FAILURES[code];
  const text = (details.reason && entry.variants?.[details.reason]) ?? entry;
  return {
    code,
    ...(details.reason !== undefined && { reason: details.reason }),
    message: text.message,
    suggestion: text.suggestion,
    docs_url: `/oauth/error?code=${encodeURIComponent(code)}`,
    recovery: entry.recovery,
    ...(details.status !== undefined && { status: details.status }),
    ...(details.retryAfter !== undefined && { retryAfter: details.retryAfter }),
    ...(details.terms !== undefined && { terms: details.terms }),
  };
}

/** A failure's message with the name of the service that it is about; Sonar by default. */
export function messageOf({ message }: Pick<Failure, "message">, service = "Sonar"): string {
  return message.replace(/^The service\b/, service);
}

/** A failed Result of a code; see `failure`. */
export function fail(code: FailureCode, details?: FailureDetails): { ok: false; error: Failure } {
  return { ok: false, error: failure(code, details) };
}

/** A Failure as the `Error` that sonar-react's hooks return, with the recovery that the UI offers. */
export class FailureError extends Error {
  override readonly name = "FailureError";
  readonly code: FailureCode;
  readonly recovery: Recovery;

  constructor(readonly failure: Failure) {
    super(failure.message);
    this.code = failure.code;
    this.recovery = failure.recovery;
  }
}

/** The Failure of an error that a hook returned. */
export function failureOf(error: Error): Failure {
  return error instanceof FailureError ? error.failure : failure("request/unexpected");
}

/** An asynchronous value. `refreshFailure`: a later read failed, and the last answer is still shown. */
export type Read<T> =
  | { status: "loading" }
  | { status: "failed"; failure: Failure }
  | { status: "ready"; value: T; refreshFailure?: Failure };

/** The state of a query as a `Read`: an answer counts more than an error that came after it. */
export function toRead<T>({ data, error }: { data?: T; error?: Error }): Read<T> {
  const failure = error && failureOf(error);
  if (data !== undefined) return { status: "ready", value: data, ...(failure && { refreshFailure: failure }) };
  return failure ? { status: "failed", failure } : { status: "loading" };
}
