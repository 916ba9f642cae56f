import "server-only";
import type { ExpressionBuilder } from "kysely";
import { sha256, reportUnknownKey, createSealer, type Sealer } from "@/lib/stores/seal";
import type { ConnectionKey, PKCEStore, OAuthRequest } from "@/lib/stores/contracts";
import { getDatabase, type Database, type Schema } from "@/lib/stores/database";
import { getEnv } from "@/lib/config/env";

/** Rows stay this long after they expired (milliseconds), so that a late callback can be told "too late", not "unknown". */
const KEPT_AFTER_EXPIRY_MS = 60 * 60 * 1_000;

/** Binds the sealed verifier to its row: moved to another state, user or provider, it does not open. */
function contextOf(stateHash: string, { provider, userId }: ConnectionKey): string {
  return `verifier|${stateHash}|${provider}|${userId}`;
}

/** The PKCE store over Kysely, for SQLite and Postgres alike. Abandoned logins are swept in passing. */
export class SqlPKCEStore implements PKCEStore {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly now: () => number = Date.now,
  ) {}

  async setPKCEVerifier(state: string, transaction: OAuthRequest): Promise<void> {
    const { codeVerifier, userId } = transaction;
    const stateHash = sha256(state);
    const db = this.database.kysely;
    await db
      .deleteFrom("transactions")
      .where("expires_at", "<", this.now() - KEPT_AFTER_EXPIRY_MS)
      .execute();
    await db
      .insertInto("transactions")
      .values({
        state_hash: stateHash,
        provider: transaction.provider,
        user_id: userId,
        sealed_verifier: codeVerifier ? this.sealer.seal(codeVerifier, contextOf(stateHash, transaction)) : null,
        redirect_uri: transaction.redirectUri,
        return_to: transaction.returnTo,
        expires_at: transaction.expiresAt,
      })
      .execute();
  }

  async takePKCEVerifier(state: string, userId: string): Promise<OAuthRequest | null> {
    const stateHash = sha256(state);
    const row = await this.database.kysely
      .deleteFrom("transactions")
      .where("state_hash", "=", stateHash)
      .where("user_id", "=", userId)
      .where((eb) => eb.or([eb("sealed_verifier", "is", null), ...this.hasKnownKey(eb)]))
      .returningAll()
      .executeTakeFirst();
    if (!row) return null;
    const context = contextOf(stateHash, { provider: row.provider, userId });
    const codeVerifier = row.sealed_verifier && this.sealer.open(row.sealed_verifier, context);
    // Changed, or moved here from another row: without its verifier the transaction is worth nothing.
    if (row.sealed_verifier && !codeVerifier) return null;
    return {
      provider: row.provider,
      userId: row.user_id,
      ...(codeVerifier && { codeVerifier }),
      redirectUri: row.redirect_uri,
      returnTo: row.return_to,
      expiresAt: row.expires_at,
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

  /** Compares plain text and not a pattern: a key's id may contain "_", which LIKE takes for any character. */
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
