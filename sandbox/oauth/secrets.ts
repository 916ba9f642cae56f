import { createHash, randomBytes } from "node:crypto";

/** A fresh secret of 256 bits: authorization codes, refresh tokens, token signatures. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a secret. Plain SHA-256 is enough for 256 random bits: there is nothing to guess. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** The part of a secret's hash that may be logged. */
export function fingerprint(secret: string): string {
  return hashSecret(secret).slice(0, 6);
}
