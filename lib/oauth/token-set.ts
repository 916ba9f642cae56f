import "server-only";
import type { TokenEndpointResponse } from "oauth4webapi";
import type { TokenSet } from "@/lib/oauth/provider";
import { fail, success, type Result } from "@/lib/result";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;
const LONGEST_TOKEN = 16_384;

/** A lifetime that is absurd would switch refreshing off, or make every call refresh. */
function isSensible({ access_token, refresh_token = "", expires_in = 1 }: TokenEndpointResponse): boolean {
  const lengths = [access_token.length, refresh_token.length];
  return lengths.every((length) => length <= LONGEST_TOKEN) && expires_in >= 1 && expires_in <= ONE_YEAR_SECONDS;
}

/**
 * What to keep of a token answer. Without a new refresh token the old one goes on being good (RFC 6749 section 6). Fails with
 * `oauth/invalid_response`; also for a token bound to a key (DPoP), which this app does not have.
 */
export function toTokenSet(
  answer: TokenEndpointResponse,
  now: () => number,
  oldRefreshToken?: string,
): Result<TokenSet> {
  if (answer.token_type !== "bearer" || !isSensible(answer)) return fail("oauth/invalid_response");
  const obtainedAt = Math.floor(now() / 1_000);
  const refreshToken = answer.refresh_token ?? oldRefreshToken;
  return success({
    accessToken: answer.access_token,
    obtainedAt,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(answer.expires_in !== undefined && { expiresAt: obtainedAt + Math.floor(answer.expires_in) }),
    ...(answer.scope !== undefined && { scope: answer.scope }),
  });
}
