import "server-only";
import { getEnv } from "@/lib/config/env";
import { guarded } from "@/lib/http/guarded";
import { fail, type Failure, type Result } from "@/lib/result";

/**
 * A redirect that the browser follows with GET. Built from APP_URL, never from the request's host, which behind a proxy can be
 * anything. `no-store`: it may carry a state.
 */
export function seeOther(location: string): Response {
  const url = new URL(location, getEnv().appUrl);
  return new Response(null, { status: 303, headers: { Location: url.href, "Cache-Control": "no-store" } });
}

/** The page that explains a failure. `provider` (absent: Sonar) is what its button connects to; the page takes known names only. */
export function errorPage({ code, reason }: Failure, provider?: string): string {
  const query = new URLSearchParams({ code, ...(reason && { reason }), ...(provider && { provider }) });
  return `/oauth/error?${query.toString()}`;
}

/** The largest form our own buttons send is a path to come back to. */
const MAX_FORM_BYTES = 8_192;

async function readForm(request: Request): Promise<FormData> {
  // Browsers tell a form's length; without it there is no telling how much would be read.
  const length = Number(request.headers.get("content-length") ?? Infinity);
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(
    request.headers.get("content-type") ?? "",
  );
  return isForm && length <= MAX_FORM_BYTES ? request.formData() : new FormData();
}

/**
 * Makes a POST route of what a plain form does. It works without JavaScript and does not wait behind a hung action; it ends in a full
 * page load, also on failure, so that no data of the earlier state stays on screen.
 */
export async function formRoute(
  name: string,
  request: Request,
  handle: (form: FormData) => Promise<Result<string>>,
  provider?: string,
): Promise<Response> {
  const result = await guarded(name, async () =>
    isSameOrigin(request.headers, getEnv().appUrl) ? handle(await readForm(request)) : fail("request/cross_site"),
  );
  return seeOther(result.ok ? result.data : errorPage(result.error, provider));
}

/**
 * Whether a POST comes from one of our own pages. Next checks this for actions only, and lets a request without an Origin through;
 * here, one of the two headers that every browser of today sends must vouch for it (cross-site request forgery). `Origin` is "null"
 * in a form post from a page with `no-referrer`, as our error page is: `Sec-Fetch-Site`, which no page can forge, decides then.
 */
export function isSameOrigin(headers: Headers, appUrl: string): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin !== null && origin !== "null" && origin !== appUrl) return false;
  return site === null ? origin === appUrl : site === "same-origin";
}

/**
 * Where to go after connecting: only a path of this site. Everything that a browser could read as another origin
 * (`//evil`, `/\evil`, `https:evil`, control characters that are dropped from URLs) falls back to the start page (RFC 9700 4.11).
 */
export function safeReturnTo(value: unknown, appUrl: string): string {
  if (typeof value !== "string" || !/^\/(?![/\\])[^\\\x00-\x1f\x7f]*$/.test(value)) return "/";
  if (!URL.canParse(value, appUrl)) return "/";
  const url = new URL(value, appUrl);
  const path = url.pathname + url.search;
  // "/./%2e//evil" and the like resolve to a path that begins with two slashes.
  return url.origin === new URL(appUrl).origin && !path.startsWith("//") ? path : "/";
}
