import { createHash, timingSafeEqual } from "node:crypto";

/** A SHA-256 in unpadded base64url (RFC 7636 section 4.2): the only method Echo has is S256. */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** RFC 7636 section 4.1. */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9._~-]{43,128}$/.test(text);
}

/** True if the verifier belongs to the challenge (RFC 7636 section 4.6, S256). */
export function provesChallenge(verifier: string, challenge: string): boolean {
  const computed = createHash("sha256").update(verifier).digest("base64url");
  return computed.length === challenge.length && timingSafeEqual(Buffer.from(computed), Buffer.from(challenge));
}
