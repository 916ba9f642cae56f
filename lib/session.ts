import "server-only";
import { randomBytes, randomUUID } from "node:crypto";
import { getIronSession, type IronSession } from "iron-session";
import { cookies, headers } from "next/headers";
import { after } from "next/server";
import { cache } from "react";
import { environmentCheck, getEnv } from "@/lib/config/env";
import { hostCookieName, PERSONAL_COOKIES, sessionCookieName } from "@/lib/http/cookies";
import { debugLine } from "@/lib/http/log";
import { noteIdentity } from "@/lib/http/log-identity";
import type { ListedSession, SessionStore } from "@/lib/stores/contracts";
import { getDatabase } from "@/lib/stores/database";
import { sha256 } from "@/lib/stores/seal";
import { SqlSessionStore } from "@/lib/stores/sql-session-store";
import { SESSION_ABSOLUTE_MS } from "@/lib/stores/sweep";

/** This app's session store. */
async function getSessionStore(): Promise<SessionStore> {
  return new SqlSessionStore(await getDatabase());
}

/** Somebody who signs in. */
export interface User {
  /** Never changes for a person, and need not be secret. */
  id: string;
  /** Shown to this person only, in the header. */
  name?: string;
}

/** The answer of `authenticate`: the user, or the address where signing in continues: an identity provider's, or a path of this site. */
export type SignIn = { user: User } | { continueAt: string };

/**
 * The cookie holds an opaque id, a random name of the browser, and the name to show, sealed; the rest is in the session's row. The database holds no name. What is read may be
 * of an older format.
 */
interface CookieContent {
  id?: unknown;
  name?: unknown;
  browser?: unknown;
}

/** The signed-in user of a request. */
export interface Session {
  userId: string;
  name?: string;
  /** Key of the session's row; tokens are stored only while that row lives. */
  idHash: string;
  /** Opaque name of this sign-in that client code may know. Cached data is stored under it, so that none outlives its user. */
  viewKey: string;
}

/** True where this site's cookies have Secure: browsers send such a cookie only over https. */
export function isSecureSite(): boolean {
  const check = environmentCheck();
  return check.ok && check.env.appUrl.startsWith("https:");
}

/** The value of a cookie that the page's scripts have written, by its name without prefix. */
export async function readBrowserCookie(name: string): Promise<string | undefined> {
  return (await cookies()).get(hostCookieName(name, isSecureSite()))?.value;
}

/**
 * Deletes the cookies with facts about a person. Browsers take an answer's word for a "__Host-" cookie only if it repeats Secure and Path. The
 * plain names are deleted too: earlier versions of this app used them on https as well.
 */
async function forgetPerson(): Promise<void> {
  const jar = await cookies();
  const names = PERSONAL_COOKIES.flatMap((name) => [...new Set([name, hostCookieName(name, isSecureSite())])]);
  for (const name of names) jar.set(name, "", { path: "/", maxAge: 0, sameSite: "lax", secure: isSecureSite() });
}

/** The most values of one cookie that are looked at: opening each costs a millisecond, and no host has as many apps that use the name. */
const MOST_VALUES = 8;

/**
 * The values that the browser has sent for a cookie, the one that Next takes first. Another app of this host can set a cookie of the same name for
 * another path or for the whole domain. Browsers send both, in an order that signing in again does not change. On https the name's prefix keeps
 * others from doing that, so a second value is nobody's. Only the blanks are removed that browsers put in front: `trim` takes other bytes for
 * blanks too, and a neighbouring site could plant its own session under a name that begins with one (RFC 6265bis section 5.7).
 */
async function sentValues(name: string): Promise<Set<string>> {
  const pairs = ((await headers()).get("cookie") ?? "").split(";").map((pair) => pair.replace(/^[ \t]+/, ""));
  const sent = pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
  const taken = (await cookies()).get(name)?.value;
  // A single value may have been replaced since, by this very request.
  const others = sent.length > 1 && !isSecureSite() ? sent.slice(0, MOST_VALUES) : [];
  return new Set([...(taken ? [taken] : []), ...others]);
}

/**
 * A cookie of this browser whose content is sealed. It is written by `save` and deleted by `destroy`. One that does not open counts as none: it
 * was altered, belongs to another app, or was sealed with another secret. If it were an error, its browser could never sign in again.
 */
export async function sealedCookie<Content extends object>(
  nameOf: (secure: boolean) => string,
  ttlSeconds: number,
): Promise<IronSession<Content>> {
  const secure = isSecureSite();
  const jar = await cookies();
  const cookieName = nameOf(secure);
  const { sessionSecret, sessionSecrets } = getEnv();
  const open = (value: string, password: string) =>
    getIronSession<Content>(
      { get: () => ({ name: cookieName, value }), set: jar.set.bind(jar) },
      {
        password,
        cookieName,
        // No expiry by this process's own clock: the rows that these cookies name expire by the database's.
        ttl: 0,
        // Lax, not Strict: the return from a provider is a cross-site navigation, and browsers would not send a Strict cookie.
        cookieOptions: { httpOnly: true, secure, sameSite: "lax", path: "/", maxAge: ttlSeconds },
      },
    );
  const values = await sentValues(cookieName);
  const current = await open("", sessionSecret);
  for (const value of values) {
    for (const secret of sessionSecrets) {
      const content = await open(value, secret).catch(() => undefined);
      // Written again, it is sealed with the current secret, whichever has opened it.
      if (content && Object.keys(content).length > 0) return Object.assign(current, content);
    }
  }
  if (values.size > 0) debugLine((await headers()).get("x-request-id"), "cookie.unreadable", { call: cookieName });
  return current;
}

