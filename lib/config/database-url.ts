import "server-only";
import { isPrivateHost } from "@/lib/http/secure-url";

/**
 * The modes in which pg never sends a password before the connection is encrypted. libpq takes "allow" and "prefer" as encryption only if
 * the server happens to offer it, and pg has announced to do the same: whoever sits in between could then switch it off.
 */
const ENCRYPTING: ReadonlySet<string> = new Set(["require", "verify-ca", "verify-full", "no-verify"]);

/** Names that the public DNS does not have: those of containers, clusters, hosts' private networks and homes (RFC 8375). */
const INTERNAL_NAME = /\.(internal|local|localdomain|lan|svc|flycast|home\.arpa)$/;

/** An IPv4 address as a single number (`134744072` is 8.8.8.8), which has no dot and yet is no name. */
const NUMBER = /^(0x[\da-f]+|\d+)$/;

/** True for a socket, a name without a domain (as containers have), an internal name or a private address: no public network lies between. */
export function isNearby(host: string): boolean {
  if (host.startsWith("/")) return true;
  const name = host.toLowerCase().replace(/\.$/, "");
  return isPrivateHost(name) || INTERNAL_NAME.test(name) || (!/[.:]/.test(name) && !NUMBER.test(name));
}

/** As pg reads it: what the query names comes first, and of several the last. */
function lastOf(query: URLSearchParams, name: string): string {
  return query.getAll(name).at(-1) ?? "";
}

function hostOf({ hostname, searchParams }: URL): string {
  return lastOf(searchParams, "host") || decodeURIComponent(hostname.replace(/^\[|\]$/g, ""));
}

function isEncrypted(query: URLSearchParams, defaultMode: string): boolean {
  const [mode, ssl] = [lastOf(query, "sslmode"), lastOf(query, "ssl")];
  if (mode) return ENCRYPTING.has(mode);
  if (["sslcert", "sslkey", "sslrootcert"].some((name) => lastOf(query, name))) return true;
  if (query.has("ssl")) return ["true", "1", "no-verify"].includes(ssl);
  return lastOf(query, "sslnegotiation") === "direct" || ENCRYPTING.has(defaultMode);
}

/**
 * True if the password and every row would cross a public network unencrypted. `defaultMode` is PGSSLMODE, which pg reads if the URL names
 * no mode. False for a SQLite file.
 */
export function isExposed(url: string, defaultMode = ""): boolean {
  // Without a host, the query names one, or the connection stays on this machine.
  const readable = url.replace("@/", "@localhost/");
  if (!/^postgres(ql)?:/.test(url) || !URL.canParse(readable)) return false;
  const parsed = new URL(readable);
  return !isNearby(hostOf(parsed) || "localhost") && !isEncrypted(parsed.searchParams, defaultMode);
}

function isDecodable(part: string): boolean {
  try {
    return decodeURIComponent(part) !== undefined;
  } catch {
    return false;
  }
}

/**
 * False for a password that was pasted as it is. Such a URL is often valid and means another server: its host would end at the `#`, `/` or `?`
 * of the password. No part after the host contains an `@`, and nothing a fragment. As pg reads it: without a host, the query names a socket.
 */
export function isReadablePostgres(value: string): boolean {
  const parts = value.split("@");
  return (
    !/[\s#]/.test(value) &&
    parts.length <= 2 &&
    (parts.length === 1 || !/[/?]/.test(parts[0]?.replace(/^postgres(ql)?:\/\//, "") ?? "")) &&
    parts.every(isDecodable) &&
    URL.canParse(value.replace("@/", "@localhost/"))
  );
}
