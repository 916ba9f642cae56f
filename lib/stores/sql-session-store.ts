import "server-only";
import type { SelectQueryBuilder } from "kysely";
import { databaseWatch } from "@/lib/http/database-watch";
import type { ListedSession, SessionRecord, SessionStore } from "@/lib/stores/contracts";
import type { Database, Schema } from "@/lib/stores/database";
import { makeRoomForSession } from "@/lib/stores/row-limits";
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS, sweepOccasionally } from "@/lib/stores/sweep";

/** `seen_at` is written at most this often (milliseconds), so that most requests only read the session. */
const TOUCH_EVERY_MS = 60 * 1_000;

/** Narrows a query to sessions that are neither idle for too long nor too old. */
export function liveSessions<O>(
  query: SelectQueryBuilder<Schema, "sessions", O>,
  now: number,
): SelectQueryBuilder<Schema, "sessions", O> {
  return query.where("seen_at", ">", now - SESSION_IDLE_MS).where("created_at", ">", now - SESSION_ABSOLUTE_MS);
}

/** The session store over Kysely, for SQLite and Postgres alike. */
export class SqlSessionStore implements SessionStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = () => database.clock.now(),
  ) {}

  private get db() {
    return this.database.kysely;
  }

  async create(idHash: string, userId: string, browserHash?: string): Promise<void> {
    const now = this.now();
    await sweepOccasionally(this.database, ["sessions", "connections"], now);
    const row = { id_hash: idHash, user_id: userId, created_at: now, seen_at: now, browser_hash: browserHash };
    // At once: the new session is the latest, so that it is never among those that make room.
    await Promise.all([
      this.db.insertInto("sessions").values(row).execute(),
      makeRoomForSession(this.database, userId),
    ]);
  }

  async read(idHash: string, later?: (write: Promise<unknown>) => void): Promise<SessionRecord | null> {
    const now = this.now();
    const row = await liveSessions(this.db.selectFrom("sessions"), now)
      .where("id_hash", "=", idHash)
      .select(["user_id", "seen_at"])
      .executeTakeFirst();
    if (!row) return null;
    // A database that takes no writes would keep the connection for each of them.
    if (row.seen_at < now - TOUCH_EVERY_MS && (await databaseWatch()?.canStore()) !== false) {
      const touched = this.db.updateTable("sessions").where("id_hash", "=", idHash).set({ seen_at: now }).execute();
      if (later) later(touched);
      else await touched;
    }
    return { userId: row.user_id };
  }

  async revoke(idHash: string): Promise<void> {
    await this.db.deleteFrom("sessions").where("id_hash", "=", idHash).execute();
  }

  async revokeBrowser(idHash: string): Promise<void> {
    const ended = this.db.selectFrom("sessions").where("id_hash", "=", idHash);
    await this.db
      .deleteFrom("sessions")
      // By the user first, because that column has an index.
      .where("user_id", "=", ended.select("user_id"))
      .where((eb) => eb.or([eb("id_hash", "=", idHash), eb("browser_hash", "=", ended.select("browser_hash"))]))
      .execute();
  }

  async list(userId: string): Promise<ListedSession[]> {
    const rows = await liveSessions(this.db.selectFrom("sessions"), this.now())
      .where("user_id", "=", userId)
      .orderBy("seen_at", "desc")
      .select(["id_hash", "created_at", "seen_at", "browser_hash"])
      .execute();
    return rows.map((row) => ({
      idHash: row.id_hash,
      createdAt: row.created_at,
      seenAt: row.seen_at,
      browserHash: row.browser_hash,
    }));
  }

  async revokeAll(userId: string): Promise<void> {
    await this.db.deleteFrom("sessions").where("user_id", "=", userId).execute();
  }
}
