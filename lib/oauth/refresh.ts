import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { deadlineIn, withTimeout, type Deadline } from "@/lib/http/deadline";
import { errorFields, logOutcome, operatorLevel } from "@/lib/http/log";
import { count, countLeaseWait } from "@/lib/http/metrics";
import { inSpan, noteInSpan } from "@/lib/http/telemetry";
import { databaseWatch } from "@/lib/http/database-watch";
import { revokeLater, type Engine } from "@/lib/oauth/engine";
import type { Provider, TokenSet } from "@/lib/oauth/provider";
import {
  isUnanswered,
  isUnclearRefusal,
  keepsConnection,
  mayRefreshEarly,
  refreshNeed,
} from "@/lib/oauth/refresh-decisions";
import { fail, success, type Result } from "@/lib/result";
import type { ConnectionKey, StoredConnection } from "@/lib/stores/contracts";

/** After a failed refresh the next one waits for this long (milliseconds), so that an overloaded provider is not hammered. */
const COOLDOWN_MS = 1_000;

/** Interval at which an instance that waits for another's refresh reads the store (milliseconds). */
const POLL_MS = 100;

/** A lease ends by itself after this long (milliseconds), unless its holder renews it. A holder that dies or hangs holds others up no longer. */
const LEASE_MS = 6_000;

/** Interval at which the holder renews its lease (milliseconds): two renewals may fail. */
const RENEW_MS = 2_000;

/**
 * A lease that is over is watched for this long (milliseconds) before it is taken: a holder that was only cut off from the database, as while
 * that restarts, stores its tokens or renews its lease in this time.
 */
const WATCH_MS = 1_500;

/** A caller whose token is still good waits for a refresh no longer than this (milliseconds). */
const DUE_PATIENCE_MS = 2_000;

/** Refreshed tokens are kept in memory for this long (milliseconds) while the database cannot store them. */
const STORE_FOR_MS = 60_000;

/** Between two tries of a write that failed (milliseconds). */
const WRITE_PAUSE_MS = 200;

/** The user and provider that a call is made for, and the time limit of the caller. */
export interface Caller {
  engine: Engine;
  provider: Provider;
  userId: string;
  deadline: Deadline;
  /** The connection, if it has been read already. */
  stored?: Promise<StoredConnection | null>;
}

/** One refresh: the connection, and its tokens at the beginning. */
interface Refresh {
  engine: Engine;
  provider: Provider;
  key: ConnectionKey;
  seen: StoredConnection;
}

/**
 * Tokens that are valid for a call, refreshed first if needed. `rejected` is the version that the API has just answered with 401.
 * Fails with `connection/not_connected`, `connection/reconnect_required`, `auth/invalid_refresh_token` (the connection has ended),
 * `api/unauthorized` (rejected, and there is no refresh token), `request/no_database`, `oauth/refresh_refused` or `oauth/network_error` (in
 * these, the connection is kept).
 */
export async function freshTokens(caller: Caller, rejected?: string): Promise<Result<StoredConnection>> {
  const { engine, provider, userId, deadline } = caller;
  const key = { provider: provider.id, userId };
  const stored = await (rejected === undefined && caller.stored ? caller.stored : engine.tokens.get(key));
  if (!stored) return fail("connection/not_connected");
  const need = refreshNeed(stored.tokens, engine.now() / 1_000);
  const isRejected = stored.version === rejected;
  if (need === "none" && !isRejected) return success(stored);
  const usable = need !== "expired" && !isRejected;
  if (usable && !mayRefreshEarly(stored, engine.now())) return success(stored);
  const refresh: Refresh = { engine, provider, key, seen: stored };
  if (stored.tokens.refreshToken === undefined) {
    if (usable) return success(stored);
    // Expired tokens end the connection. A 401 may be the API's own fault, and ends nothing.
    return need === "expired" ? endConnection(refresh) : fail("api/unauthorized", { status: 401 });
  }
  if (usable) return refreshEarly(refresh, deadline);
  return (await withTimeout(deadline.left(), joinRefresh(refresh))) ?? fail("oauth/network_error", TIMED_OUT);
}

const TIMED_OUT = { reason: "timeout" } as const;

