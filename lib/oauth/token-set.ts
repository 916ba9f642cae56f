import "server-only";
import type { TokenSet } from "@/lib/oauth/provider";
import { fail, success, type Result } from "@/lib/result";

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;
const LONGEST_TOKEN = 16_384;

/** What is kept of the answer of a token endpoint (RFC 6749 section 5.1). */
export interface TokenAnswer {
  access_token: string;
  refresh_token?: string;
  /** Seconds. */
  expires_in?: number;
}

/** A lifetime that is absurd would switch refreshing off, or make every call refresh. */
function isSensible({ access_token, refresh_token = "", expires_in = 1 }: TokenAnswer): boolean {
  const lengths = [access_token.length, refresh_token.length];
  return lengths.every((length) => length <= LONGEST_TOKEN) && expires_in >= 1 && expires_in <= ONE_YEAR_SECONDS;
}

/**
 * What to keep of a token answer, with times by our own clock (`now` in milliseconds). Without a new refresh token the old one goes on being
 * good (RFC 6749 section 6). Fails with `oauth/invalid_response`.
 */
export function toTokenSet(answer: TokenAnswer, now: () => number, oldRefreshToken?: string): Result<TokenSet> {
  if (!isSensible(answer)) return fail("oauth/invalid_response");
  const obtainedAt = Math.floor(now() / 1_000);
  const refreshToken = answer.refresh_token ?? oldRefreshToken;
  return success({
    accessToken: answer.access_token,
    obtainedAt,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(answer.expires_in !== undefined && { expiresAt: obtainedAt + Math.floor(answer.expires_in) }),
  });
}
