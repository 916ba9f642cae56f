/** The one app that is registered with the sandbox. Redirect URIs can be added while it runs, never removed. */
export class RegisteredClient {
  private readonly uris: Set<string>;

  constructor(
    readonly clientId: string,
    redirectUris: readonly string[],
  ) {
    this.uris = new Set(redirectUris);
  }

  get redirectUris(): readonly string[] {
    return [...this.uris];
  }

  /** Compared character by character, as Echo does: a trailing slash or another port is another URI. */
  hasRedirectUri(uri: string): boolean {
    return this.uris.has(uri);
  }

  addRedirectUris(uris: readonly string[]): void {
    for (const uri of uris) this.uris.add(uri);
  }
}

/** What is wrong with a URI that is to be registered, or undefined (RFC 6749 section 3.1.2: absolute, no fragment). */
export function redirectUriProblem(uri: string): string | undefined {
  if (!URL.canParse(uri)) return "is not an absolute URL";
  const { protocol, username, password } = new URL(uri);
  if (protocol !== "http:" && protocol !== "https:") return "must be http or https";
  if (uri.includes("#")) return "must have no fragment";
  return username === "" && password === "" ? undefined : "must have no user or password";
}
