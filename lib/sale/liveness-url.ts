/**
 * The address of Sonar's face check, if it is one that may be opened: https, or in the sandbox the sandbox's own origin. It comes from an
 * API, and `javascript:` or a foreign http page in it would run in, or be trusted with, the user's session. Undefined when refused.
 */
export function safeLivenessUrl(text: string, sandboxOrigin?: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // "https://sonar@evil.example" looks like Sonar's at a glance.
  if (url.username !== "" || url.password !== "") return undefined;
  // The scheme is asked for beside the origin: a blob: URL has the origin of the page that made it.
  const isSandbox = url.protocol === "http:" && url.origin === sandboxOrigin;
  return url.protocol === "https:" || isSandbox ? url.href : undefined;
}
