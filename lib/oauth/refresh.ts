import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { logOutcome, siteFault } from "@/lib/log-outcome";
import { deadlineIn, type Deadline } from "@/lib/upstream/deadline";
import type { Engine } from "@/lib/oauth/engine";
import type { Provider } from "@/lib/oauth/provider";
import { keepRotated } from "@/lib/oauth/keep-rotated";
import { revokeLater } from "@/lib/oauth/revoke";
import { refreshNeed } from "@/lib/oauth/refresh-need";
import { fail, success, type Failure, type Result } from "@/lib/result";
import type { ConnectionKey, Lease, StoredConnection } from "@/lib/stores/contracts";
import { within } from "@/lib/within";

/** After a failed refresh the next one waits for this long (milliseconds): an ailing provider is not hammered. */
const COOLDOWN_MS = 1_000;

/** How often an instance that waits for another's refresh looks at the store (milliseconds). */
const POLL_MS = 100;

/** The lease outlives the refresh it protects (milliseconds); should its holder die, it ends by itself. */
const LEASE_MARGIN_MS = 5_000;

/**
 * Tokens fit for a call, refreshed first if need be. `refused` is the version that the API has just answered with 401.
 * Fails with `connection/not_connected`, `connection/reconnect_required`, `auth/invalid_refresh_token` (the connection is
 * over), `api/unauthorized` (refused, with nothing to refresh them) or `oauth/network_error` (in both it is kept).
 */
export async function freshTokens(
  engine: Engine,
  provider: Provider,
  userId: string,
  deadline: Deadline,
  refused?: string,
): Promise<Result<StoredConnection>> {
  const key = { provider: provider.id, userId };
  const stored = await engine.tokens.get(key);
  if (!stored) return fail("connection/not_connected");
  const need = refreshNeed(stored.tokens, provider.refreshSkewSeconds, engine.now() / 1_000);
  const isRefused = stored.version === refused;
  if (need === "none" && !isRefused) return success(stored);
  const usable = need !== "expired" && !isRefused;
  // A refresh has just failed: a token that is still good need not wait until the next may be tried.
  if (usable && stored.cooldownUntil > engine.now()) return success(stored);
  if (stored.tokens.refreshToken === undefined) {
    if (usable) return success(stored);
    // Time has ended tokens that have expired; a 401 of an API may be that API's own fault, and ends nothing.
    return need === "expired" ? endConnection(engine, key, stored) : fail("api/unauthorized", { status: 401 });
  }
  // A token that is still good is not worth all of the caller's time: the call itself needs some.
  const patience = deadline.at - engine.now();
  const refresh = joinRefresh(engine, provider, key, stored);
  const tooLate = fail("oauth/network_error", { reason: "timeout" });
  const refreshed = (await within(usable ? patience / 2 : patience, refresh)) ?? tooLate;
  if (!refreshed.ok && usable && keepsConnection(refreshed.error)) return success(stored);
  return refreshed;
}

/** Only a definite refusal, or a connection that is gone, ends one; wrong credentials of ours, say, do not. */
function keepsConnection({ code }: Failure): boolean {
  return code !== "auth/invalid_refresh_token" && code !== "connection/not_connected";
}

async function endConnection(
  engine: Engine,
  key: ConnectionKey,
  stored: StoredConnection,
): Promise<Result<StoredConnection>> {
  await engine.tokens.clearVersion(key, stored.version);
  return currentOr(engine, key, stored, fail("connection/reconnect_required"));
}

/** One refresh at a time in this process; it finishes and is stored even when the request that began it is gone. */
function joinRefresh(
  engine: Engine,
  provider: Provider,
  key: ConnectionKey,
  seen: StoredConnection,
): Promise<Result<StoredConnection>> {
  const name = `${key.provider}|${key.userId}|${seen.version}`;
  const running = engine.refreshes.get(name);
  if (running) return running;
  const refresh = refreshAcrossInstances(engine, provider, key, seen).finally(() => engine.refreshes.delete(name));
  engine.refreshes.set(name, refresh);
  engine.keepAlive(refresh.catch(() => undefined));
  return refresh;
}

/** Takes the lease and refreshes, or waits for the instance that has it and uses what that one wrote. */
async function refreshAcrossInstances(
  engine: Engine,
  provider: Provider,
  key: ConnectionKey,
  seen: StoredConnection,
): Promise<Result<StoredConnection>> {
  const giveUpAt = engine.now() + engine.timeoutMs;
  while (engine.now() < giveUpAt) {
    const stored = await engine.tokens.get(key);
    if (!stored) return fail("connection/not_connected");
    if (stored.version !== seen.version) return success(stored);
    const lease = { holder: randomUUID(), until: engine.now() + engine.timeoutMs + LEASE_MARGIN_MS };
    const mayTry = stored.cooldownUntil <= engine.now() && (await engine.tokens.takeLease(key, seen.version, lease));
    if (mayTry) return refreshNow(engine, provider, key, seen, lease);
    await sleep(POLL_MS);
  }
  return fail("oauth/network_error", { reason: "timeout" });
}

/** The refresh itself; its caller holds the lease. Never repeated after a timeout: that could be a reuse (RFC 9700 4.14.2). */
async function refreshNow(
  engine: Engine,
  provider: Provider,
  key: ConnectionKey,
  seen: StoredConnection,
  lease: Lease,
): Promise<Result<StoredConnection>> {
  const startedAt = engine.now();
  const answer = await provider.oauth.refresh(seen.tokens.refreshToken ?? "", deadlineIn(engine.timeoutMs));
  const fields = { provider: key.provider, durationMs: engine.now() - startedAt };
  logOutcome(engine.log, "oauth.refresh", fields, answer, siteFault);
  if (answer.ok) {
    const kept = await keepRotated(engine, key, { seen, tokens: answer.data, until: lease.until });
    if (kept) return success(kept);
    // Disconnected or signed out meanwhile, and that stays so: nothing is written back.
    revokeLater(engine, provider, answer.data);
    return currentOr(engine, key, seen, fail("connection/not_connected"));
  }
  if (keepsConnection(answer.error)) {
    await engine.tokens.releaseLease(key, lease.holder, engine.now() + COOLDOWN_MS);
    return answer;
  }
  // Refused for good, unless another instance has rotated the token in the meantime.
  await engine.tokens.clearVersion(key, seen.version);
  return currentOr(engine, key, seen, answer);
}

/** The tokens another instance has written since, or else the failure. */
async function currentOr(
  engine: Engine,
  key: ConnectionKey,
  seen: StoredConnection,
  otherwise: Result<never>,
): Promise<Result<StoredConnection>> {
  const stored = await engine.tokens.get(key);
  return stored && stored.version !== seen.version ? success(stored) : otherwise;
}
