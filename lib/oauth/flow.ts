import "server-only";
import type { FailureCode } from "@/lib/failures";
import type { Deadline } from "@/lib/http/deadline";
import { isDueRarely, logOutcome, operatorLevel } from "@/lib/http/log";
import { count } from "@/lib/http/metrics";
import { revokeLater, type Engine } from "@/lib/oauth/engine";
import type { Provider, ProviderId, TokenSet } from "@/lib/oauth/provider";
import { OAUTH_REQUEST_LIFETIME_MS } from "@/lib/pkce-store";
import { fail, failure, success, type Result } from "@/lib/result";
import type { OAuthRequest } from "@/lib/stores/contracts";

const LONGEST_STATE = 512;
const LONGEST_CODE = 4_096;

/**
 * The errors of authorize pages, as our codes: those of RFC 6749 section 4.1.2.1, and further names that servers use. Any other is an answer
 * that this site cannot read.
 */
const PROVIDER_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ["access_denied", "oauth/access_denied"],
  ["user_denied", "oauth/access_denied"],
  ["user_cancelled_login", "oauth/access_denied"],
  ["user_cancelled_authorize", "oauth/access_denied"],
  ["invalid_request", "oauth/invalid_request"],
  ["unsupported_response_type", "oauth/invalid_request"],
  ["invalid_client", "oauth/invalid_client"],
  ["redirect_uri_mismatch", "oauth/invalid_client"],
  ["invalid_redirect_uri", "oauth/invalid_client"],
  ["application_suspended", "oauth/unauthorized_client"],
  ["invalid_scope", "oauth/invalid_scope"],
  ["unauthorized_client", "oauth/unauthorized_client"],
  ["server_error", "oauth/network_error"],
  ["temporarily_unavailable", "oauth/network_error"],
]);

/** Looks a provider up by id; the engine knows none by name. */
export type FindProvider = (id: ProviderId) => Provider | undefined;

/** A callback as it arrived, and the user and session that it arrived in: tokens are stored only while that session lives. */
export interface Callback {
  path: string;
  params: URLSearchParams;
  userId: string;
  sessionIdHash: string;
  /** The provider whose redirect URI has this path, for the log; nothing relies on it. */
  pathProvider?: ProviderId | undefined;
}

/** A callback's query after its first check: well-formed, but not yet matched with an OAuth request. */
interface CallbackQuery {
  state: string;
  /** Set when the provider refuses (RFC 6749 section 4.1.2.1). */
  denied?: FailureCode;
}

/** Begins an authorization: stores state and verifier, and returns the URL to send the browser to. */
export async function connect(
  engine: Engine,
  provider: Provider,
  {
    returnTo,
    deadline,
    ...owner
  }: Pick<Callback, "userId" | "sessionIdHash"> & { returnTo: string; deadline: Deadline },
): Promise<Result<{ url: string }>> {
  const begun = await provider.oauth.begin(provider.redirectUri, deadline);
  if (!begun.ok) {
    engine.log.warn("oauth.begin", { provider: provider.id, code: begun.error.code });
    return begun;
  }
  const { state, codeVerifier, url } = begun.data;
  await engine.oauthRequests.setPKCEVerifier(state, {
    provider: provider.id,
    ...owner,
    codeVerifier,
    redirectUri: provider.redirectUri,
    returnTo,
    expiresAt: engine.now() + OAUTH_REQUEST_LIFETIME_MS,
  });
  return success({ url });
}

/**
 * Completes an authorization from its callback. The OAuth request is taken before the provider is asked anything, and is never put
 * back: one callback makes at most one token request. An earlier connection stays until the new tokens have arrived. Fails with
 * `oauth/invalid_callback`, `oauth/invalid_state`, `oauth/issuer_mismatch`, the provider's own refusal, as the exchange does, or with
 * `session/missing` if the user has signed out meanwhile.
 */
export async function complete(
  engine: Engine,
  findProvider: FindProvider,
  callback: Callback,
  deadline: Deadline,
): Promise<Result<{ returnTo: string }>> {
  const query = readCallbackQuery(callback.params);
  if (!query.ok) {
    logStrayRefusal(engine, callback);
    return query;
  }
  const { state, denied } = query.data;
  const request = await engine.oauthRequests.takePKCEVerifier(state, callback.userId, callback.sessionIdHash);
  if (!request || request.expiresAt <= engine.now()) {
    logStrayRefusal(engine, callback);
    if (denied) return fail(denied);
    return request ? fail("oauth/invalid_state", { reason: "expired" }) : notTaken(engine, state, callback.userId);
  }
  const provider = findProvider(request.provider);
  if (!provider || !cameFrom(provider, request, callback)) return fail("oauth/issuer_mismatch");
  if (denied) return refused(engine, provider, denied);
  const startedAt = engine.now();
  const { redirectUri, codeVerifier, returnTo } = request;
  const result = await provider.oauth.exchange(
    { callback: callback.params, state, redirectUri, codeVerifier },
    deadline,
  );
  const durationMs = engine.now() - startedAt;
  logOutcome(engine.log, "oauth.exchange", { result, provider: provider.id, durationMs, levelOf: operatorLevel });
  if (!result.ok) return result;
  const key = { provider: provider.id, userId: callback.userId };
  if (await engine.tokens.set(key, result.data, callback.sessionIdHash)) {
    engine.log.info("connect.completed", { provider: provider.id });
    count("app.connects", { "app.provider": provider.id });
    engine.audit.note(callback.userId, { event: "connect", provider: provider.id });
    return success({ returnTo });
  }
  revokeLater(engine, provider, result.data);
  return fail("session/missing");
}

