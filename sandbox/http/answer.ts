/** A finished HTTP answer: what a handler returns before a fault may change it. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A JSON answer. Bigints become numbers with all their digits, because Go and other languages write them so. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: withExactIntegers(value),
  };
}

function withExactIntegers(value: unknown): string {
  const marked = (_: string, part: unknown) => (typeof part === "bigint" ? `\0${part}\0` : part);
  return JSON.stringify(value, marked).replace(/"\\u0000(\d+)\\u0000"/g, "$1");
}

/** The answer of a control: a sentence that says what is now so, and facts for programs. */
export function nowSo(now: string, facts: object = {}): Answer {
  return json({ now, ...facts });
}

/** An answer without a body. */
export function noContent(headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 204, headers, body: "" };
}

/** A redirect after a form: with 303, not 302, the browser turns the POST into a GET (RFC 9110 section 15.4.4). */
export function seeOther(location: string): Answer {
  return { status: 303, headers: { location }, body: "" };
}

/** Thrown by a handler: the answer that the client gets. */
export class AnswerError extends Error {
  constructor(
    message: string,
    readonly answer: Answer,
  ) {
    super(message);
    this.name = "AnswerError";
  }
}

/** The error codes of the Encore framework with their HTTP status. Echo's API appears to use Encore's error body. */
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

/** The `code` in the body of an Echo API error. */
export type ApiErrorCode = keyof typeof STATUS_OF;

interface ApiErrorOptions {
  /** A more precise HTTP status than the code's own, e.g. 405 or 415. */
  status?: number;
  details?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** Thrown by a handler; becomes a `{ code, message, details }` answer. */
export class ApiError extends AnswerError {
  constructor(code: ApiErrorCode, message: string, options: ApiErrorOptions = {}) {
    const body = { code, message, details: options.details ?? null };
    super(message, json(body, options.status ?? STATUS_OF[code], options.headers));
    this.name = "ApiError";
  }
}

/** The code that belongs to a status; `unknown` is Encore's own catch-all. */
export function codeOfStatus(status: number): ApiErrorCode | "unknown" {
  const codes = Object.keys(STATUS_OF).filter(isCode);
  return codes.find((code) => STATUS_OF[code] === status) ?? "unknown";
}

function isCode(text: string): text is ApiErrorCode {
  return Object.hasOwn(STATUS_OF, text);
}
