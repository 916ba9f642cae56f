import { answerTarget, clientProblem, requestProblem } from "../../oauth/authorize-problem";
import type { RequestProblem } from "../../oauth/authorize-problem";
import { isCodeChallenge } from "../../oauth/pkce";
import { redirectToApp } from "../../oauth/redirect-to-app";
import type { RegisteredClient } from "../../oauth/registered-client";

/** An authorize request that is in order. */
export interface AuthorizeRequest {
  clientId: string;
  redirectUri: string;
  state: string;
  codeChallenge: string;
}

/** What becomes of an authorize request. "untrusted" must never lead to a redirect (see `clientProblem`). */
export type AuthorizeCheck =
  | { kind: "accepted"; request: AuthorizeRequest }
  | { kind: "refused"; redirectTo: string }
  | { kind: "untrusted"; problem: string };

/** Checks an authorize request's parameters (sonar.md 1.2, RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
export function checkAuthorizeRequest(params: URLSearchParams, client: RegisteredClient): AuthorizeCheck {
  const untrusted = clientProblem(params, client);
  if (untrusted !== undefined) return { kind: "untrusted", problem: untrusted };
  const { redirectUri, state } = answerTarget(params);
  const problem = requestProblem(params) ?? challengeProblem(params);
  if (problem) return { kind: "refused", redirectTo: errorRedirect(redirectUri, state, ...problem) };
  const codeChallenge = params.get("code_challenge") ?? "";
  return { kind: "accepted", request: { clientId: client.clientId, redirectUri, state, codeChallenge } };
}

function challengeProblem(params: URLSearchParams): RequestProblem | undefined {
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
  return redirectToApp(redirectUri, { error, error_description: description, ...(state !== "" && { state }) });
}

/** The redirect that hands the code to the app. */
export function codeRedirect(request: AuthorizeRequest, code: string): string {
  return redirectToApp(request.redirectUri, { code, state: request.state });
}
