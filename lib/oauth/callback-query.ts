import type { FailureCode } from "@/lib/failure-table";
import { fail, success, type Result } from "@/lib/result";

const LONGEST_STATE = 512;
const LONGEST_CODE = 4_096;

/** A callback's query once it has been looked at: well-formed, but not yet tied to a transaction. */
export interface CallbackQuery {
  state: string;
  /** Set when the provider says no (RFC 6749 section 4.1.2.1). */
  denied?: FailureCode;
  params: URLSearchParams;
}

/** The provider's own errors, as our codes. Anything else is an answer we cannot read. */
const PROVIDER_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ["access_denied", "oauth/access_denied"],
  ["invalid_request", "oauth/invalid_request"],
  ["invalid_scope", "oauth/invalid_scope"],
  ["unauthorized_client", "oauth/unauthorized_client"],
  ["server_error", "oauth/network_error"],
  ["temporarily_unavailable", "oauth/network_error"],
]);

/** The value of a parameter that must occur exactly once; a repeated one is an attack or a bug (RFC 6749 section 3.1). */
function single(params: URLSearchParams, name: string, longest: number): string | undefined {
  const [value, ...others] = params.getAll(name);
  return value && others.length === 0 && value.length <= longest ? value : undefined;
}

/** Reads a callback's query. Fails with `oauth/invalid_callback` before anything is looked up or asked for. */
export function readCallbackQuery(params: URLSearchParams): Result<CallbackQuery> {
  const state = single(params, "state", LONGEST_STATE);
  if (state === undefined) return fail("oauth/invalid_callback");
  if (params.has("error")) {
    const denied = PROVIDER_ERRORS.get(params.get("error") ?? "") ?? "oauth/invalid_response";
    return success({ state, denied, params });
  }
  const code = single(params, "code", LONGEST_CODE);
  return code === undefined ? fail("oauth/invalid_callback") : success({ state, params });
}
