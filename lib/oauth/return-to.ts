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
