import "server-only";
import { headers } from "next/headers";
import { getEnv } from "@/lib/config/env";
import { keyedHash } from "@/lib/http/keyed-hash";
import type { LogIdentity } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

/** What a keyed hash stands for. The same text as a session and as a user has two hashes that nobody can compare. */
type HashedKind = "session" | "user" | "address";

const HASH_CHARACTERS = 16;

/**
 * The name that the log and the audit table have for an id: 16 characters (96 bits) of an HMAC-SHA256. Lines about the same person can be found,
 * and without the secret nobody can test which id a hash belongs to, as with a plain hash of a guessable id or of an IPv4 address. `secret` is the
 * current one of SESSION_SECRET. After it changes, the hashes are others.
 */
export function loggedName(kind: HashedKind, value: string, secret = getEnv().sessionSecret): string {
  return keyedHash(secret, "log and audit", `${kind}|${value}`).slice(0, HASH_CHARACTERS);
}

/** By the headers of a request: Next makes one object of them for each, and drops it with the request. */
function identities(): WeakMap<object, LogIdentity> {
  return processGlobal("log-identities", () => new WeakMap<object, LogIdentity>());
}

/** The names that the log has for a session and its user. `idHash` is the key of the session's row. */
export function loggedIdentity({ userId, idHash }: { userId: string; idHash: string }): LogIdentity {
  return { session: loggedName("session", idHash), user: loggedName("user", userId) };
}

/** Notes who sends the current request, so that its log lines from here on say so. */
export async function noteIdentity(session: { userId: string; idHash: string }): Promise<void> {
  identities().set(await headers(), loggedIdentity(session));
}

/** The sender of a request, if a session was found for it. `request` is what `await headers()` returned. */
export function identityOf(request: object): LogIdentity | undefined {
  return identities().get(request);
}
