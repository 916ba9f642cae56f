import "server-only";
import { headers } from "next/headers";
import {
  customFetch,
  getValidatedIdTokenClaims,
  JWT_TIMESTAMP_CHECK,
  OperationProcessingError,
  processAuthorizationCodeResponse,
  processUserInfoResponse,
  userInfoRequest,
  validateApplicationLevelSignature,
  type AuthorizationServer,
  type Client,
  type TokenEndpointResponse,
} from "oauth4webapi";
import { getEnv } from "@/lib/config/env";
import type { FailureCode } from "@/lib/failures";
import { loginCookieName } from "@/lib/http/cookies";
import { deadlineIn, type Deadline } from "@/lib/http/deadline";
import { safeReturnTo } from "@/lib/http/form-route";
import { logOutcome, operatorLevel } from "@/lib/http/log";
import { checkCallbackRate, checkSignInRate } from "@/lib/http/rate-limit";
import { isSafeEndpoint } from "@/lib/http/secure-url";
import { upstreamFetch } from "@/lib/http/upstream";
import { getEngine, type Engine } from "@/lib/oauth/engine";
import { logStrayRefusal, readCallbackQuery } from "@/lib/oauth/flow";
import { clientAuthOf, LOGIN_CALLBACK_PATH, loginSpec, type OAuthSpec } from "@/lib/oauth/oauth-spec";
import { redeem, standardOAuth, withServer } from "@/lib/oauth/standard-oauth";
import { insecureOnLoopback, oauthFailure } from "@/lib/oauth/token-endpoint";
import { OAUTH_REQUEST_LIFETIME_MS } from "@/lib/pkce-store";
import { fail, failure, success, type Failure, type Result } from "@/lib/result";
import { browserName, displayName, sealedCookie, type User } from "@/lib/session";
import type { OAuthRequest } from "@/lib/stores/contracts";
import { sha256 } from "@/lib/stores/seal";

/** The requests of the login among the stored ones. Nobody is signed in yet, so they have no user; no user's id is empty. */
const LOGIN = { provider: "login", userId: "" } as const;

/** A browser may begin this many sign-ins side by side, as when it restores its tabs. With them, the cookie is below 2 kB. */
const MOST_STATES = 20;

/** The sign-ins that this browser has begun, by their states. Without this cookie, a callback from somebody else's browser would sign its visitor in as somebody else (login CSRF). */
interface LoginCookie {
  states?: string[];
  /** The name of this browser, for the session that comes of it: see `signInAs`. */
  browser?: string;
}

async function readLoginCookie() {
  const cookie = await sealedCookie<LoginCookie>(loginCookieName, OAUTH_REQUEST_LIFETIME_MS / 1_000);
  if (!Array.isArray(cookie.states)) delete cookie.states;
  if (typeof cookie.browser !== "string") delete cookie.browser;
  return cookie;
}

/** Binds the id token to the stored request. The verifier is as secret and random as a nonce has to be, and the hash does not reveal it. */
function nonceOf(codeVerifier: string): string {
  return sha256(`nonce|${codeVerifier}`);
}

/** The failures of the OAuth engine, as those of signing in. Any other is an answer that cannot be verified. */
const LOGIN_CODES: ReadonlyMap<FailureCode, FailureCode> = new Map([
  ["oauth/access_denied", "login/access_denied"],
  ["oauth/issuer_mismatch", "login/issuer_mismatch"],
  ["oauth/network_error", "login/unavailable"],
  ["oauth/invalid_client", "login/not_accepted"],
  ["oauth/invalid_request", "login/not_accepted"],
  ["oauth/invalid_scope", "login/not_accepted"],
  ["oauth/unauthorized_client", "login/not_accepted"],
  ["oauth/unsupported_grant_type", "login/not_accepted"],
]);

function asLoginFailure({ code, reason, status }: Failure) {
  if (code.startsWith("login/")) return fail(code, { reason, status });
  return fail(LOGIN_CODES.get(code) ?? "login/invalid_answer", { reason, status });
}

/**
 * Begins signing in at the identity provider: stores the request, binds it to this browser, and returns the address to send the browser to.
 * Fails with `login/not_set_up`, `login/too_many`, or if the provider's discovery document cannot be used.
 */
