import type { TokenSet } from "@/lib/oauth/provider";

/** "due": still good, but soon not; "expired": of no use. */
export type RefreshNeed = "none" | "due" | "expired";

/** A short-lived token is refreshed in the last quarter of its life, whatever the provider's skew: else every call would. */
const LARGEST_PART_OF_LIFE = 0.25;

/**
 * Whether tokens need a refresh. Goes by the time of receipt plus `expires_in` on our own clock, so that a clock that differs
 * from the provider's does no harm. Times in seconds.
 */
export function refreshNeed(tokens: TokenSet, skewSeconds: number, nowSeconds: number): RefreshNeed {
  if (tokens.expiresAt === undefined) return "none";
  if (nowSeconds >= tokens.expiresAt) return "expired";
  const lifetime = tokens.obtainedAt === undefined ? Infinity : tokens.expiresAt - tokens.obtainedAt;
  const skew = Math.min(skewSeconds, lifetime * LARGEST_PART_OF_LIFE);
  return nowSeconds >= tokens.expiresAt - skew ? "due" : "none";
}