/** A refresh ahead of time: whatever becomes of it, the call is made, with the tokens that are there and need some of its time. */
async function refreshEarly(refresh: Refresh, deadline: Deadline): Promise<Result<StoredConnection>> {
  const { engine, seen, key } = refresh;
  const joined = joinRefresh(refresh).catch((error: unknown) => {
    // The database takes no writes, say. That is no reason to refuse a call that needs none.
    engine.log.warn("oauth.refresh.not-begun", { provider: key.provider, ...errorFields(error) });
    return success(seen);
  });
  const refreshed = await withTimeout(Math.min(DUE_PATIENCE_MS, deadline.left() / 2), joined);
  if (refreshed === undefined) return success(seen);
  return refreshed.ok || !keepsConnection(refreshed.error) ? refreshed : success(seen);
}

/** Deletes the connection, unless it was renewed meanwhile. The audit table says why its user is no longer connected. */
async function clearEnded({ engine, key, seen }: Refresh, event: "refresh-refused" | "connection-expired") {
  const { provider, userId } = key;
  if (!(await engine.tokens.clearVersion(key, seen.version))) return;
  // A refusal has its line already, with the provider's answer.
  if (event === "connection-expired") engine.log.warn("oauth.connection-expired", { provider });
  engine.audit.note(userId, { event, provider });
  count("app.disconnects", { "app.provider": provider, "app.reason": event });
}

async function endConnection(refresh: Refresh): Promise<Result<StoredConnection>> {
  await clearEnded(refresh, "connection-expired");
  return currentOr(refresh, fail("connection/reconnect_required"));
}

/** One refresh at a time in this process. It finishes and is stored even if the request that began it is gone. */
function joinRefresh(refresh: Refresh): Promise<Result<StoredConnection>> {
  const { engine, key, seen } = refresh;
  const name = `${key.provider}|${key.userId}|${seen.version}`;
  const running = engine.refreshes.get(name);
  if (running) return running;
  const work = { name: "refresh", fields: { "app.provider": key.provider } };
  const started = inSpan(work, () => refreshAcrossInstances(refresh)).finally(() => engine.refreshes.delete(name));
  engine.refreshes.set(name, started);
  engine.keepAlive(started.catch(() => undefined));
  return started;
}

/** Takes the lease and refreshes, or waits for the instance that has it and uses the tokens that it stored. */
async function refreshAcrossInstances(refresh: Refresh): Promise<Result<StoredConnection>> {
  const { engine, key } = refresh;
  // What could not be stored should not begin, and a lease that waits for the database would keep a connection from those who read.
  if ((await databaseWatch()?.canStore()) === false) {
    engine.log.warn("oauth.refresh.not-begun", { provider: key.provider });
    return fail("request/no_database");
  }
  const startedAt = engine.now();
  let waits = false;
  const turn = await awaitTurn(refresh, () => (waits = true));
  if (waits) countLeaseWait(engine.now() - startedAt, { "app.provider": key.provider });
  return "holder" in turn ? holdLease(refresh, turn.holder) : turn;
}

/** The lease, or the result if there is none to take. */
async function awaitTurn(refresh: Refresh, onWait: () => void): Promise<Result<StoredConnection> | { holder: string }> {
  const { engine, key, seen } = refresh;
  const patience = deadlineIn(engine.timeoutMs);
  let over: { leaseUntil: number; seenAt: number } | undefined;
  while (patience.left() > 0) {
    const stored = await engine.tokens.get(key);
    if (!stored) return fail("connection/not_connected");
    if (stored.version !== seen.version) return success(stored);
    const { leaseUntil } = stored;
    if (over?.leaseUntil !== leaseUntil) over = { leaseUntil, seenAt: engine.now() };
    const isFree = leaseUntil === 0 || (leaseUntil <= engine.now() && engine.now() - over.seenAt >= WATCH_MS);
    if (isFree && stored.cooldownUntil <= engine.now()) {
      const lease = { holder: randomUUID(), until: engine.now() + LEASE_MS };
      const isTaken = await engine.tokens.takeLease(key, seen.version, lease);
      // A process that was stopped meanwhile has a lease that is over: another one may have used the token up.
      if (isTaken && engine.now() < lease.until) return lease;
    }
    onWait();
    await sleep(POLL_MS);
  }
  return fail("oauth/network_error", TIMED_OUT);
}

