/** The only app that is registered with a service. Redirect URIs can be added while it runs, never removed. */
export class RegisteredClient {
  private readonly uris: Set<string>;

  /** `advice`: how to register a redirect URI, for the page that refuses one. */
  constructor(
    readonly clientId: string,
    redirectUris: readonly string[],
    readonly advice?: string,
  ) {
    this.uris = new Set(redirectUris);
  }

  get redirectUris(): readonly string[] {
    return [...this.uris];
  }

  /** Compares every character, as Echo does: with a trailing slash or another port it is another URI. */
  hasRedirectUri(uri: string): boolean {
    return this.uris.has(uri);
  }

  addRedirectUris(uris: readonly string[]): void {
    for (const uri of uris) this.uris.add(uri);
  }
}

/** The ways to register a redirect URI with the service at `origin`. `variable` sets the one that a process of the sandbox starts with. */
export function registrationAdvice(origin: string, variable: string): string {
  return (
    `Register it in any of three ways: enter it in the sandbox controls at ${origin}/, start the sandbox with ${variable} ` +
    `(a second "npm run sandbox" adds it to one that is already running), or send PUT ${origin}/sandbox/redirect-uris with {"redirectUris":["..."]}.`
  );
}

/** The problem of a URI that is to be registered, if any (RFC 6749 section 3.1.2: absolute, no fragment). */
export function redirectUriProblem(uri: string): string | undefined {
  if (!URL.canParse(uri)) return "is not an absolute URL";
  const { protocol, username, password } = new URL(uri);
  if (protocol !== "http:" && protocol !== "https:") return "must be http or https";
  if (uri.includes("#")) return "must have no fragment";
  return username === "" && password === "" ? undefined : "must have no user or password";
}

/** The problem of an authorize request, as the app is told: the error's code and a sentence (RFC 6749 section 4.1.2.1). */
export type RequestProblem = readonly [error: string, description: string];

/**
 * The problem of client id and redirect URI, if any. Such a request must never lead to a redirect, which would go wherever the
 * author of the link likes (RFC 6749 section 4.1.2.1).
 */
export function clientProblem(params: URLSearchParams, client: RegisteredClient): string | undefined {
  // A URL that was written over several lines has names such as " redirect_uri", which the URL parser leaves as they are.
  const blank = [...params.keys()].find((name) => /\s/.test(name));
  if (blank !== undefined) return `The parameter name "${blank}" contains a space.`;
  const [clientId, ...moreClients] = params.getAll("client_id");
  const [redirectUri, ...moreUris] = params.getAll("redirect_uri");
  if (moreClients.length > 0 || moreUris.length > 0) return "client_id or redirect_uri is given more than once.";
  if (clientId !== client.clientId) return "No app is registered under this client_id.";
  if (redirectUri === undefined) return "redirect_uri is missing.";
  if (!client.hasRedirectUri(redirectUri)) {
    const refusal = `The redirect_uri ${redirectUri} is not registered for the app; it must match exactly.`;
    return client.advice === undefined ? refusal : `${refusal} ${client.advice}`;
  }
  return undefined;
}

/** The problem of the parameters that every provider takes, if any (RFC 6749 sections 3.1 and 4.1.1). */
export function requestProblem(params: URLSearchParams): RequestProblem | undefined {
  const repeated = [...params.keys()].find((key) => params.getAll(key).length > 1);
  if (repeated !== undefined) return ["invalid_request", `${repeated} is given more than once`];
  if (!params.has("response_type")) return ["invalid_request", "response_type is missing"];
  if (params.get("response_type") !== "code") return ["unsupported_response_type", "response_type must be code"];
  return params.get("state") ? undefined : ["invalid_request", "state is missing"];
}

/** The redirect URI of the answer and the state that it returns unchanged; a repeated state is ambiguous and is left out. */
export function answerTarget(params: URLSearchParams): { redirectUri: string; state: string } {
  const [state = "", ...more] = params.getAll("state");
  return { redirectUri: params.get("redirect_uri") ?? "", state: more.length === 0 ? state : "" };
}

/** The redirect URI with the parameters of an answer; its own query stays (RFC 6749 section 3.1.2). */
export function redirectToApp(redirectUri: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}
