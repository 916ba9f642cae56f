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

/** What the app is told of a request that is not in order: the error's name and a sentence (RFC 6749 section 4.1.2.1). */
export type RequestProblem = readonly [error: string, description: string];

/**
 * Why client and redirect URI are not known to belong together. Such a request must never lead to a redirect: it would send the answer
 * wherever the link's author likes (RFC 6749 section 4.1.2.1).
 */
export function clientProblem(params: URLSearchParams, client: RegisteredClient): string | undefined {
  // A template with line breaks in it gives names such as " redirect_uri", which the URL parser hands on as they are.
  const blank = [...params.keys()].find((name) => /\s/.test(name));
  if (blank !== undefined) return `The parameter name "${blank}" has a blank in it.`;
  const [clientId, ...moreClients] = params.getAll("client_id");
  const [redirectUri, ...moreUris] = params.getAll("redirect_uri");
  if (moreClients.length > 0 || moreUris.length > 0) return "client_id or redirect_uri is given more than once.";
  if (clientId !== client.clientId) return "No app is registered under this client_id.";
  if (redirectUri === undefined) return "redirect_uri is missing.";
  if (!client.hasRedirectUri(redirectUri)) return "This redirect_uri is not registered for the app, to the letter.";
  return undefined;
}

/** What is wrong with the parameters that every provider takes (RFC 6749 sections 3.1 and 4.1.1). */
export function requestProblem(params: URLSearchParams): RequestProblem | undefined {
  const repeated = [...params.keys()].find((key) => params.getAll(key).length > 1);
  if (repeated !== undefined) return ["invalid_request", `${repeated} is given more than once`];
  if (!params.has("response_type")) return ["invalid_request", "response_type is missing"];
  if (params.get("response_type") !== "code") return ["unsupported_response_type", "response_type must be code"];
  return params.get("state") ? undefined : ["invalid_request", "state is missing"];
}

/** Where the answer goes, and the state that goes back with it unchanged; of a repeated one nobody knows which. */
export function answerTarget(params: URLSearchParams): { redirectUri: string; state: string } {
  const [state = "", ...more] = params.getAll("state");
  return { redirectUri: params.get("redirect_uri") ?? "", state: more.length === 0 ? state : "" };
}

/** The redirect URI with an answer's parameters; a query of its own stays (RFC 6749 section 3.1.2). */
export function redirectToApp(redirectUri: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}
