import "server-only";
import { randomBytes } from "node:crypto";
import { getIronSession, type SessionOptions } from "iron-session";
import { cookies } from "next/headers";
import { cache } from "react";
import { getEnv } from "@/lib/env";
import { getSessionStore } from "@/lib/session-store";
import { sha256 } from "@/lib/sha256";
import { SESSION_ABSOLUTE_MS } from "@/lib/stores/sql-session-store";

/** All that the cookie holds: an opaque id, sealed. Everything about the session is in its row. */
interface CookieContent {
  id?: string;
}

/** The signed-in user of a request. */
export interface Session {
  userId: string;
  /** Key of the session's row; tokens are stored only while that row lives. */
  idHash: string;
  /**
   * Opaque name for this sign-in that client code may know: cached data is filed under it, so that none outlives its user.
   */
  viewKey: string;
}

function sessionOptions(): SessionOptions {
  const { appUrl, sessionSecret } = getEnv();
  const secure = appUrl.startsWith("https:");
  return {
    password: sessionSecret,
    // "__Host-": no subdomain can set or read it. Browsers accept the prefix only with Secure, so not on http://localhost.
    cookieName: secure ? "__Host-session" : "session",
    ttl: SESSION_ABSOLUTE_MS / 1_000,
    // Lax, not Strict: the return from the provider is a cross-site navigation, and a Strict cookie would not come along.
    cookieOptions: { httpOnly: true, secure, sameSite: "lax", path: "/" },
  };
}

async function readCookie() {
  return getIronSession<CookieContent>(await cookies(), sessionOptions());
}

/** The session of this request, or `null`. Read once per request. */
export const getSession = cache(async (): Promise<Session | null> => {
  const { id } = await readCookie();
  if (typeof id !== "string") return null;
  const idHash = sha256(id);
  const record = await (await getSessionStore()).read(idHash);
  return record && { userId: record.userId, idHash, viewKey: sha256(`view|${id}`).slice(0, 16) };
});

/**
 * Signs a user in. Always a new id, never one that the browser brought along (session fixation); the cookie is written here and at
 * sign-out only. In an action or route handler: a render cannot write cookies.
 */
export async function startSession(userId: string): Promise<void> {
  const cookie = await readCookie();
  const store = await getSessionStore();
  if (typeof cookie.id === "string") await store.revoke(sha256(cookie.id));
  cookie.id = randomBytes(32).toString("base64url");
  await store.create(sha256(cookie.id), userId);
  await cookie.save();
}

/** Ends the session of this browser: the row first, so that a copy of the cookie is worthless as well. */
export async function endSession(): Promise<void> {
  const cookie = await readCookie();
  if (typeof cookie.id === "string") await (await getSessionStore()).revoke(sha256(cookie.id));
  cookie.destroy();
}
