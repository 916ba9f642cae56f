import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FailureCode } from "@/lib/failures";
import { deadlineIn, withTimeout, type Deadline } from "@/lib/http/deadline";
import { errorFields, logOutcome, operatorLevel } from "@/lib/http/log";
import { revokeLater, type Engine } from "@/lib/oauth/engine";
import type { Provider, TokenSet } from "@/lib/oauth/provider";
import { fail, success, type Failure, type Result } from "@/lib/result";
import type { ConnectionKey, Lease, StoredConnection } from "@/lib/stores/contracts";

/** Seconds before expiry from which a call refreshes first. */
const REFRESH_SKEW_SECONDS = 60;

/** A short-lived token is refreshed only in the last quarter of its life: with the full skew, every call would refresh it. */
const LARGEST_PART_OF_LIFE = 0.25;

/** After a failed refresh the next one waits for this long (milliseconds), so that an overloaded provider is not hammered. */
const COOLDOWN_MS = 1_000;

/** Interval at which an instance that waits for another's refresh reads the store (milliseconds). */
const POLL_MS = 100;

/** The lease outlives the refresh it protects (milliseconds); if its holder dies, it ends by itself. */
const LEASE_MARGIN_MS = 5_000;

/** Between two tries of a write that failed (milliseconds). */
const WRITE_PAUSE_MS = 200;

/** The user and provider that a call is made for, and the time limit of the caller. */
export interface Caller {
  engine: Engine;
  provider: Provider;
  userId: string;
  deadline: Deadline;
}

/** One refresh: the connection, and its tokens at the beginning. */
interface Refresh {
  engine: Engine;
  provider: Provider;
  key: ConnectionKey;
  seen: StoredConnection;
}

/** "due": still valid, but about to expire; "expired": no longer valid. */
export type RefreshNeed = "none" | "due" | "expired";

/**
 * True if tokens need a refresh. It uses the time of receipt plus `expires_in` on our own clock, so that a provider's clock that is off
 * does no harm. Times in seconds.
 */
export function refreshNeed(tokens: TokenSet, nowSeconds: number): RefreshNeed {
  if (tokens.expiresAt === undefined) return "none";
  if (nowSeconds >= tokens.expiresAt) return "expired";
  const lifetime = tokens.obtainedAt === undefined ? Infinity : tokens.expiresAt - tokens.obtainedAt;
  const skew = Math.min(REFRESH_SKEW_SECONDS, lifetime * LARGEST_PART_OF_LIFE);
  return nowSeconds >= tokens.expiresAt - skew ? "due" : "none";
}

/**
 * Tokens that are valid for a call, refreshed first if needed. `rejected` is the version that the API has just answered with 401.
 * Fails with `connection/not_connected`, `connection/reconnect_required`, `auth/invalid_refresh_token` (the connection has ended),
 * `api/unauthorized` (rejected, and there is no refresh token), `oauth/refresh_refused` or `oauth/network_error` (in these, the connection is
 * kept).
 */
export async function freshTokens(caller: Caller, rejected?: string): Promise<Result<StoredConnection>> {
  const { engine, provider, userId, deadline } = caller;
  const key = { provider: provider.id, userId };
  const stored = await engine.tokens.get(key);
  if (!stored) return fail("connection/not_connected");
  const need = refreshNeed(stored.tokens, engine.now() / 1_000);
  const isRejected = stored.version === rejected;
  if (need === "none" && !isRejected) return success(stored);
  const usable = need !== "expired" && !isRejected;
  // A refresh has just failed: a token that is still valid need not wait until the next one may be tried.
  if (usable && stored.cooldownUntil > engine.now()) return success(stored);
  const refresh: Refresh = { engine, provider, key, seen: stored };
  if (stored.tokens.refreshToken === undefined) {
    if (usable) return success(stored);
    // Expired tokens end the connection. A 401 may be the API's own fault, and ends nothing.
    return need === "expired" ? endConnection(refresh) : fail("api/unauthorized", { status: 401 });
  }
  // While the token is still valid, the refresh may not use up the caller's time: the call itself needs some.
  const patience = deadline.at - engine.now();
  const tooLate = fail("oauth/network_error", { reason: "timeout" });
  const refreshed = (await withTimeout(usable ? patience / 2 : patience, joinRefresh(refresh))) ?? tooLate;
  if (!refreshed.ok && usable && keepsConnection(refreshed.error)) return success(stored);
  return refreshed;
}

/** Only a definite refusal, or a connection that is gone, ends one. Wrong credentials of this site, for example, do not. */
function keepsConnection({ code }: Failure): boolean {
  return code !== "auth/invalid_refresh_token" && code !== "connection/not_connected";
}

const UNCLEAR: ReadonlySet<FailureCode> = new Set([
  "oauth/invalid_request",
  "oauth/invalid_scope",
  "oauth/unauthorized_client",
  "oauth/unsupported_grant_type",
]);

