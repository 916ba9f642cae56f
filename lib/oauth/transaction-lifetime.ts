/** How long an authorization may take, in milliseconds: the recommended life of an authorization code (RFC 6749 section 4.1.2). */
export const TRANSACTION_LIFETIME_MS = 10 * 60 * 1_000;
