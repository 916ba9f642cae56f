import "server-only";
import { APIError } from "@echoxyz/sonar-core";
import type { FailureCode, FailureReason } from "@/lib/failure-table";
import { AnswerTooLarge } from "@/lib/upstream/answer-limit";
import { API_STATUS_CODES, networkReason } from "@/lib/upstream/upstream-trouble";
import { fail, success, type Result } from "@/lib/result";

interface Trouble {
  code: FailureCode;
  reason?: FailureReason;
  status?: number;
}

/** Codes that differ between the token endpoints and the API; everything else is common to them. */
type StatusCodes = Readonly<Record<number, FailureCode>>;

const EXCHANGE: StatusCodes = {
  400: "oauth/invalid_grant",
  401: "oauth/invalid_client",
  403: "oauth/unauthorized_client",
};

// Echo does not say how it refuses a refresh token; 400 and 401 both mean that the connection is over, nothing else does.
const REFRESH: StatusCodes = { 400: "auth/invalid_refresh_token", 401: "auth/invalid_refresh_token" };

interface Kind {
  statuses: StatusCodes;
  network: FailureCode;
  server: FailureCode;
  unreadable: FailureCode;
}

const oauthKind = {
  network: "oauth/network_error",
  server: "oauth/network_error",
  unreadable: "oauth/invalid_response",
} as const;
const KINDS = {
  exchange: { ...oauthKind, statuses: EXCHANGE },
  refresh: { ...oauthKind, statuses: REFRESH },
  api: {
    network: "api/network_error",
    server: "api/server_error",
    unreadable: "api/invalid_response",
    statuses: API_STATUS_CODES,
  },
} as const satisfies Record<string, Kind>;

function fromStatus(kind: Kind, status: number): Trouble {
  const known = kind.statuses[status];
  if (known) return { code: known, status };
  if (status < 300) return { code: kind.unreadable, status };
  if (status === 429) return { code: kind.network, reason: "overloaded", status };
  return { code: kind.server, reason: "server_error", status };
}

/** What went wrong, without the body: sonar-core's `APIError.details` holds all of it, and it is never read here. */
function troubleOf(kind: Kind, error: unknown): Trouble {
  if (error instanceof APIError) return fromStatus(kind, error.status);
  if (error instanceof AnswerTooLarge) return { code: kind.unreadable };
  const reason = networkReason(error);
  if (reason) return { code: kind.network, reason };
  throw error;
}

/** Turns a call of sonar-core into a Result. An error that is not the network's or Echo's is a bug and is thrown on. */
export async function settle<T>(kind: keyof typeof KINDS, call: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await call());
  } catch (error) {
    const { code, ...details } = troubleOf(KINDS[kind], error);
    return fail(code, details);
  }
}
