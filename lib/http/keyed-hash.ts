import "server-only";
import { createHmac, hkdfSync } from "node:crypto";
import { processGlobal } from "@/lib/http/process-global";

/** One key for each purpose, so that hashes of different places cannot be compared (RFC 5869 section 3.2). */
function keyFor(secret: string, purpose: string): Buffer {
  const keys = processGlobal("keyed-hash", () => new Map<string, Buffer>());
  const name = `${purpose}|${secret}`;
  const key = keys.get(name) ?? Buffer.from(hkdfSync("sha256", secret, "", `sonar-app ${purpose}`, 32));
  keys.set(name, key);
  return key;
}

/**
 * A hash that nobody can compute without the secret (HMAC-SHA-256). A plain hash of an address is as good as the address: there are only
 * 2^32 of IPv4, which a laptop tries in a minute.
 */
export function keyedHash(secret: string, purpose: string, text: string): string {
  return createHmac("sha256", keyFor(secret, purpose)).update(text).digest("base64url");
}
