import type { GrantRecord, GrantState } from "./grant-state";

const MAX_GRANTS = 500;
const MAX_USED_REFRESH_TOKENS = 100;

/** Milliseconds that a code is valid. A used code is remembered as long, to notice a second use. */
export const CODE_LIFETIME_MS = 10 * 60 * 1000;

/** Drops what is expired or too much, so that a sandbox that runs for months keeps a small file. */
export function withinLimits(state: GrantState, now: number): GrantState {
  return {
    codes: state.codes.filter((code) => code.expiresAt > now),
    grants: state.grants.slice(-MAX_GRANTS).map((grant) => pruneGrant(grant, now)),
  };
}

function pruneGrant(grant: GrantRecord, now: number): GrantRecord {
  return {
    ...grant,
    accessTokens: grant.accessTokens.filter((token) => token.expiresAt > now),
    usedRefreshTokens: grant.usedRefreshTokens.slice(-MAX_USED_REFRESH_TOKENS),
  };
}
