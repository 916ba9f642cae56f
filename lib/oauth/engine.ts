import "server-only";
import { after } from "next/server";
import { currentAudit, type Audit } from "@/lib/audit";
import { getEnv } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import { currentLog } from "@/lib/http/guarded";
import type { Log } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import type { Provider, TokenSet } from "@/lib/oauth/provider";
import { getPKCEStore } from "@/lib/pkce-store";
import type { Result } from "@/lib/result";
import type { PKCEStore, StoredConnection, TokenStore } from "@/lib/stores/contracts";
import { databaseNow } from "@/lib/stores/database-clock";
import { getTokenStore } from "@/lib/token-store";

/** The stores, clock and log that the OAuth functions work with. `getEngine` makes one for each request, tests make their own. */
export interface Engine {
  tokens: TokenStore;
  oauthRequests: PKCEStore;
  /** Unix time in milliseconds, by the database's clock. */
  now(): number;
  /** Time limit of one upstream step, in milliseconds. */
  timeoutMs: number;
  /** Keeps the process alive for work that continues after the answer was sent: serverless hosts would freeze it. */
  keepAlive(work: Promise<unknown>): void;
  /** The refreshes in progress in this process, by provider, user and version: one at a time (single flight). */
  refreshes: Map<string, Promise<Result<StoredConnection>>>;
  /** The connections whose tokens an API has rejected right after a refresh, and until when no other is tried (Unix milliseconds). */
  rejections: Map<string, number>;
  log: Log;
  audit: Audit;
}

/** The engine of the current request, over this app's stores. */
export async function getEngine(): Promise<Engine> {
  const [tokens, oauthRequests, log, audit] = await Promise.all([
    getTokenStore(),
    getPKCEStore(),
    currentLog(),
    currentAudit(),
  ]);
  return {
    tokens,
    oauthRequests,
    now: databaseNow,
    timeoutMs: getEnv().upstreamTimeoutMs,
    keepAlive: (work) => after(() => work),
    refreshes: processGlobal<Engine["refreshes"]>("refreshes", () => new Map()),
    rejections: processGlobal<Engine["rejections"]>("rejections", () => new Map()),
    log,
    audit,
  };
}

/**
 * Revokes tokens at the provider (RFC 7009), if it supports that. Best effort: they are already deleted from the store, and a provider
 * that does not answer delays nobody.
 */
export function revokeLater(engine: Engine, provider: Provider, tokens: TokenSet): void {
  const revoked = provider.oauth.revoke?.(tokens, deadlineIn(engine.timeoutMs));
  if (revoked) engine.keepAlive(revoked.catch(() => undefined));
}
