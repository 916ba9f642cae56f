import "server-only";
import { getEnv } from "@/lib/env";
import { guarded } from "@/lib/guarded";
import { fail, type Failure, type Result } from "@/lib/result";
import { isSameOrigin } from "@/lib/same-origin";

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
