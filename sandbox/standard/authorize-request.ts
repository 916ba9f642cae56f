import { isCodeChallenge } from "../oauth/pkce";
import type { RegisteredClient } from "../oauth/registered-client";
import type { ProviderSpec } from "./provider-spec";

/** An authorize request that is in order. */
export interface AuthorizeRequest {
  redirectUri: string;
  state: string;
  /** Empty where the provider has no PKCE. */
  codeChallenge: string;
  scopes: readonly string[];
}

/**
 * What becomes of an authorize request. "untrusted" must never lead to a redirect: while client and redirect URI are
 * not known to belong together, a redirect would send the answer wherever the link's author likes (RFC 6749 4.1.2.1).
 */
export type AuthorizeCheck =
  | { kind: "accepted"; request: AuthorizeRequest }
  | { kind: "refused"; redirectUri: string; state: string; error: string; description: string }
  | { kind: "untrusted"; problem: string };

/** Checks an authorize request's parameters (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export function checkAuthorizeRequest(
  params: URLSearchParams,
  client: RegisteredClient,
  spec: ProviderSpec,
): AuthorizeCheck {
  const untrusted = clientProblem(params, client);
  if (untrusted !== undefined) return { kind: "untrusted", problem: untrusted };
  const redirectUri = params.get("redirect_uri") ?? "";
  const state = params.getAll("state").length === 1 ? (params.get("state") ?? "") : "";
  const [error, description] = requestProblem(params) ?? scopeProblem(params, spec) ?? pkceProblem(params, spec) ?? [];
  if (error !== undefined) return { kind: "refused", redirectUri, state, error, description: description ?? "" };
  const codeChallenge = spec.pkce === "required" ? (params.get("code_challenge") ?? "") : "";
  return { kind: "accepted", request: { redirectUri, state, codeChallenge, scopes: scopesOf(params) } };
}

function clientProblem(params: URLSearchParams, client: RegisteredClient): string | undefined {
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

type Problem = [error: string, description: string] | undefined;

function requestProblem(params: URLSearchParams): Problem {
  const repeated = [...params.keys()].find((key) => params.getAll(key).length > 1);
  if (repeated !== undefined) return ["invalid_request", `${repeated} is given more than once`];
  if (!params.has("response_type")) return ["invalid_request", "response_type is missing"];
  if (params.get("response_type") !== "code") return ["unsupported_response_type", "response_type must be code"];
  return params.get("state") ? undefined : ["invalid_request", "state is missing"];
}

function scopeProblem(params: URLSearchParams, { scopes }: ProviderSpec): Problem {
  const unknown = scopesOf(params).find((scope) => !Object.hasOwn(scopes, scope));
  return unknown === undefined ? undefined : ["invalid_scope", `the scope ${unknown} is not known`];
}

function pkceProblem(params: URLSearchParams, { pkce }: ProviderSpec): Problem {
  if (pkce === "none") return undefined;
  if (params.get("code_challenge_method") !== "S256") return ["invalid_request", "code_challenge_method must be S256"];
  const challenge = params.get("code_challenge") ?? "";
  return isCodeChallenge(challenge)
    ? undefined
    : ["invalid_request", "code_challenge must be 43 characters of base64url"];
}

function scopesOf(params: URLSearchParams): string[] {
  return (params.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
}
