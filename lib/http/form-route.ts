import "server-only";
import { getEnv } from "@/lib/config/env";
import { guarded } from "@/lib/http/guarded";
import { bodyTooLarge, readBody } from "@/lib/http/request-body";
import { plainAnswer, plainPage } from "@/lib/plain-page";
import { fail, success, type Failure, type Result } from "@/lib/result";

/**
 * A redirect that the browser follows with GET. It is built from APP_URL, because behind a proxy the request's host can be anything.
 * `no-store`: it may carry a state.
 */
export function seeOther(location: string): Response {
  const url = new URL(location, getEnv().appUrl);
  return new Response(null, { status: 303, headers: { Location: url.href, "Cache-Control": "no-store" } });
}

/** The address of the page that explains a failure. Its button connects to `provider` (absent: Sonar); the page accepts known ids only. */
function errorPage({ code, reason }: Failure, provider?: string): string {
  const query = new URLSearchParams({ code, ...(reason && { reason }), ...(provider && { provider }) });
  return `/oauth/error?${query.toString()}`;
}

/**
 * The answer to a call that this site limits: 429, and when that can end. A redirect could not say so (RFC 9110 section 10.2.3), but a person
 * has to end on the page that explains it, without JavaScript too: `Refresh` leads there, and a link where a browser does not follow it.
 */
function tooMany(location: string, { message, suggestion }: Failure, retryAfter: number): Response {
  const { href } = new URL(location, getEnv().appUrl);
  const words = { title: "Too many requests", message: `${message} ${suggestion}`, link: { href, label: "Continue" } };
  return plainAnswer(429, plainPage(words, "system"), { retryAfter, headers: { Refresh: `0; url=${href}` } });
}

/** Sends the browser on to `result`, or to the page that explains the failure. `provider`: see `errorPage`. */
export function sendOn(result: Result<string>, provider?: string): Response {
  if (result.ok) return seeOther(result.data);
  const location = errorPage(result.error, provider);
  const { retryAfter } = result.error;
  return retryAfter === undefined ? seeOther(location) : tooMany(location, result.error, retryAfter);
}

/** The forms of this app send little more than a path to return to. */
const MAX_FORM_BYTES = 8_192;

async function readForm({ headers, body }: Request): Promise<Result<FormData>> {
  const type = headers.get("content-type") ?? "";
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type)) return success(new FormData());
  try {
    const bytes = await readBody(body, MAX_FORM_BYTES);
    if (!bytes) return fail("request/too_large");
    return success(await new Response(new Uint8Array(bytes), { headers: { "Content-Type": type } }).formData());
  } catch {
    // It stopped in the middle, or is not what its type says. No browser sends this, so it is no fault of this site.
    return fail("api/invalid_request");
  }
}

/**
 * Handles the POST of a plain form, which works without JavaScript and does not wait behind a hung action. It ends in a full page load,
 * also on failure, so that no data of the earlier state stays on screen. A body that no form of this app sends is answered with 413.
 */
export async function formRoute(
  name: string,
  request: Request,
  handle: (form: FormData) => Promise<Result<string>>,
  provider?: string,
): Promise<Response> {
  const result = await guarded(name, async () => {
    if (!isSameOrigin(request.headers, getEnv().appUrl)) return fail("request/cross_site");
    const form = await readForm(request);
    return form.ok ? handle(form.data) : form;
  });
  if (!result.ok && result.error.code === "request/too_large") return bodyTooLarge();
  return sendOn(result, provider);
}

/**
 * True if a POST comes from one of this site's pages (cross-site request forgery). Next checks this for actions only, and accepts a request
 * without an Origin; here, one of two headers that every current browser sends must prove it. `Origin` is "null" in a form post from a page
 * with `no-referrer`, such as the error page: then `Sec-Fetch-Site` decides, which no page can forge.
 */
export function isSameOrigin(headers: Headers, appUrl: string): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  if (origin !== null && origin !== "null" && origin !== appUrl) return false;
  return site === null ? origin === appUrl : site === "same-origin";
}

/** Longer than any address of this site. It is stored with each connection or sign-in that begins. */
const LONGEST_RETURN_TO = 2_048;

/**
 * The path to continue at after connecting, on this site only. Anything that a browser could read as another origin (`//evil`, `/\evil`,
 * `https:evil`, control characters that browsers drop from URLs), or that is too long, falls back to the start page (RFC 9700 4.11).
 */
export function safeReturnTo(value: unknown, appUrl: string): string {
  if (typeof value !== "string" || !/^\/(?![/\\])[^\\\x00-\x1f\x7f]*$/.test(value)) return "/";
  if (!URL.canParse(value, appUrl)) return "/";
  const url = new URL(value, appUrl);
  const path = url.pathname + url.search;
  // "/./%2e//evil" and the like resolve to a path that begins with two slashes.
  const isOwn = url.origin === new URL(appUrl).origin && !path.startsWith("//");
  return isOwn && path.length <= LONGEST_RETURN_TO ? path : "/";
}