/** Refreshes while it renews the lease: others see that this process lives, however slow the provider is. */
async function holdLease(refresh: Refresh, holder: string): Promise<Result<StoredConnection>> {
  const { engine, key } = refresh;
  const renew = () => void engine.tokens.renewLease(key, holder, engine.now() + LEASE_MS).catch(() => undefined);
  const renewing = setInterval(renew, RENEW_MS);
  return refreshNow(refresh, holder).finally(() => clearInterval(renewing));
}

function noteOutcome(provider: Provider, result: Result<TokenSet>): void {
  const ended = !result.ok && !keepsConnection(result.error);
  const fields = {
    "app.provider": provider.id,
    "app.outcome": result.ok ? "refreshed" : ended ? "ended" : "failed",
    ...(!result.ok && { "error.type": result.error.code }),
  };
  count("app.refreshes", fields);
  noteInSpan(fields);
}

/** The refresh itself; its caller holds the lease. Never repeated after a timeout: that could be a reuse (RFC 9700 4.14.2). */
async function refreshNow(refresh: Refresh, holder: string): Promise<Result<StoredConnection>> {
  const { engine, provider, key, seen } = refresh;
  const startedAt = engine.now();
  const result = await provider.oauth.refresh(seen.tokens.refreshToken ?? "", deadlineIn(engine.timeoutMs));
  const durationMs = engine.now() - startedAt;
  logOutcome(engine.log, "oauth.refresh", { result, provider: key.provider, durationMs, levelOf: operatorLevel });
  noteOutcome(provider, result);
  if (result.ok) return keepRotated(refresh, result.data);
  if (keepsConnection(result.error)) {
    const cooldownUntil = engine.now() + COOLDOWN_MS;
    if (isUnanswered(result.error)) await engine.tokens.abandonLease(key, holder, cooldownUntil);
    else await engine.tokens.releaseLease(key, holder, cooldownUntil);
    return isUnclearRefusal(result.error) ? fail("oauth/refresh_refused", { status: result.error.status }) : result;
  }
  // Refused for good, unless another instance has rotated the token in the meantime.
  await clearEnded(refresh, "refresh-refused");
  return currentOr(refresh, result);
}

/** Stores the new tokens. If the connection is gone, they are given back: nothing is written over a disconnect or a sign-out. */
async function keepRotated(refresh: Refresh, tokens: TokenSet): Promise<Result<StoredConnection>> {
  const { engine, provider, key, seen } = refresh;
  const stored = await storeRotated(refresh, tokens);
  if (stored) return success(stored);
  const current = await engine.tokens.get(key);
  // Another instance has refreshed meanwhile. Its tokens are of the same grant, which a revocation would end.
  if (current?.connectedAt !== seen.connectedAt) revokeLater(engine, provider, tokens);
  return current ? success(current) : fail("connection/not_connected");
}

/** The tokens that another instance has stored since, or else the failure. */
async function currentOr({ engine, key, seen }: Refresh, failed: Result<never>): Promise<Result<StoredConnection>> {
  const stored = await engine.tokens.get(key);
  return stored && stored.version !== seen.version ? success(stored) : failed;
}

/**
 * Stores refreshed tokens, and tries again while the database fails: if the provider rotates, these are the only valid tokens, and
 * sending the old refresh token again would end the connection (RFC 9700 section 4.14.2). Repeating is harmless, since the write names
 * the version it replaces. `null`: that version is gone.
 */
async function storeRotated({ engine, key, seen }: Refresh, tokens: TokenSet): Promise<StoredConnection | null> {
  const version = await retryWrite(engine, key.provider, () => engine.tokens.replace(key, seen.version, tokens));
  if (version !== null) return { ...seen, tokens, version, leaseUntil: 0 };
  const stored = await engine.tokens.get(key);
  // The database may have done a write whose answer was lost.
  return stored?.tokens.accessToken === tokens.accessToken ? stored : null;
}

/** Runs a write again while it throws and time is left; then throws its last error. */
async function retryWrite<T>(engine: Engine, provider: string, write: () => Promise<T>): Promise<T> {
  const until = engine.now() + STORE_FOR_MS;
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