export async function beginLogin(returnTo: unknown): Promise<Result<{ continueAt: string }>> {
  const { login, formActionOrigins, appUrl, upstreamTimeoutMs } = getEnv();
  if (!login) return fail("login/not_set_up");
  // Anybody can post the form, and each time a request is stored for ten minutes.
  const allowed = await checkSignInRate(await headers());
  if (!allowed.ok) return allowed;
  const engine = await getEngine();
  const redirectUri = appUrl + LOGIN_CALLBACK_PATH;
  const { oauth } = standardOAuth(loginSpec(login, formActionOrigins), engine.now);
  const begun = await oauth.begin(redirectUri, deadlineIn(upstreamTimeoutMs));
  if (!begun.ok) {
    engine.log.warn("login.begin", { issuer: login.issuer, code: begun.error.code });
    return asLoginFailure(begun.error);
  }
  const { state, codeVerifier = "" } = begun.data;
  const expiresAt = engine.now() + OAUTH_REQUEST_LIFETIME_MS;
  const request = { ...LOGIN, codeVerifier, redirectUri, returnTo: safeReturnTo(returnTo, appUrl), expiresAt };
  await engine.oauthRequests.setPKCEVerifier(state, request);
  const cookie = await readLoginCookie();
  cookie.states = [...(cookie.states ?? []), state].slice(-MOST_STATES);
  cookie.browser ??= await browserName();
  await cookie.save();
  const url = new URL(begun.data.url);
  url.searchParams.set("nonce", nonceOf(codeVerifier));
  // Signing out here does not sign out there. On a shared computer, the next person's "Sign in" would silently be this person's.
  url.searchParams.set("prompt", "login");
  return success({ continueAt: url.href });
}

/** Everything that this browser has begun is over: a callback that it did not begin means that somebody may be tampering. */
async function endAll({ oauthRequests }: Engine, cookie: LoginCookie & { destroy(): void }): Promise<void> {
  for (const state of cookie.states ?? []) await oauthRequests.takePKCEVerifier(state, LOGIN.userId);
  cookie.destroy();
}

/** A refusal that belongs to no sign-in that is under way: a wrong registration may show in no other way. */
function stray(engine: Engine, params: URLSearchParams, refusal: Failure) {
  logStrayRefusal(engine, { params, pathProvider: LOGIN.provider });
  return asLoginFailure(refusal);
}

/**
 * The stored request of a callback. It is taken before anything else is checked, by whatever browser, and never put back: an address that
 * has been seen by another browser must not work in the right one either.
 */
async function takeRequest(engine: Engine, params: URLSearchParams) {
  const cookie = await readLoginCookie();
  const query = readCallbackQuery(params);
  // Without a usable state, a refusal belongs to nothing: it is explained, and ends nothing.
  if (!query.ok && query.error.code !== "oauth/invalid_callback") return stray(engine, params, query.error);
  const { state, denied } = query.ok ? query.data : { state: "", denied: undefined };
  const request = await engine.oauthRequests.takePKCEVerifier(state, LOGIN.userId);
  const isOwn = cookie.states?.includes(state) ?? false;
  if (request && request.expiresAt <= engine.now())
    return denied ? stray(engine, params, failure(denied)) : fail("login/expired");
  if (request && isOwn) return success({ request, state, denied, browser: cookie.browser });
  if (isOwn) {
    if (denied) return stray(engine, params, failure(denied));
    const updating = await engine.oauthRequests.lacksKeyFor(state, LOGIN.userId);
    return updating ? fail("login/unavailable", { reason: "updating" }) : fail("login/replayed");
  }
  await endAll(engine, cookie);
  if (denied && !request) return stray(engine, params, failure(denied));
  return fail(request ? "login/other_browser" : "login/unknown_state");
}

/**
 * Completes signing in from the callback; returns the user, this browser's name, and the path to continue at. It touches no session: an attempt that fails leaves
 * an existing one as it is. Fails with the codes of `lib/login-failures.ts`.
 */
export async function completeLogin(
  params: URLSearchParams,
): Promise<Result<{ user: User; browser?: string; returnTo: string }>> {
  const { login, formActionOrigins, upstreamTimeoutMs } = getEnv();
  if (!login) return fail("login/not_set_up");
  const allowed = await checkCallbackRate("login/too_many", await headers());
  if (!allowed.ok) return allowed;
  const engine = await getEngine();
  const taken = await takeRequest(engine, params);
  if (!taken.ok) return taken;
  const { request, state, denied, browser } = taken.data;
  const startedAt = engine.now();
  const spec = loginSpec(login, formActionOrigins);
  const result = await identify(spec, { callback: params, request, state, denied }, deadlineIn(upstreamTimeoutMs));
  const user = result.ok ? result : asLoginFailure(result.error);
  const durationMs = engine.now() - startedAt;
  // A refusal is in the callback's query, which whoever began the sign-in can write: it raises the alarm once a minute at most.
  if (denied) logStrayRefusal(engine, { params });
  const levelOf = denied ? undefined : operatorLevel;
  logOutcome(engine.log, "login.exchange", { result: user, issuer: login.issuer, durationMs, levelOf });
  return user.ok ? success({ user: user.data, browser, returnTo: request.returnTo }) : user;
}

