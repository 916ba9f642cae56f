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