/**
 * Reads a callback's query. Fails with `oauth/invalid_callback` before anything is looked up, or with the provider's error if there is one but
 * no usable state: servers omit the state, above all when they refuse this site's registration.
 */
export function readCallbackQuery(params: URLSearchParams): Result<CallbackQuery> {
  const state = single(params, "state", LONGEST_STATE);
  const denied = providerError(params);
  if (state === undefined) return fail(denied ?? "oauth/invalid_callback");
  if (denied) return success({ state, denied });
  const code = single(params, "code", LONGEST_CODE);
  return code === undefined ? fail("oauth/invalid_callback") : success({ state });
}

/** The code of the provider's error, which nobody vouches for: it only chooses among our own sentences. An empty one is none. */
function providerError(params: URLSearchParams): FailureCode | undefined {
  const names = new Set(params.getAll("error").map((name) => name.trim().toLowerCase()));
  names.delete("");
  const [name, ...others] = names;
  if (name === undefined) return undefined;
  return (others.length === 0 ? PROVIDER_ERRORS.get(name) : undefined) ?? "oauth/invalid_response";
}

/** The value of a parameter that must occur exactly once: a repeated one is an attack or a bug (RFC 6749 section 3.1). */
function single(params: URLSearchParams, name: string, longest: number): string | undefined {
  const [value, ...others] = params.getAll(name);
  return value && others.length === 0 && value.length <= longest ? value : undefined;
}

/** While keys are rotated, this instance may lack the key; the same callback then works on an instance that has it. */
async function notTaken(engine: Engine, state: string, userId: string): Promise<Result<never>> {
  const updating = await engine.oauthRequests.lacksKeyFor(state, userId);
  return fail("oauth/invalid_state", updating ? { reason: "updating" } : {});
}

/** Mix-up defence (RFC 9207, RFC 9700 section 4.4): the callback must come from the provider that was asked. */
function cameFrom(provider: Provider, request: OAuthRequest, { path, params }: Callback): boolean {
  if (new URL(request.redirectUri).pathname !== path) return false;
  const issuer = params.get("iss");
  return issuer === null || provider.issuer === undefined || issuer === provider.issuer;
}

/** The provider's own refusal. If the user did not choose it, the operator must know: this site's registration or request is wrong. */
function refused(engine: Engine, { id }: Provider, code: FailureCode): Result<never> {
  const refusal = fail(code);
  if (refusal.error.recovery === "none") logRarely(engine, "oauth.authorize", { provider: id, code });
  return refusal;
}

/** The query of a callback is written by whoever opens it, who could otherwise raise the alarm as often as they like. */
function logRarely(
  { log }: Pick<Engine, "log">,
  event: "oauth.authorize" | "oauth.authorize.stray",
  { provider, code }: { provider: ProviderId | undefined; code: FailureCode },
): void {
  if (isDueRarely(`${event} ${provider} ${code}`)) log.error(event, { provider, code });
}

/**
 * Tells the operator of a refusal that belongs to no OAuth request, since a wrong registration may show in no other way. Anybody can make such
 * an address, so it changes nothing, and each kind is logged at most once a minute.
 */
export function logStrayRefusal(
  engine: Pick<Engine, "log" | "now">,
  { params, pathProvider: provider }: Pick<Callback, "params" | "pathProvider">,
): void {
  const code = providerError(params);
  if (code === undefined || failure(code).recovery !== "none") return;
  logRarely(engine, "oauth.authorize.stray", { provider, code });
}

/** Deletes one connection, whose provider may no longer be set up. Returns its tokens, if there were any. */
export async function forgetConnection(engine: Engine, provider: ProviderId, userId: string): Promise<TokenSet | null> {
  const tokens = await engine.tokens.clear({ provider, userId });
  if (tokens) count("app.disconnects", { "app.provider": provider, "app.reason": "disconnect" });
  return tokens;
}

/** Ends one connection: deleted first, revoked after, so that a provider that does not answer delays nobody. */
export async function disconnect(engine: Engine, provider: Provider, userId: string): Promise<void> {
  const tokens = await forgetConnection(engine, provider.id, userId);
  if (tokens) revokeLater(engine, provider, tokens);
}

/** Ends all connections of a user; with the hash of a session that ends, only if no other session of the user lives. */
export async function disconnectAll(
  engine: Engine,
  findProvider: FindProvider,
  userId: string,
  endedSession?: string,
): Promise<void> {
  for (const { provider: id, tokens } of await engine.tokens.clearAll(userId, endedSession)) {
    count("app.disconnects", { "app.provider": id, "app.reason": "sign-out" });
    const provider = findProvider(id);
    if (provider) revokeLater(engine, provider, tokens);
  }
}
