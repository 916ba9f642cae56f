import "server-only";
import type { FailureCode } from "@/lib/failures";
import type { Deadline } from "@/lib/http/deadline";
import { logOutcome, operatorLevel } from "@/lib/http/log";
import { revokeLater, type Engine } from "@/lib/oauth/engine";
import type { Provider, ProviderId } from "@/lib/oauth/provider";
import { OAUTH_REQUEST_LIFETIME_MS } from "@/lib/pkce-store";
import { fail, success, type Result } from "@/lib/result";
import type { OAuthRequest } from "@/lib/stores/contracts";

const LONGEST_STATE = 512;
const LONGEST_CODE = 4_096;

/** The provider's own errors, as our codes. Any other is an answer that this site cannot read. */
const PROVIDER_ERRORS: ReadonlyMap<string, FailureCode> = new Map([
  ["access_denied", "oauth/access_denied"],
  ["invalid_request", "oauth/invalid_request"],
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
  { userId, returnTo, deadline }: { userId: string; returnTo: string; deadline: Deadline },
): Promise<Result<{ url: string }>> {
  const begun = await provider.oauth.begin(provider.redirectUri, deadline);
  if (!begun.ok) {
    engine.log.warn("oauth.begin", { provider: provider.id, code: begun.error.code });
    return begun;
  }
  const { state, codeVerifier, url } = begun.data;
  await engine.oauthRequests.setPKCEVerifier(state, {
    provider: provider.id,
    userId,
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
  if (!query.ok) return query;
  const { state, denied } = query.data;
  const request = await engine.oauthRequests.takePKCEVerifier(state, callback.userId);
  if (!request) return notTaken(engine, state, callback.userId);
  if (request.expiresAt <= engine.now()) return fail("oauth/invalid_state", { reason: "expired" });
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
  if (await engine.tokens.set(key, result.data, callback.sessionIdHash)) return success({ returnTo });
  revokeLater(engine, provider, result.data);
  return fail("session/missing");
}

/** Reads a callback's query. Fails with `oauth/invalid_callback` before anything is looked up. */
export function readCallbackQuery(params: URLSearchParams): Result<CallbackQuery> {
  const state = single(params, "state", LONGEST_STATE);
  if (state === undefined) return fail("oauth/invalid_callback");
  if (params.has("error")) {
    const denied = PROVIDER_ERRORS.get(params.get("error") ?? "") ?? "oauth/invalid_response";
    return success({ state, denied });
  }
  const code = single(params, "code", LONGEST_CODE);
  return code === undefined ? fail("oauth/invalid_callback") : success({ state });
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
  if (refusal.error.recovery === "none") engine.log.error("oauth.authorize", { provider: id, code });
  return refusal;
}

/** Ends one connection: deleted first, revoked after, so that a provider that does not answer delays nobody. */
export async function disconnect(engine: Engine, provider: Provider, userId: string): Promise<void> {
  const tokens = await engine.tokens.clear({ provider: provider.id, userId });
  if (tokens) revokeLater(engine, provider, tokens);
}

/** Ends all connections of a user, as signing out does. */
export async function disconnectAll(engine: Engine, findProvider: FindProvider, userId: string): Promise<void> {
  for (const { provider: id, tokens } of await engine.tokens.clearAll(userId)) {
    const provider = findProvider(id);
    if (provider) revokeLater(engine, provider, tokens);
  }
}
