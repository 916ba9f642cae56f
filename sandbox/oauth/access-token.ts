import { randomSecret } from "./secrets";

/**
 * Mints an access token in the shape of a JWT, because sonar-core drops every token that is not one or has no numeric
 * `exp`. The signature is random: clients never check it, and the sandbox knows its tokens by what it issued.
 */
export function mintAccessToken(issuer: string, subject: string, issuedAt: number, lifetimeSeconds: number): string {
  const iat = Math.floor(issuedAt / 1000);
  const claims = { iss: issuer, sub: subject, iat, exp: iat + lifetimeSeconds };
  return [{ alg: "HS256", typ: "JWT" }, claims].map(encodePart).concat(randomSecret()).join(".");
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
