import { json } from "./answer";
import { AnswerError } from "./answer-error";

/** The error codes of the Encore framework, whose envelope Echo's API appears to use, with their HTTP status. */
const STATUS_OF = {
  invalid_argument: 400,
  failed_precondition: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  resource_exhausted: 429,
  internal: 500,
  unimplemented: 501,
  unavailable: 503,
  deadline_exceeded: 504,
} as const;

/** What an error of Echo's API is called in its body. */
export type ApiErrorCode = keyof typeof STATUS_OF;

interface ApiErrorOptions {
  /** Where HTTP has a more exact status than the code's own, e.g. 405 or 415. */
  status?: number;
  details?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers; becomes a `{ code, message, details }` answer. */
export class ApiError extends AnswerError {
  constructor(code: ApiErrorCode, message: string, options: ApiErrorOptions = {}) {
    const body = { code, message, details: options.details ?? null };
    super(message, json(body, options.status ?? STATUS_OF[code], options.headers));
    this.name = "ApiError";
  }
}

/** The code that belongs to a status, for answers that are asked for by status; `unknown` is Encore's own catch-all. */
export function codeOfStatus(status: number): ApiErrorCode | "unknown" {
  const codes = Object.keys(STATUS_OF).filter(isCode);
  return codes.find((code) => STATUS_OF[code] === status) ?? "unknown";
}

function isCode(text: string): text is ApiErrorCode {
  return Object.hasOwn(STATUS_OF, text);
}
