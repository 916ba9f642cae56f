import "server-only";
import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from "oauth4webapi";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import type { AuthorizationRequest } from "@/lib/oauth/provider";

/**
 * A new authorization request: state and verifier of 256 bits each. The URL is put together with `searchParams`: a redirect URI
 * with a query of its own survives, and no blank gets into a name.
 */
export async function authorizationRequest(
  spec: OAuthSpec,
  endpoint: string,
  redirectUri: string,
): Promise<AuthorizationRequest> {
  const url = new URL(endpoint);
  const state = generateRandomState();
  const fields = { client_id: spec.clientId, redirect_uri: redirectUri, response_type: "code", state };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  if (spec.scopes.length > 0) url.searchParams.set("scope", spec.scopes.join(" "));
  if (!spec.pkce) return { url: url.href, state };
  const codeVerifier = generateRandomCodeVerifier();
  url.searchParams.set("code_challenge", await calculatePKCECodeChallenge(codeVerifier));
  url.searchParams.set("code_challenge_method", "S256");
  return { url: url.href, state, codeVerifier };
}
