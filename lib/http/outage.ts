import "server-only";
import type { NextRequest } from "next/server";
import { parseTheme, sessionCookieName, THEME_COOKIE } from "@/lib/http/cookies";
import { databaseWatch } from "@/lib/http/database-watch";
import { LOGIN_CALLBACK_PATH } from "@/lib/oauth/oauth-spec";
import { plainAnswer, plainPage } from "@/lib/plain-page";

/** The parts of a request that tell if it loads a page. */
interface PageRequest {
  method: string;
  headers: Headers;
  path: string;
}

/** True for a request of a browser that will show the answer: no data of the router or a script, no file, no API. */
export function isDocument({ method, headers, path }: PageRequest): boolean {
  if ((method !== "GET" && method !== "HEAD") || headers.has("rsc")) return false;
  if (path.startsWith("/api/") || /\.\w+$/.test(path)) return false;
  const destination = headers.get("sec-fetch-dest");
  return destination === null ? (headers.get("accept") ?? "").includes("text/html") : destination === "document";
}

const WORDS = {
  title: "We can't reach our database",
  message: "Nothing was lost. Reload in a moment.",
  link: { href: "", label: "Reload" },
};

/** Seconds. */
const RETRY_AFTER = 5;

/** True for the return from a provider, or from the identity provider. Each works once. */
function isReturn(path: string): boolean {
  return /^\/oauth\/callback(\/|$)/.test(path) || path.replace(/\/$/, "") === LOGIN_CALLBACK_PATH;
}

/**
 * The page in place of one that needs the database, while that does not answer: 503, where the page itself could only say so with 200,
 * because its status is sent before anything is read. A visitor without a session gets pages that need no database. The return from a
 * provider is held back too, also while nothing can be written: nothing has used up its code yet, so that reloading completes it. Undefined in
 * all other cases. `keepAlive`: see `DatabaseWatch`.
 */
export async function outageAnswer(
  { method, headers, cookies, nextUrl: { pathname: path } }: NextRequest,
  { appUrl, policy, requestId }: { appUrl: string; policy: string; requestId: string },
  keepAlive: (work: Promise<unknown>) => void,
): Promise<Response | undefined> {
  const isPersonal =
    cookies.has(sessionCookieName(appUrl.startsWith("https:"))) || path.replace(/\/$/, "") === LOGIN_CALLBACK_PATH;
  if (!isPersonal || !isDocument({ method, headers, path })) return undefined;
  const watch = databaseWatch();
  const works = isReturn(path) ? watch?.canStore(keepAlive) : watch?.canRead(keepAlive);
  if ((await works) !== false) return undefined;
  const html = method === "HEAD" ? null : plainPage(WORDS, parseTheme(cookies.get(THEME_COOKIE)?.value));
  return plainAnswer(503, html, {
    retryAfter: RETRY_AFTER,
    headers: { "Content-Security-Policy": policy, "x-request-id": requestId },
  });
}
