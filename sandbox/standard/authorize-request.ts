import { answerTarget, clientProblem, requestProblem } from "../oauth/authorize-problem";
import type { RequestProblem } from "../oauth/authorize-problem";
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

/** What becomes of an authorize request. "untrusted" must never lead to a redirect (see `clientProblem`). */
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
  const { redirectUri, state } = answerTarget(params);
  const [error, description] = requestProblem(params) ?? scopeProblem(params, spec) ?? pkceProblem(params, spec) ?? [];
  if (error !== undefined) return { kind: "refused", redirectUri, state, error, description: description ?? "" };
  const codeChallenge = spec.pkce === "required" ? (params.get("code_challenge") ?? "") : "";
  return { kind: "accepted", request: { redirectUri, state, codeChallenge, scopes: scopesOf(params) } };
}

function scopeProblem(params: URLSearchParams, { scopes }: ProviderSpec): RequestProblem | undefined {
  const unknown = scopesOf(params).find((scope) => !Object.hasOwn(scopes, scope));
  return unknown === undefined ? undefined : ["invalid_scope", `the scope ${unknown} is not known`];
}

function pkceProblem(params: URLSearchParams, { pkce }: ProviderSpec): RequestProblem | undefined {
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
