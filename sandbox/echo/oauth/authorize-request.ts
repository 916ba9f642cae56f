import { isCodeChallenge } from "../../oauth/pkce";
import type { RegisteredClient } from "../../oauth/registered-client";

/** An authorize request that is in order. */
export interface AuthorizeRequest {
  clientId: string;
  redirectUri: string;
  state: string;
  codeChallenge: string;
}

/**
 * What becomes of an authorize request. "untrusted" must never lead to a redirect: while client and redirect URI are
 * not known to belong together, a redirect would send the answer wherever the link's author likes (RFC 6749 4.1.2.1).
 */
export type AuthorizeCheck =
  | { kind: "accepted"; request: AuthorizeRequest }
  | { kind: "refused"; redirectTo: string }
  | { kind: "untrusted"; problem: string };

type ErrorCode = "invalid_request" | "unsupported_response_type";

/** Checks an authorize request's parameters (sonar.md 1.2, RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export function checkAuthorizeRequest(params: URLSearchParams, client: RegisteredClient): AuthorizeCheck {
  const untrusted = clientProblem(params, client);
  if (untrusted !== undefined) return { kind: "untrusted", problem: untrusted };
  const redirectUri = params.get("redirect_uri") ?? "";
  const state = params.getAll("state").length === 1 ? (params.get("state") ?? "") : "";
  const problem = requestProblem(params);
  if (problem) return { kind: "refused", redirectTo: errorRedirect(redirectUri, state, ...problem) };
  const codeChallenge = params.get("code_challenge") ?? "";
  return { kind: "accepted", request: { clientId: client.clientId, redirectUri, state, codeChallenge } };
}

function clientProblem(params: URLSearchParams, client: RegisteredClient): string | undefined {
  const [clientId, ...moreClients] = params.getAll("client_id");
  const [redirectUri, ...moreUris] = params.getAll("redirect_uri");
  if (moreClients.length > 0 || moreUris.length > 0) return "client_id or redirect_uri is given more than once.";
  if (clientId !== client.clientId) return "No app is registered under this client_id.";
  if (redirectUri === undefined) return "redirect_uri is missing.";
  if (!client.hasRedirectUri(redirectUri))
    return "This redirect_uri is not registered for the app, character by character.";
  return undefined;
}

function requestProblem(params: URLSearchParams): [ErrorCode, string] | undefined {
  const repeated = [...params.keys()].find((key) => params.getAll(key).length > 1);
  if (repeated !== undefined) return ["invalid_request", `${repeated} is given more than once`];
  if (!params.has("response_type")) return ["invalid_request", "response_type is missing"];
  if (params.get("response_type") !== "code") return ["unsupported_response_type", "response_type must be code"];
  if (!params.get("state")) return ["invalid_request", "state is missing"];
  // A challenge without a method is S256 here (RFC 7636 would read it as plain): sonar-core sends none.
  if ((params.get("code_challenge_method") ?? "S256") !== "S256") {
    return ["invalid_request", "code_challenge_method must be S256"];
  }
  if (!params.has("code_challenge")) return ["invalid_request", "code_challenge is missing"];
  if (!isCodeChallenge(params.get("code_challenge") ?? "")) {
    return ["invalid_request", "code_challenge must be 43 characters of base64url"];
  }
  return undefined;
}

/** The redirect that tells the app of an error; the state goes back unchanged (RFC 6749 section 4.1.2.1). */
export function errorRedirect(redirectUri: string, state: string, error: string, description: string): string {
  return withQuery(redirectUri, { error, error_description: description, ...(state !== "" && { state }) });
}

/** The redirect that hands the code to the app. */
export function codeRedirect(request: AuthorizeRequest, code: string): string {
  return withQuery(request.redirectUri, { code, state: request.state });
}

function withQuery(redirectUri: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}
