import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new secret of 256 bits: an authorization code, a refresh token, the signature of a token. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The stored form of a secret. Plain SHA-256 is enough, because nobody can guess 256 random bits. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The part of a secret's hash that may be logged. */
export function fingerprint(secret: string): string {
  return hashSecret(secret).slice(0, 6);
}

/** True for a SHA-256 in unpadded base64url (RFC 7636 section 4.2). Echo accepts no method but S256. */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** True for a verifier in the form of RFC 7636 section 4.1. */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text);
}

/** True if the verifier belongs to the challenge (RFC 7636 section 4.6, S256). */
export function provesChallenge(verifier: string, challenge: string): boolean {
  const computed = createHash("sha256").update(verifier).digest("base64url");
  return computed.length === challenge.length && timingSafeEqual(Buffer.from(computed), Buffer.from(challenge));
}

/**
 * Mints an access token in the shape of a JWT, because sonar-core drops any token without that shape or without a numeric
 * `exp`. The signature is random: clients never check it, and the sandbox looks tokens up by their hash.
 */
export function mintAccessToken(issuer: string, subject: string, issuedAt: number, lifetimeSeconds: number): string {
  const iat = Math.floor(issuedAt / 1000);
  const claims = { iss: issuer, sub: subject, iat, exp: iat + lifetimeSeconds };
  return [{ alg: "HS256", typ: "JWT" }, claims].map(encodePart).concat(randomSecret()).join(".");
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
