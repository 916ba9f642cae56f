import "server-only";
import type { FailureCode } from "@/lib/failure-table";
import { readCallbackQuery, type CallbackQuery } from "@/lib/oauth/callback-query";
import { logOutcome, siteFault } from "@/lib/log-outcome";
import type { Deadline } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import type { Provider, ProviderId, TokenSet } from "@/lib/oauth/provider";
import { revokeLater } from "@/lib/oauth/revoke";
import { TRANSACTION_LIFETIME_MS } from "@/lib/oauth/transaction-lifetime";
import { fail, success, type Result } from "@/lib/result";
import type { Transaction } from "@/lib/stores/contracts";

/** Who is connecting: the user, and the session that must still live when the tokens are stored. */
export interface Connector {
  userId: string;
  sessionIdHash: string;
}

/** Looks a provider up by id; the engine knows none by name. */
export type FindProvider = (id: ProviderId) => Provider | undefined;

/** Begins an authorization: remembers state and verifier, and returns the URL to send the browser to. */
export async function connect(
  engine: Engine,
  provider: Provider,
  userId: string,
  returnTo: string,
  deadline: Deadline,
): Promise<Result<{ url: string }>> {
  const begun = await provider.oauth.begin(provider.redirectUri, deadline);
  if (!begun.ok) {
    engine.log.warn("oauth.begin", { provider: provider.id, code: begun.error.code });
    return begun;
  }
  const { state, codeVerifier, url } = begun.data;
  await engine.transactions.setPKCEVerifier(state, {
    provider: provider.id,
    userId,
    codeVerifier,
    redirectUri: provider.redirectUri,
    returnTo,
    expiresAt: engine.now() + TRANSACTION_LIFETIME_MS,
  });
  return success({ url });
}

/**
 * Completes an authorization from its callback. The transaction is taken before anything is asked of the provider, and never
 * put back: one callback makes at most one token request, whatever happens. An earlier connection stays until the new tokens
 * are there. Fails with `oauth/invalid_callback`, `oauth/invalid_state`, `oauth/issuer_mismatch`, the provider's own refusal,
 * whatever the exchange fails with, or `session/missing` when the user signed out meanwhile.
 */
export async function complete(
  engine: Engine,
  findProvider: FindProvider,
  connector: Connector,
  callback: { path: string; params: URLSearchParams },
  deadline: Deadline,
): Promise<Result<{ returnTo: string }>> {
  const query = readCallbackQuery(callback.params);
  if (!query.ok) return query;
  const transaction = await engine.transactions.takePKCEVerifier(query.data.state, connector.userId);
  if (!transaction) return notTaken(engine, query.data.state, connector);
  if (transaction.expiresAt <= engine.now()) return fail("oauth/invalid_state", { reason: "expired" });
  const provider = findProvider(transaction.provider);
  if (!provider || !cameFrom(provider, transaction, callback)) return fail("oauth/issuer_mismatch");
  if (query.data.denied) return denied(engine, provider, query.data.denied);
  const tokens = await exchange(engine, provider, transaction, query.data, deadline);
  return tokens.ok ? store(engine, provider, connector, transaction, tokens.data) : tokens;
}

/** The key is missing for a moment while keys are rotated; the same callback then works on an instance that has it. */
async function notTaken(engine: Engine, state: string, { userId }: Connector): Promise<Result<never>> {
  const updating = await engine.transactions.lacksKeyFor(state, userId);
  return fail("oauth/invalid_state", updating ? { reason: "updating" } : {});
}

/** Mix-up defence (RFC 9207, RFC 9700 section 4.4): the answer must be the one of the provider that was asked. */
function cameFrom(
  provider: Provider,
  transaction: Transaction,
  callback: { path: string; params: URLSearchParams },
): boolean {
  if (new URL(transaction.redirectUri).pathname !== callback.path) return false;
  const issuer = callback.params.get("iss");
  return issuer === null || provider.issuer === undefined || issuer === provider.issuer;
}

/** The provider's own refusal. Unless the user chose it, somebody has to be told: it is about this site's registration or request. */
function denied(engine: Engine, { id }: Provider, code: FailureCode): Result<never> {
  const refusal = fail(code);
  if (refusal.error.recovery === "none") engine.log.error("oauth.authorize", { provider: id, code });
  return refusal;
}

async function exchange(
  engine: Engine,
  provider: Provider,
  { codeVerifier, redirectUri }: Transaction,
  { state, params }: CallbackQuery,
  deadline: Deadline,
): Promise<Result<TokenSet>> {
  const startedAt = engine.now();
  const response = { callback: params, state, redirectUri, codeVerifier };
  const tokens = await provider.oauth.exchange(response, deadline);
  const fields = { provider: provider.id, durationMs: engine.now() - startedAt };
  logOutcome(engine.log, "oauth.exchange", fields, tokens, siteFault);
  return tokens;
}

async function store(
  engine: Engine,
  provider: Provider,
  connector: Connector,
  transaction: Transaction,
  tokens: TokenSet,
): Promise<Result<{ returnTo: string }>> {
  const key = { provider: provider.id, userId: connector.userId };
  if (await engine.tokens.set(key, tokens, connector.sessionIdHash)) return success({ returnTo: transaction.returnTo });
  revokeLater(engine, provider, tokens);
  return fail("session/missing");
}

/** Ends one connection: cleared first, revoked after, and a provider that does not answer holds nobody up. */
export async function disconnect(engine: Engine, provider: Provider, userId: string): Promise<void> {
  const tokens = await engine.tokens.clear({ provider: provider.id, userId });
  if (tokens) revokeLater(engine, provider, tokens);
}

/** Ends all of a user's connections, as signing out does. */
export async function disconnectAll(engine: Engine, findProvider: FindProvider, userId: string): Promise<void> {
  for (const { provider: id, tokens } of await engine.tokens.clearAll(userId)) {
    const provider = findProvider(id);
    if (provider) revokeLater(engine, provider, tokens);
  }
}
