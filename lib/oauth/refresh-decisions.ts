import "server-only";
import type { FailureCode } from "@/lib/failures";
import type { TokenSet } from "@/lib/oauth/provider";
import type { Failure } from "@/lib/result";
import type { StoredConnection } from "@/lib/stores/contracts";

/** Seconds before expiry from which a call refreshes first. */
const REFRESH_SKEW_SECONDS = 60;

/** A short-lived token is refreshed only in the last quarter of its life: with the full skew, every call would refresh it. */
const LARGEST_PART_OF_LIFE = 0.25;

/** "due": still valid, but about to expire; "expired": no longer valid. */
export type RefreshNeed = "none" | "due" | "expired";

/**
 * True if tokens need a refresh. It uses the time of receipt plus `expires_in` on our own clock, so that a provider's clock that is off
 * does no harm. Times in seconds.
 */
export function refreshNeed(tokens: TokenSet, nowSeconds: number): RefreshNeed {
  if (tokens.expiresAt === undefined) return "none";
  if (nowSeconds >= tokens.expiresAt) return "expired";
  const lifetime = tokens.obtainedAt === undefined ? Infinity : tokens.expiresAt - tokens.obtainedAt;
  const skew = Math.min(REFRESH_SKEW_SECONDS, lifetime * LARGEST_PART_OF_LIFE);
  return nowSeconds >= tokens.expiresAt - skew ? "due" : "none";
}

/**
 * True if a token that is still good may be refreshed now. Not while a failed refresh cools down, and not while another one is under way. A lease
 * that is over was left by a refresh whose answer was lost, or whose process died: the provider may have used up the refresh token, and
 * presenting it again would end the connection (RFC 9700 section 4.14.2). That risk is taken only when the access token has ended.
 */
export function mayRefreshEarly({ cooldownUntil, leaseUntil }: StoredConnection, now: number): boolean {
  return cooldownUntil <= now && leaseUntil === 0;
}

/** Only a definite refusal, or a connection that is gone, ends one. Wrong credentials of this site, for example, do not. */
export function keepsConnection({ code }: Failure): boolean {
  return code !== "auth/invalid_refresh_token" && code !== "connection/not_connected";
}

const UNCLEAR: ReadonlySet<FailureCode> = new Set([
  "oauth/invalid_request",
  "oauth/invalid_scope",
  "oauth/unauthorized_client",
  "oauth/unsupported_grant_type",
]);

/**
 * A refusal that does not say what is wrong: this site's request, or the token. Servers answer so for a token that is over, too. The
 * connection is kept, since the fault may be this site's, but the user must also be able to connect again.
 */
export function isUnclearRefusal({ code, status = 0 }: Failure): boolean {
  return UNCLEAR.has(code) || (code === "oauth/invalid_response" && status >= 400);
}

/** Statuses of a gateway whose server may have done the work; from 520 on they are Cloudflare's. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([408, 502, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530]);

/**
 * True if the provider may have rotated the token although its answer did not arrive: none came, or one of success that cannot be read, as when a
 * proxy cuts it or puts a page of its own in its place.
 */
export function isUnanswered({ code, reason, status }: Failure): boolean {
  if (code === "oauth/invalid_response") return status === undefined || status < 400;
  if (code !== "oauth/network_error") return false;
  return reason === "timeout" || reason === "unreachable" || GATEWAY_STATUSES.has(status ?? 0);
}
