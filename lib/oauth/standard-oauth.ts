import "server-only";
import {
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  generateRandomCodeVerifier,
  generateRandomState,
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
import type { Deadline } from "@/lib/http/deadline";
import { authorizationServer } from "@/lib/oauth/discovery";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import type { AuthorizationRequest, AuthorizationResponse, OAuthAdapter, TokenSet } from "@/lib/oauth/provider";
import { cleanTokenAnswer, insecureOnLoopback, oauthFailure, tokenFetch, toTokenSet } from "@/lib/oauth/token-endpoint";
import { fail, success, type Failure, type Result } from "@/lib/result";
import { databaseNow } from "@/lib/stores/database-clock";

/**
 * A new authorization request, with a state and a verifier of 256 bits each. `searchParams` builds the URL, so that a redirect URI with a
 * query of its own survives.
 */
async function authorizationRequest(
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

type Step = "exchange" | "refresh" | "revoke";

function options(
  step: Step,
  { tokenBody }: OAuthSpec,
  { token_endpoint = "" }: AuthorizationServer,
  deadline: Deadline,
) {
  return { ...insecureOnLoopback(token_endpoint), [customFetch]: tokenFetch(`oauth.${step}`, deadline, tokenBody) };
}

function clientOf({ clientId, clientSecret, clientAuth }: OAuthSpec) {
  const client: Client = { client_id: clientId };
  return { client, auth: clientAuth === "basic" ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret) };
}

/** Runs one step with the authorization server; the errors of oauth4webapi become Failures. */
export async function withServer<T>(
  spec: OAuthSpec,
  deadline: Deadline,
  run: (server: AuthorizationServer) => Promise<Result<T>>,
): Promise<Result<T>> {
  const server = await authorizationServer(spec, deadline);
  if (!server.ok) return server;
  try {
    return await run(server.data);
  } catch (error) {
    return oauthFailure(error);
  }
}

/** RFC 9207: `iss` may occur once and must be the issuer's; it is required if the server declares that it always sends one. */
function validated(server: AuthorizationServer, client: Client, { callback, state }: AuthorizationResponse) {
  try {
    return validateAuthResponse(server, client, callback, state);
  } catch (error) {
    if (error instanceof OperationProcessingError) return undefined;
    throw error;
  }
}

/** This app cannot use a token that is bound to a key (DPoP). */
function bearerTokens(answer: TokenEndpointResponse, now: Now, oldRefreshToken?: string): Result<TokenSet> {
  return answer.token_type === "bearer" ? toTokenSet(answer, now, oldRefreshToken) : fail("oauth/invalid_response");
}

/**
 * Redeems the code of a callback at the token endpoint, whose answer still has to be checked. Fails with `oauth/issuer_mismatch` if the
 * callback does not name the server that was asked, and then sends it nothing.
 */
export async function redeem(
  spec: OAuthSpec,
  server: AuthorizationServer,
  response: AuthorizationResponse,
  deadline: Deadline,
): Promise<Result<{ client: Client; answer: Response }>> {
  const { client, auth } = clientOf(spec);
  const callback = validated(server, client, response);
  if (!callback) return fail("oauth/issuer_mismatch");
  const { redirectUri, codeVerifier } = response;
  // A missing verifier must not switch PKCE off.
  if (spec.pkce && codeVerifier === undefined) return fail("oauth/invalid_state");
  const verifier = spec.pkce && codeVerifier !== undefined ? codeVerifier : nopkce;
  const how = options("exchange", spec, server, deadline);
  const answer = await authorizationCodeGrantRequest(server, client, auth, callback, redirectUri, verifier, how);
  return success({ client, answer: await cleanTokenAnswer(answer, "code") });
}

function exchange(spec: OAuthSpec, now: Now, response: AuthorizationResponse, deadline: Deadline) {
  return withServer(spec, deadline, async (server): Promise<Result<TokenSet>> => {
    const redeemed = await redeem(spec, server, response, deadline);
    if (!redeemed.ok) return redeemed;
    const { client, answer } = redeemed.data;
    return bearerTokens(await processAuthorizationCodeResponse(server, client, answer), now);
  });
}

/**
 * True if a refresh token is refused for good. Many servers do not name the reason as RFC 6749 section 5.2 requires, so any 400 or 401
 * means it, unless the error's name blames our request or registration, or a temporary problem: these have codes of their own.
 */
function isRefusedForGood({ code, status, reason }: Failure): boolean {
  if (code === "oauth/invalid_grant") return true;
  // With a reason, the answer is not the server's own.
  return code === "oauth/invalid_response" && reason === undefined && (status === 400 || status === 401);
}

function asRefresh(answer: Result<TokenSet>): Result<TokenSet> {
  if (answer.ok || !isRefusedForGood(answer.error)) return answer;
  return fail("auth/invalid_refresh_token", { status: answer.error.status });
}

async function refresh(spec: OAuthSpec, now: Now, refreshToken: string, deadline: Deadline) {
  const answer = await withServer(spec, deadline, async (server): Promise<Result<TokenSet>> => {
    const { client, auth } = clientOf(spec);
    const response = await refreshTokenGrantRequest(
      server,
      client,
      auth,
      refreshToken,
      options("refresh", spec, server, deadline),
    );
    const tokens: TokenEndpointResponse = await processRefreshTokenResponse(
      server,
      client,
      await cleanTokenAnswer(response, "refresh"),
    );
    return bearerTokens(tokens, now, refreshToken);
  });
  return asRefresh(answer);
}

/** Revokes the refresh token if there is one: with it, a server ends all tokens of the same consent (RFC 7009 section 2.1). */
function revoke(spec: OAuthSpec, { accessToken, refreshToken }: TokenSet, deadline: Deadline) {
  return withServer(spec, deadline, async (server): Promise<Result<{ revoked: boolean }>> => {
    if (server.revocation_endpoint === undefined) return success({ revoked: false });
    const { client, auth } = clientOf(spec);
    const hint = refreshToken === undefined ? "access_token" : "refresh_token";
    const how = { ...options("revoke", spec, server, deadline), additionalParameters: { token_type_hint: hint } };
    const answer = await revocationRequest(server, client, auth, refreshToken ?? accessToken, how);
    await processRevocationResponse(answer);
    // The body is not needed, and an endless one would hold its socket until the deadline. The token is revoked even if the body has
    // broken off.
    await answer.body?.cancel().catch(() => undefined);
    return success({ revoked: true });
  });
}

/** The parts of a provider that a standard one gets from its spec. */
export interface StandardOAuth {
  issuer: string;
  authorizeOrigins: readonly string[];
  oauth: OAuthAdapter;
}

/**
 * An OAuth 2.0 provider that follows the standards, from data alone: RFC 6749 with PKCE (7636), revocation (7009), issuer
 * identification (9207) and OpenID Connect Discovery. oauth4webapi implements the protocol; this app adds time limits, retries and the ban
 * on redirects. `now` is in milliseconds since 1970.
 */
export function standardOAuth(spec: OAuthSpec, now: Now = databaseNow): StandardOAuth {
  const { issuer, authorizeOrigins } = spec;
  const oauth: OAuthAdapter = {
    begin: (redirectUri, deadline) =>
      withServer(spec, deadline, async ({ authorization_endpoint = "" }) =>
        success(await authorizationRequest(spec, authorization_endpoint, redirectUri)),
      ),
    exchange: (response, deadline) => exchange(spec, now, response, deadline),
    refresh: (refreshToken, deadline) => refresh(spec, now, refreshToken, deadline),
    revoke: (tokens, deadline) => revoke(spec, tokens, deadline),
  };
  return { issuer, authorizeOrigins, oauth };
}