interface LoginResponse {
  callback: URLSearchParams;
  request: OAuthRequest;
  state: string;
  denied: FailureCode | undefined;
}

async function identify(
  spec: OAuthSpec,
  { callback, request, state, denied }: LoginResponse,
  deadline: Deadline,
): Promise<Result<User>> {
  // Mix-up defence (RFC 9207), for refusals too; `redeem` also requires an `iss` from a server that announces one.
  const from = callback.get("iss");
  if (from !== null && from !== spec.issuer) return fail("oauth/issuer_mismatch");
  if (denied) return { ok: false, error: failure(denied) };
  const { redirectUri, codeVerifier = "" } = request;
  return withServer(spec, deadline, async (server) => {
    const client = { ...spec, clientAuth: clientAuthOf(server) };
    const redeemed = await redeem(client, server, { callback, state, redirectUri, codeVerifier }, deadline);
    if (!redeemed.ok) return redeemed;
    return readUser(server, { ...redeemed.data, nonce: nonceOf(codeVerifier) }, deadline);
  });
}

function upstreamOptions(call: string, url: string, deadline: Deadline) {
  return { ...insecureOnLoopback(url), [customFetch]: upstreamFetch(call, deadline, () => true) };
}

/** A subject has at most 255 ASCII characters (OpenID Connect Core section 2). */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/**
 * The user of a token answer. oauth4webapi checks the id token's issuer, audience, times and nonce. Its signature is checked too, although it comes
 * directly from the token endpoint over TLS: a fault in one of the two lines then signs nobody in.
 */
async function readUser(
  server: AuthorizationServer,
  { client, answer, nonce }: { client: Client; answer: Response; nonce: string },
  deadline: Deadline,
): Promise<Result<User>> {
  const keys = server.jwks_uri;
  if (keys === undefined || !isSafeEndpoint(keys, [server.issuer])) return fail("oauth/invalid_response");
  try {
    const expected = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await processAuthorizationCodeResponse(server, client, answer, expected);
    await validateApplicationLevelSignature(server, answer, upstreamOptions("login.keys", keys, deadline));
    const claims = getValidatedIdTokenClaims(tokens);
    if (!claims || !SUBJECT.test(claims.sub)) return fail("oauth/invalid_response");
    const name = nameIn(claims) ?? (await askForName(server, client, tokens, claims.sub));
    return success({ id: `${server.issuer}|${claims.sub}`, ...(name !== undefined && { name }) });
  } catch (error) {
    const isUntimely = error instanceof OperationProcessingError && error.code === JWT_TIMESTAMP_CHECK;
    if (isUntimely) return fail("login/token_expired");
    throw error;
  }
}

function nameIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  const texts = ["name", "preferred_username", "email"].map((claim) => claims[claim]);
  return texts.map((text) => (typeof text === "string" ? displayName(text) : undefined)).find(Boolean);
}

/** Short, because the user is waiting, and a name is worth little (milliseconds). */
const NAME_TIMEOUT_MS = 2_000;

/** Strict providers keep names out of the id token (OpenID Connect Core section 5.4). Without an answer, the user has no name. */
async function askForName(
  server: AuthorizationServer,
  client: Client,
  { access_token }: TokenEndpointResponse,
  subject: string,
): Promise<string | undefined> {
  const at = server.userinfo_endpoint;
  if (at === undefined || !isSafeEndpoint(at, [server.issuer])) return undefined;
  try {
    const answer = await userInfoRequest(
      server,
      client,
      access_token,
      upstreamOptions("login.userinfo", at, deadlineIn(NAME_TIMEOUT_MS)),
    );
    return nameIn(await processUserInfoResponse(server, client, subject, answer));
  } catch (error) {
    // This rethrows what is a bug here, and not the provider's fault.
    oauthFailure(error);
    return undefined;
  }
}
