import "server-only";
import { randomUUID } from "node:crypto";
import type { ExpressionBuilder } from "kysely";
import { z } from "zod";
import { getEnv } from "@/lib/config/env";
import type { ProviderId, TokenSet } from "@/lib/oauth/provider";
import type { ConnectionKey, Lease, StoredConnection, TokenStore } from "@/lib/stores/contracts";
import { getDatabase, type ConnectionRow, type Database, type Schema } from "@/lib/stores/database";
import { createSealer, reportUnknownKey, type Sealer } from "@/lib/stores/seal";
import { liveSessions } from "@/lib/stores/sql-session-store";

const tokenSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number().optional(),
  obtainedAt: z.number().optional(),
});

/** Binds the sealed text to its row: copied to another user or provider, it does not open. */
export function contextOf(key: ConnectionKey): string {
  return `tokens|${key.provider}|${key.userId}`;
}

/** Narrows to the connections after `last`, for commands that go through all of them in pieces, ordered by user and provider. */
export function afterConnection(eb: ExpressionBuilder<Schema, "connections">, last: ConnectionKey) {
  const isSameUser = eb("user_id", "=", last.userId);
  return eb.or([eb("user_id", ">", last.userId), eb.and([isSameUser, eb("provider", ">", last.provider)])]);
}

/** The token store over Kysely, for SQLite and Postgres alike. */
export class SqlTokenStore implements TokenStore {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly now: () => number = () => database.clock.now(),
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
      .select(["sealed_tokens", "version", "connected_at", "cooldown_until", "lease_until"])
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .executeTakeFirst();
    const tokens = row && this.open(key, row.sealed_tokens);
    if (!row || !tokens) return null;
    const { version, connected_at: connectedAt, cooldown_until: cooldownUntil, lease_until: leaseUntil } = row;
    return { tokens, version, connectedAt, cooldownUntil, leaseUntil };
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
    const result = await this.urgentRow(key)
      .where("version", "=", seenVersion)
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
    return (await this.remove(key)) ?? null;
  }

  /** Deletes a connection as `clear` does, and tells one that does not open (`null`) from one that is not there (undefined). */
  async remove(key: ConnectionKey): Promise<TokenSet | null | undefined> {
    const row = await this.db
      .deleteFrom("connections")
      .where("user_id", "=", key.userId)
      .where("provider", "=", key.provider)
      .returning("sealed_tokens")
      .executeTakeFirst();
    return row && this.open(key, row.sealed_tokens);
  }

  async clearAll(userId: string, endedSession?: string): Promise<{ provider: ProviderId; tokens: TokenSet }[]> {
    const rows = await this.db
      .deleteFrom("connections")
      .where("user_id", "=", userId)
      // In the same statement, so that of two sign-outs at once the later one deletes them.
      .$if(endedSession !== undefined, (query) =>
        query.where((eb) => {
          const others = liveSessions(eb.selectFrom("sessions"), this.now()).where("user_id", "=", userId);
          return eb.not(eb.exists(others.where("id_hash", "!=", endedSession ?? "").select("id_hash")));
        }),
      )
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
    // Not urgent: where others wait, no refresh need begin.
    const result = await this.row(this.db, key)
      .where("version", "=", seenVersion)
      .where("lease_until", "<=", this.now())
      .set({ lease_holder: lease.holder, lease_until: lease.until })
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async renewLease(key: ConnectionKey, holder: string, until: number): Promise<void> {
    await this.held(key, holder).set({ lease_until: until }).execute();
  }

  async abandonLease(key: ConnectionKey, holder: string, cooldownUntil: number): Promise<void> {
    await this.held(key, holder).set({ lease_until: this.now(), cooldown_until: cooldownUntil }).execute();
  }

  async releaseLease(key: ConnectionKey, holder: string, cooldownUntil: number): Promise<void> {
    await this.held(key, holder).set({ lease_holder: null, lease_until: 0, cooldown_until: cooldownUntil }).execute();
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

  private row(db: Database["kysely"], { userId, provider }: ConnectionKey) {
    return db.updateTable("connections").where("user_id", "=", userId).where("provider", "=", provider);
  }

  /** The row of a refresh that is under way: see `Database.urgent`. */
  private urgentRow(key: ConnectionKey) {
    return this.row(this.database.urgent, key);
  }

  private held(key: ConnectionKey, holder: string) {
    return this.urgentRow(key).where("lease_holder", "=", holder);
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
