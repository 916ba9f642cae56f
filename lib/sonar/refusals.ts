import "server-only";
import { APIError } from "@echoxyz/sonar-core";
import type { FailureCode, FailureReason } from "@/lib/failures";
import { AnswerTooLarge, API_STATUS_CODES, foreignBody, networkReason } from "@/lib/http/upstream";
import { fail, success, type Result } from "@/lib/result";

interface FailureDetails {
  code: FailureCode;
  reason?: FailureReason;
  status?: number;
}

/** The codes that differ between the token endpoints and the API. */
type StatusCodes = Readonly<Record<number, FailureCode>>;

const EXCHANGE: StatusCodes = {
  400: "oauth/invalid_grant",
  401: "oauth/invalid_client",
  403: "oauth/unauthorized_client",
};

// Echo does not document how it refuses a refresh token. 400 and 401 both mean that the connection has ended, unless the error's name says
// otherwise (below); nothing else does. Any other refusal keeps it, and the user may connect again.
const REFRESH: StatusCodes = {
  400: "auth/invalid_refresh_token",
  401: "auth/invalid_refresh_token",
  403: "oauth/unauthorized_client",
};

/** The errors of RFC 6749 section 5.2, and those of passing troubles, that do not blame the refresh token. sonar-core hands them on as the message. */
const NOT_OF_THE_TOKEN: ReadonlyMap<string, Omit<FailureDetails, "status">> = new Map([
  ["invalid_request", { code: "oauth/invalid_request" }],
  ["invalid_client", { code: "oauth/invalid_client" }],
  ["unauthorized_client", { code: "oauth/unauthorized_client" }],
  ["unsupported_grant_type", { code: "oauth/unsupported_grant_type" }],
  ["server_error", { code: "oauth/network_error", reason: "server_error" }],
  ["temporarily_unavailable", { code: "oauth/network_error", reason: "server_error" }],
  ["slow_down", { code: "oauth/network_error", reason: "overloaded" }],
]);

interface Kind {
  statuses: StatusCodes;
  /** By the error's name, before its status. */
  named?: ReadonlyMap<string, Omit<FailureDetails, "status">>;
  network: FailureCode;
  /** The statuses that mean something only in Sonar's own words, which are JSON. A 401 of the API leads to one refresh, whatever comes with it. */
  ownWords?: readonly number[];
  /** Any other status from 400 to 499, if it says something about the request. */
  refused?: FailureCode;
  server: FailureCode;
  unreadable: FailureCode;
}

const oauthKind = {
  network: "oauth/network_error",
  server: "oauth/network_error",
  unreadable: "oauth/invalid_response",
} as const;
const KINDS = {
  exchange: { ...oauthKind, statuses: EXCHANGE, ownWords: [400, 401, 403] },
  refresh: { ...oauthKind, statuses: REFRESH, named: NOT_OF_THE_TOKEN, refused: "oauth/invalid_request" },
  api: {
    network: "api/network_error",
    server: "api/server_error",
    unreadable: "api/invalid_response",
    statuses: API_STATUS_CODES,
    ownWords: [403],
  },
} as const satisfies Record<string, Kind>;

function fromStatus(kind: Kind, status: number): FailureDetails {
  const known = kind.statuses[status];
  if (known) return { code: known, status };
  if (status < 300) return { code: kind.unreadable, status };
  if (status === 429) return { code: kind.network, reason: "overloaded", status };
  if (kind.refused && status >= 400 && status < 500 && status !== 408) return { code: kind.refused, status };
  return { code: kind.server, reason: "server_error", status };
}

/**
 * The failure of an error, without the body: sonar-core's `APIError.details` contains all of it, and is only looked at to tell a page from an answer of
 * Sonar's. Of the message, only known names count.
 */
function failureDetails(kind: Kind, error: unknown): FailureDetails {
  if (error instanceof APIError) {
    const { status, message, details } = error;
    const named = kind.named?.get(message);
    if (named) return { ...named, status };
    const foreign = foreignBody(status, details);
    if (foreign === "page" || (foreign && kind.ownWords?.includes(status)))
      return { code: kind.server, reason: "server_error", status };
    // Of a refresh, such a refusal is unclear: the connection is kept, and may be made again.
    return foreign && kind === KINDS.refresh ? { code: kind.unreadable, status } : fromStatus(kind, status);
  }
  if (error instanceof AnswerTooLarge) return { code: kind.unreadable };
  const reason = networkReason(error);
  if (reason) return { code: kind.network, reason };
  throw error;
}

/** Turns a call of sonar-core into a Result. An error that is not the network's or Echo's is a bug and is rethrown. */
export async function sonarResult<T>(kind: keyof typeof KINDS, call: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await call());
  } catch (error) {
    const { code, ...details } = failureDetails(KINDS[kind], error);
    return fail(code, details);
  }
}
