import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

const LIFETIME_SECONDS = 600;
const KEY_ID = "sandbox";

/** Whom an id token is about, and who asked. */
interface Assertion {
  issuer: string;
  audience: string;
  subject: string;
}

/** Signs id tokens (RS256) with a key that is made at every start. */
export class IdTokenSigner {
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

  /** The public key, as GET /.well-known/jwks.json has it. */
  jwks(): object {
    return { keys: [{ ...jwkOf(this.keys.publicKey), kid: KEY_ID, alg: "RS256", use: "sig" }] };
  }

  /** An id token; `now` in milliseconds. */
  sign({ issuer, audience, subject }: Assertion, now: number): string {
    const iat = Math.floor(now / 1_000);
    const claims = { iss: issuer, aud: audience, sub: subject, iat, exp: iat + LIFETIME_SECONDS };
    const content = [{ alg: "RS256", kid: KEY_ID }, claims].map(encodePart).join(".");
    return `${content}.${sign("sha256", Buffer.from(content), this.keys.privateKey).toString("base64url")}`;
  }
}

function jwkOf(key: KeyObject): object {
  return key.export({ format: "jwk" });
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
