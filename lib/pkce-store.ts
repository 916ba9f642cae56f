import "server-only";
import type { ExpressionBuilder } from "kysely";
import { getEnv } from "@/lib/config/env";
import type { ConnectionKey, OAuthRequest, PKCEStore } from "@/lib/stores/contracts";
import { getDatabase, type Database, type Schema } from "@/lib/stores/database";
import { databaseNow } from "@/lib/stores/database-clock";
import { makeRoomForOAuthRequest } from "@/lib/stores/row-limits";
import { createSealer, reportUnknownKey, sha256, type Sealer } from "@/lib/stores/seal";
import { sweepOccasionally } from "@/lib/stores/sweep";

/** An authorization may take this long (milliseconds): the recommended life of an authorization code (RFC 6749 section 4.1.2). */
export const OAUTH_REQUEST_LIFETIME_MS = 10 * 60 * 1_000;

/** Binds the sealed verifier to its row: moved to another state, user or provider, it does not open. */
export function contextOf(stateHash: string, { provider, userId }: ConnectionKey): string {
  return `verifier|${stateHash}|${provider}|${userId}`;
}

/** The PKCE store over Kysely, for SQLite and Postgres alike. Each new request also deletes some of the abandoned ones. */
export class SqlPKCEStore implements PKCEStore {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly now: () => number = () => database.clock.now(),
  ) {}

  async setPKCEVerifier(state: string, request: OAuthRequest): Promise<void> {
    const { codeVerifier, userId } = request;
    const stateHash = sha256(state);
    const db = this.database.kysely;
    await sweepOccasionally(this.database, ["transactions"], this.now());
    await makeRoomForOAuthRequest(this.database, userId);
    await db
      .insertInto("transactions")
      .values({
        state_hash: stateHash,
        provider: request.provider,
        user_id: userId,
        sealed_verifier: codeVerifier ? this.sealer.seal(codeVerifier, contextOf(stateHash, request)) : null,
        redirect_uri: request.redirectUri,
        return_to: request.returnTo,
        expires_at: request.expiresAt,
        session_hash: request.sessionIdHash ?? null,
      })
      .execute();
  }

  async takePKCEVerifier(state: string, userId: string, sessionIdHash?: string): Promise<OAuthRequest | null> {
    const stateHash = sha256(state);
    const row = await this.database.kysely
      .deleteFrom("transactions")
      .where("state_hash", "=", stateHash)
      .where("user_id", "=", userId)
      .where((eb) => eb.or([eb("session_hash", "is", null), eb("session_hash", "=", sessionIdHash ?? null)]))
      .where((eb) => eb.or([eb("sealed_verifier", "is", null), ...this.hasKnownKey(eb)]))
      .returningAll()
      .executeTakeFirst();
    if (!row) return null;
    const context = contextOf(stateHash, { provider: row.provider, userId });
    const codeVerifier = row.sealed_verifier && this.sealer.open(row.sealed_verifier, context);
    // Changed, or moved here from another row: without its verifier the request is worthless.
    if (row.sealed_verifier && !codeVerifier) return null;
    return {
      provider: row.provider,
      userId: row.user_id,
      ...(codeVerifier && { codeVerifier }),
      redirectUri: row.redirect_uri,
      returnTo: row.return_to,
      expiresAt: row.expires_at,
      ...(row.session_hash !== null && { sessionIdHash: row.session_hash }),
    };
  }

  async lacksKeyFor(state: string, userId: string): Promise<boolean> {
    const row = await this.database.kysely
      .selectFrom("transactions")
      .select("sealed_verifier")
      .where("state_hash", "=", sha256(state))
      .where("user_id", "=", userId)
      .executeTakeFirst();
    if (!row?.sealed_verifier || this.sealer.knows(row.sealed_verifier)) return false;
    reportUnknownKey(row.sealed_verifier);
    return true;
  }

  /** Compares plain text and not a pattern: a key's id may contain "_", which LIKE reads as any character. */
  private hasKnownKey(eb: ExpressionBuilder<Schema, "transactions">) {
    return this.sealer.prefixes.map((prefix) =>
      eb(eb.fn<string>("substr", ["sealed_verifier", eb.lit(1), eb.lit(prefix.length)]), "=", prefix),
    );
  }
}

/** This app's PKCE store. */
export async function getPKCEStore(): Promise<PKCEStore> {
  return new SqlPKCEStore(await getDatabase(), createSealer(getEnv().tokenEncryptionKeys));
}

/**
 * Stores the verifier of an authorization at Sonar under its state, for ten minutes. This and `takePKCEVerifier` have the names of Echo's
 * guide, for code that moves over; this app's own flow uses the store itself, which also remembers where to continue.
 */
export async function setPKCEVerifier(state: string, userId: string, codeVerifier: string): Promise<void> {
  const { sonar } = getEnv();
  const store = await getPKCEStore();
  const expiresAt = databaseNow() + OAUTH_REQUEST_LIFETIME_MS;
  const request = { provider: "sonar", userId, codeVerifier, redirectUri: sonar.redirectUri, returnTo: "/", expiresAt };
  await store.setPKCEVerifier(state, request);
}

/**
 * Removes and returns the verifier that this user's authorization was begun with, in one statement: a callback works once. `null` if there is
 * none, if it is somebody else's, or if ten minutes have passed.
 */
export async function takePKCEVerifier(
  state: string,
  userId: string,
): Promise<{ userId: string; codeVerifier: string } | null> {
  const request = await (await getPKCEStore()).takePKCEVerifier(state, userId);
  if (!request?.codeVerifier || request.provider !== "sonar" || request.expiresAt <= databaseNow()) return null;
  return { userId, codeVerifier: request.codeVerifier };
}
