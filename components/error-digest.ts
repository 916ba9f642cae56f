/**
 * The code under which a server error is in the logs. Only that: an error's message may hold anything, and a value that
 * was thrown in the browser need not even be an Error.
 */
export function errorDigest(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("digest" in error)) return undefined;
  return typeof error.digest === "string" ? error.digest : undefined;
}
