import "server-only";
import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  authorizationCodeGrantRequest,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  nopkce,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  revocationRequest,
  validateAuthResponse,
  type AuthorizationServer,
  type Client,
  type TokenEndpointResponse,
} from "oauth4webapi";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import {
  toTokenSet,
  type AuthorizationRequest,
  type AuthorizationResponse,
  type OAuthAdapter,
  type TokenSet,
} from "@/lib/oauth/provider";
import { authorizationServer } from "@/lib/oauth/discovery";
import type { Deadline } from "@/lib/http/deadline";
import { insecureOnLoopback, oauthFailure, tokenFetch } from "@/lib/oauth/token-endpoint";
import { fail, success, type Failure, type Result } from "@/lib/result";

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

type Now = () => number;

function options({ tokenBody }: OAuthSpec, { token_endpoint = "" }: AuthorizationServer, deadline: Deadline) {
  return { ...insecureOnLoopback(token_endpoint), [customFetch]: tokenFetch(deadline, tokenBody) };
}

function clientOf({ clientId, clientSecret, clientAuth }: OAuthSpec) {
  const client: Client = { client_id: clientId };
  return { client, auth: clientAuth === "basic" ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret) };
}

/** Runs one exchange with the authorization server; whatever it throws becomes a Failure. */
async function withServer<T>(
  spec: OAuthSpec,
  now: Now,
  deadline: Deadline,
  run: (server: AuthorizationServer) => Promise<Result<T>>,
): Promise<Result<T>> {
  const server = await authorizationServer(spec, now, deadline);
  if (!server.ok) return server;
  try {
    return await run(server.data);
  } catch (error) {
    return oauthFailure(error);
  }
}

/** RFC 9207: an `iss` must be the issuer's, once; it must be there if the server says that it always sends one. */
function validated(server: AuthorizationServer, client: Client, { callback, state }: AuthorizationResponse) {
  try {
    return validateAuthResponse(server, client, callback, state);
  } catch (error) {
    if (error instanceof OperationProcessingError) return undefined;
    throw error;
  }
}

/** A token that is bound to a key (DPoP) is of no use here: this app has none. */
function bearerTokens(answer: TokenEndpointResponse, now: Now, oldRefreshToken?: string): Result<TokenSet> {
  return answer.token_type === "bearer" ? toTokenSet(answer, now, oldRefreshToken) : fail("oauth/invalid_response");
}

function exchange(spec: OAuthSpec, now: Now, response: AuthorizationResponse, deadline: Deadline) {
  return withServer(spec, now, deadline, async (server): Promise<Result<TokenSet>> => {
    const { client, auth } = clientOf(spec);
    const callback = validated(server, client, response);
    if (!callback) return fail("oauth/issuer_mismatch");
    const { redirectUri, codeVerifier } = response;
    // Never without the verifier where one was promised: that would be PKCE switched off by whoever loses it.
    if (spec.pkce && codeVerifier === undefined) return fail("oauth/invalid_state");
    const verifier = spec.pkce && codeVerifier !== undefined ? codeVerifier : nopkce;
    const how = options(spec, server, deadline);
    const answer = await authorizationCodeGrantRequest(server, client, auth, callback, redirectUri, verifier, how);
    return bearerTokens(await processAuthorizationCodeResponse(server, client, answer), now);
  });
}

/**
 * Whether a refresh token is refused for good. Many servers do not name the reason as RFC 6749 section 5.2 has it: any 400 or 401 means it,
 * unless its name says that our request or registration is at fault, or that the trouble passes. These have codes of their own.
 */
function isRefusal({ code, status }: Failure): boolean {
  return code === "oauth/invalid_grant" || (code === "oauth/invalid_response" && (status === 400 || status === 401));
}

function asRefresh(answer: Result<TokenSet>): Result<TokenSet> {
  if (answer.ok || !isRefusal(answer.error)) return answer;
  return fail("auth/invalid_refresh_token", { status: answer.error.status });
}

async function refresh(spec: OAuthSpec, now: Now, refreshToken: string, deadline: Deadline) {
  const answer = await withServer(spec, now, deadline, async (server): Promise<Result<TokenSet>> => {
    const { client, auth } = clientOf(spec);
    const response = await refreshTokenGrantRequest(
      server,
      client,
      auth,
      refreshToken,
      options(spec, server, deadline),
    );
    const tokens: TokenEndpointResponse = await processRefreshTokenResponse(server, client, response);
    return bearerTokens(tokens, now, refreshToken);
  });
  return asRefresh(answer);
}

/** Of the two tokens the refresh token: with it, a server ends everything that came from the same consent (RFC 7009 section 2.1). */
function revoke(spec: OAuthSpec, now: Now, { accessToken, refreshToken }: TokenSet, deadline: Deadline) {
  return withServer(spec, now, deadline, async (server): Promise<Result<void>> => {
    if (server.revocation_endpoint === undefined) return success(undefined);
    const { client, auth } = clientOf(spec);
    const hint = refreshToken === undefined ? "access_token" : "refresh_token";
    const how = { ...options(spec, server, deadline), additionalParameters: { token_type_hint: hint } };
    const answer = await revocationRequest(server, client, auth, refreshToken ?? accessToken, how);
    await processRevocationResponse(answer);
    // Nobody reads what is said beside the status, and an endless body would hold its socket until the deadline. The token is revoked even if
    // that body has broken off.
    await answer.body?.cancel().catch(() => undefined);
    return success(undefined);
  });
}

/** What a standard provider is to the engine. */
export interface StandardOAuth {
  issuer: string;
  authorizeOrigins: readonly string[];
  oauth: OAuthAdapter;
}

/**
 * An OAuth 2.0 provider that keeps to the standards, from data alone: RFC 6749 with PKCE (7636), revocation (7009), issuer
 * identification (9207) and OpenID Connect Discovery. The protocol is oauth4webapi's; time limits, redirects and retries are
 * ours. `now` is in milliseconds since 1970.
 */
export function standardOAuth(spec: OAuthSpec, now: Now = Date.now): StandardOAuth {
  const { issuer, authorizeOrigins } = spec;
  const oauth: OAuthAdapter = {
    begin: (redirectUri, deadline) =>
      withServer(spec, now, deadline, async ({ authorization_endpoint = "" }) =>
        success(await authorizationRequest(spec, authorization_endpoint, redirectUri)),
      ),
    exchange: (response, deadline) => exchange(spec, now, response, deadline),
    refresh: (refreshToken, deadline) => refresh(spec, now, refreshToken, deadline),
    revoke: (tokens, deadline) => revoke(spec, now, tokens, deadline),
  };
  return { issuer, authorizeOrigins, oauth };
}
