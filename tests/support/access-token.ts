import { randomUUID } from "node:crypto";

function part(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

/** An access token as Sonar's are: a JWT with an expiry, a new one each time. `mark` can be searched for in its last part. */
export function accessToken(mark: string, expiresAt = 4_000_000_000): string {
  return `${part({ alg: "none" })}.${part({ exp: expiresAt, jti: randomUUID() })}.${mark}`;
}