function readCookie() {
  return sealedCookie<CookieContent>(sessionCookieName, SESSION_ABSOLUTE_MS / 1_000);
}

/** The user of a session; `null` if the session is not live. */
export async function findUser(idHash: string): Promise<string | null> {
  // A database that takes no writes signs nobody out: the session only counts as idle for longer than it is. The error has its listener now, not
  // after the answer: until then it would be one that nobody handles.
  const later = (write: Promise<unknown>) => {
    const written = write.catch(() => undefined);
    after(() => written);
  };
  const userId = (await (await getSessionStore()).read(idHash, later))?.userId ?? null;
  if (userId !== null) await noteIdentity({ userId, idHash });
  return userId;
}

/** The session of this request, or `null`. Read once per request. */
export const getSession = cache(async (): Promise<Session | null> => {
  const { id, name } = await readCookie();
  if (typeof id !== "string") return null;
  const idHash = sha256(id);
  const userId = await findUser(idHash);
  const viewKey = sha256(`view|${id}`).slice(0, 16);
  return userId === null ? null : { userId, ...(typeof name === "string" && { name }), idHash, viewKey };
});

/** True if the browser has sent a session cookie, even of an ended session: then somebody was signed in here before. */
export async function hasSessionCookie(): Promise<boolean> {
  return (await cookies()).has(sessionCookieName(isSecureSite()));
}

/** A new user whom nobody has identified. */
export function demoUser(): User {
  return { id: `demo-${randomUUID()}`, name: "Demo user" };
}

const LONGEST_NAME = 100;

/**
 * A name as it may be shown, or undefined if nothing of it is left. Names come from outside: control characters and the marks that turn the
 * direction of text could make the header say something else, and a long name would not fit into a cookie.
 */
export function displayName(name: string | undefined): string | undefined {
  const shown = name?.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "").trim() ?? "";
  return [...shown].slice(0, LONGEST_NAME).join("").trim() || undefined;
}

/**
 * Signs a user in, always with a new id and never one that the browser has sent (session fixation). Only this function and the sign-out write
 * the cookie. Call it in an action or route handler: a render cannot write cookies.
 */
export async function startSession(user: User, browser: string): Promise<void> {
  const cookie = await readCookie();
  const id = randomBytes(32).toString("base64url");
  // Hashed with the user, so that the table does not tell who shares a browser.
  await (await getSessionStore()).create(sha256(id), user.id, sha256(`browser|${browser}|${user.id}`));
  Object.assign(cookie, { id, browser, name: displayName(user.name) });
  await cookie.save();
  await noteIdentity({ userId: user.id, idHash: sha256(id) });
}

/** The random name that this browser has had since it signed in, or a new one. It does not use the database. */
export async function browserName(): Promise<string> {
  const { browser } = await readCookie();
  return typeof browser === "string" ? browser : randomBytes(16).toString("base64url");
}

/** The key of the row of the session that the cookie names, which may have ended. It does not use the database. */
export async function sentSession(): Promise<string | undefined> {
  const { id } = await readCookie();
  return typeof id === "string" ? sha256(id) : undefined;
}

/**
 * Makes the browser forget its user, and returns the key of the session's row, if the cookie named one. It does not use the database, so that
 * a failure there keeps nobody signed in.
 */
export async function forgetUser(): Promise<string | undefined> {
  // Read first: a destroyed cookie is empty.
  const sent = await sentSession();
  (await readCookie()).destroy();
  await forgetPerson();
  return sent;
}

/** Ends a session on the server, so that a copy of its cookie is worthless too. */
export async function revokeSession(idHash: string): Promise<void> {
  await (await getSessionStore()).revoke(idHash);
}

/** Ends a session, and with it the others of its user in the same browser. */
export async function revokeBrowser(idHash: string): Promise<void> {
  await (await getSessionStore()).revokeBrowser(idHash);
}

/** Ends every session of a user. */
export async function revokeAllSessions(userId: string): Promise<void> {
  await (await getSessionStore()).revokeAll(userId);
}

/** The live sessions of a user, the latest first. */
export async function listSessions(userId: string): Promise<ListedSession[]> {
  return (await getSessionStore()).list(userId);
}

/** What the sessions of one user in one browser have in common; a session of an earlier version stands alone. */
export function browserOf({ browserHash, idHash }: ListedSession): string {
  return browserHash ?? idHash;
}

/** One session for each browser: the one that asks, and of any other browser the one that was used last. */
export function onePerBrowser(sessions: readonly ListedSession[], own: string): ListedSession[] {
  const shown = new Map<string, ListedSession>();
  // Of several with the same key, a map keeps the last.
  for (const session of sessions.toReversed()) shown.set(browserOf(session), session);
  for (const session of sessions) if (session.idHash === own) shown.set(browserOf(session), session);
  return sessions.filter((session) => shown.get(browserOf(session)) === session);
}
