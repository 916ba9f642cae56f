import "server-only";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { getEnv } from "@/lib/config/env";
import type { ProviderId, TokenSet } from "@/lib/oauth/provider";
import type { ConnectionKey, Lease, StoredConnection, TokenStore } from "@/lib/stores/contracts";
import { getDatabase, type ConnectionRow, type Database } from "@/lib/stores/database";
import { createSealer, reportUnknownKey, type Sealer } from "@/lib/stores/seal";
import { liveSessions } from "@/lib/stores/sql-session-store";

const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number().optional(),
  obtainedAt: z.number().optional(),
});

/** Binds the sealed text to its row: copied to another user or provider, it does not open. */
function contextOf(key: ConnectionKey): string {
  return `tokens|${key.provider}|${key.userId}`;
}

/** The token store over Kysely, for SQLite and Postgres alike. */
export class SqlTokenStore implements TokenStore {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly now: () => number = Date.now,
  ) {}

  private get db() {
    return this.database.kysely;
  }

  private seal(key: ConnectionKey, tokens: TokenSet): string {
    return this.sealer.seal(JSON.stringify(tokens), contextOf(key));
  }

  private open(key: ConnectionKey, sealed: string): TokenSet | null {
    if (!this.sealer.knows(sealed)) reportUnknownKey(sealed);
    const text = this.sealer.open(sealed, contextOf(key));
    return text === null ? null : (tokenSchema.safeParse(JSON.parse(text)).data ?? null);
  }

  private openAll(userId: string, rows: readonly Pick<ConnectionRow, "provider" | "sealed_tokens">[]) {
    return rows.flatMap(({ provider, sealed_tokens }) => {
      const tokens = this.open({ provider, userId }, sealed_tokens);
      return tokens ? [{ provider, tokens }] : [];
    });
  }

  async get(key: ConnectionKey): Promise<StoredConnection | null> {
    const row = await this.db
      .selectFrom("connections")
      .select(["sealed_tokens", "version", "connected_at", "cooldown_until"])
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .executeTakeFirst();
    const tokens = row && this.open(key, row.sealed_tokens);
    if (!row || !tokens) return null;
    return { tokens, version: row.version, connectedAt: row.connected_at, cooldownUntil: row.cooldown_until };
  }

  async list(userId: string): Promise<ProviderId[]> {
    const rows = await this.db
      .selectFrom("connections")
      .select(["provider", "sealed_tokens"])
      .where("user_id", "=", userId)
      .execute();
    return this.openAll(userId, rows).map(({ provider }) => provider);
  }

  set(key: ConnectionKey, tokens: TokenSet, sessionIdHash: string): Promise<boolean> {
    return this.insert(key, tokens, sessionIdHash);
  }

  /** Without `sessionIdHash`, any live session of the user counts. */
  private async insert(key: ConnectionKey, tokens: TokenSet, sessionIdHash?: string): Promise<boolean> {
    const now = this.now();
    const values = { sealed_tokens: this.seal(key, tokens), version: randomUUID(), connected_at: now, updated_at: now };
    const result = await this.db
      .insertInto("connections")
      .columns(["provider", "user_id", "sealed_tokens", "version", "connected_at", "updated_at"])
      .expression((eb) => {
        const session = liveSessions(eb.selectFrom("sessions"), now)
          .where("user_id", "=", key.userId)
          .$if(sessionIdHash !== undefined, (query) => query.where("id_hash", "=", sessionIdHash ?? ""))
          // Of several sessions one is enough: the row is the same for each.
          .limit(1)
          .select([
            eb.val(key.provider).as("provider"),
            "user_id",
            eb.val(values.sealed_tokens).as("sealed_tokens"),
            eb.val(values.version).as("version"),
            eb.cast<number>(eb.val(now), "bigint").as("connected_at"),
            eb.cast<number>(eb.val(now), "bigint").as("updated_at"),
          ]);
        // A sign-out deletes the session and then the connections. Locking the session row makes the sign-out wait for this
        // statement, so that its second delete sees this connection. SQLite has one writer at a time and needs no lock.
        return this.database.engine === "postgres" ? session.forShare() : session;
      })
      .onConflict((conflict) =>
        conflict
          .columns(["user_id", "provider"])
          .doUpdateSet({ ...values, lease_holder: null, lease_until: 0, cooldown_until: 0 }),
      )
      .executeTakeFirst();
    return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  async replace(key: ConnectionKey, seenVersion: string, tokens: TokenSet): Promise<string | null> {
    const version = randomUUID();
    const result = await this.update(key, seenVersion)
      .set({
        sealed_tokens: this.seal(key, tokens),
        version,
        updated_at: this.now(),
        lease_holder: null,
        lease_until: 0,
        cooldown_until: 0,
      })
      .executeTakeFirst();
    return result.numUpdatedRows > 0n ? version : null;
  }

  async clear(key: ConnectionKey): Promise<TokenSet | null> {
    const row = await this.db
      .deleteFrom("connections")
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .returning("sealed_tokens")
      .executeTakeFirst();
    return row ? this.open(key, row.sealed_tokens) : null;
  }

  async clearAll(userId: string): Promise<{ provider: ProviderId; tokens: TokenSet }[]> {
    const rows = await this.db
      .deleteFrom("connections")
      .where("user_id", "=", userId)
      .returning(["provider", "sealed_tokens"])
      .execute();
    return this.openAll(userId, rows);
  }

  async clearVersion(key: ConnectionKey, seenVersion: string): Promise<boolean> {
    const result = await this.db
      .deleteFrom("connections")
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .where("version", "=", seenVersion)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async takeLease(key: ConnectionKey, seenVersion: string, lease: Lease): Promise<boolean> {
    const result = await this.update(key, seenVersion)
      .where("lease_until", "<=", this.now())
      .set({ lease_holder: lease.holder, lease_until: lease.until })
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async releaseLease(key: ConnectionKey, holder: string, cooldownUntil: number): Promise<void> {
    await this.db
      .updateTable("connections")
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .where("lease_holder", "=", holder)
      .set({ lease_holder: null, lease_until: 0, cooldown_until: cooldownUntil })
      .execute();
  }

  async getTokens(userId: string): Promise<TokenSet | null> {
    return (await this.get({ provider: "sonar", userId }))?.tokens ?? null;
  }

  setTokens(userId: string, tokens: TokenSet): Promise<boolean> {
    return this.insert({ provider: "sonar", userId }, tokens);
  }

  async clearTokens(userId: string): Promise<void> {
    await this.clear({ provider: "sonar", userId });
  }

  private update(key: ConnectionKey, seenVersion: string) {
    return this.db
      .updateTable("connections")
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .where("version", "=", seenVersion);
  }
}

/**
 * The guide's name for the tokens of one connection.
 * @public
 */
export type SonarTokens = TokenSet;

/** This app's token store. A fork that stores tokens elsewhere replaces this one (`tests/integration/stores.test.ts` checks it). */
export async function getTokenStore(): Promise<TokenStore> {
  return new SqlTokenStore(await getDatabase(), createSealer(getEnv().tokenEncryptionKeys));
}