/**
 * A refusal that does not say what is wrong: this site's request, or the token. Servers answer so for a token that is over, too. The
 * connection is kept, since the fault may be this site's, but the user must also be able to connect again.
 */
function isUnclearRefusal({ code, status = 0 }: Failure): boolean {
  return UNCLEAR.has(code) || (code === "oauth/invalid_response" && status >= 400);
}

async function endConnection(refresh: Refresh): Promise<Result<StoredConnection>> {
  await refresh.engine.tokens.clearVersion(refresh.key, refresh.seen.version);
  return currentOr(refresh, fail("connection/reconnect_required"));
}

/** One refresh at a time in this process. It finishes and is stored even if the request that began it is gone. */
function joinRefresh(refresh: Refresh): Promise<Result<StoredConnection>> {
  const { engine, key, seen } = refresh;
  const name = `${key.provider}|${key.userId}|${seen.version}`;
  const running = engine.refreshes.get(name);
  if (running) return running;
  const started = refreshAcrossInstances(refresh).finally(() => engine.refreshes.delete(name));
  engine.refreshes.set(name, started);
  engine.keepAlive(started.catch(() => undefined));
  return started;
}

/** Takes the lease and refreshes, or waits for the instance that has it and uses the tokens that it stored. */
async function refreshAcrossInstances(refresh: Refresh): Promise<Result<StoredConnection>> {
  const { engine, key, seen } = refresh;
  const giveUpAt = engine.now() + engine.timeoutMs;
  while (engine.now() < giveUpAt) {
    const stored = await engine.tokens.get(key);
    if (!stored) return fail("connection/not_connected");
    if (stored.version !== seen.version) return success(stored);
    const lease = { holder: randomUUID(), until: engine.now() + engine.timeoutMs + LEASE_MARGIN_MS };
    const mayTry = stored.cooldownUntil <= engine.now() && (await engine.tokens.takeLease(key, seen.version, lease));
    if (mayTry) return refreshNow(refresh, lease);
    await sleep(POLL_MS);
  }
  return fail("oauth/network_error", { reason: "timeout" });
}

/** The refresh itself; its caller holds the lease. Never repeated after a timeout: that could be a reuse (RFC 9700 4.14.2). */
async function refreshNow(refresh: Refresh, lease: Lease): Promise<Result<StoredConnection>> {
  const { engine, provider, key, seen } = refresh;
  const startedAt = engine.now();
  const result = await provider.oauth.refresh(seen.tokens.refreshToken ?? "", deadlineIn(engine.timeoutMs));
  const durationMs = engine.now() - startedAt;
  logOutcome(engine.log, "oauth.refresh", { result, provider: key.provider, durationMs, levelOf: operatorLevel });
  if (result.ok) {
    const stored = await storeRotated(refresh, result.data, lease.until);
    if (stored) return success(stored);
    // The user has disconnected or signed out meanwhile, and that stays so: nothing is written back.
    revokeLater(engine, provider, result.data);
    return currentOr(refresh, fail("connection/not_connected"));
  }
  if (keepsConnection(result.error)) {
    await engine.tokens.releaseLease(key, lease.holder, engine.now() + COOLDOWN_MS);
    return isUnclearRefusal(result.error) ? fail("oauth/refresh_refused", { status: result.error.status }) : result;
  }
  // Refused for good, unless another instance has rotated the token in the meantime.
  await engine.tokens.clearVersion(key, seen.version);
  return currentOr(refresh, result);
}

/** The tokens that another instance has stored since, or else the failure. */
async function currentOr({ engine, key, seen }: Refresh, failed: Result<never>): Promise<Result<StoredConnection>> {
  const stored = await engine.tokens.get(key);
  return stored && stored.version !== seen.version ? success(stored) : failed;
}

/**
 * Stores refreshed tokens, and tries again while the database fails: if the provider rotates, these are the only valid tokens, and
 * sending the old refresh token again would end the connection (RFC 9700 section 4.14.2). Repeating is harmless, since the write names
 * the version it replaces. `until`: end of the lease, after which another instance may refresh. `null`: that version is gone.
 */
async function storeRotated(
  { engine, key, seen }: Refresh,
  tokens: TokenSet,
  until: number,
): Promise<StoredConnection | null> {
  const version = await retryWrite(engine, until, key.provider, () => engine.tokens.replace(key, seen.version, tokens));
  if (version !== null) return { ...seen, tokens, version };
  const stored = await engine.tokens.get(key);
  // The database may have done a write whose answer was lost.
  return stored?.tokens.accessToken === tokens.accessToken ? stored : null;
}

/** Runs a write again while it throws and time is left; then throws its last error. */
async function retryWrite<T>(engine: Engine, until: number, provider: string, write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (engine.now() + WRITE_PAUSE_MS >= until) throw error;
      engine.log.warn("oauth.refresh.not-stored", { provider, ...errorFields(error) });
      await sleep(WRITE_PAUSE_MS);
    }
  }
}
