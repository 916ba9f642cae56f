import "server-only";
import type { SelectQueryBuilder } from "kysely";
import type { SessionRecord, SessionStore } from "@/lib/stores/contracts";
import { sweepOccasionally, type Database, type Schema } from "@/lib/stores/database";

const HOUR_MS = 60 * 60 * 1_000;

/** A session ends this long after it was last used (milliseconds). */
const SESSION_IDLE_MS = 24 * HOUR_MS;

/** A session ends this long after sign-in, used or not (milliseconds). */
export const SESSION_ABSOLUTE_MS = 7 * 24 * HOUR_MS;

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
    private readonly now: () => number = Date.now,
  ) {}

  private get db() {
    return this.database.kysely;
  }

  async create(idHash: string, userId: string): Promise<void> {
    const now = this.now();
    await sweepOccasionally(this.database, "sessions", now, () => this.sweep(now));
    await this.db
      .insertInto("sessions")
      .values({ id_hash: idHash, user_id: userId, created_at: now, seen_at: now })
      .execute();
  }

  async read(idHash: string): Promise<SessionRecord | null> {
    const now = this.now();
    const row = await liveSessions(this.db.selectFrom("sessions"), now)
      .where("id_hash", "=", idHash)
      .select(["user_id", "seen_at"])
      .executeTakeFirst();
    if (!row) return null;
    if (row.seen_at < now - TOUCH_EVERY_MS) {
      await this.db.updateTable("sessions").where("id_hash", "=", idHash).set({ seen_at: now }).execute();
    }
    return { userId: row.user_id };
  }

  async revoke(idHash: string): Promise<void> {
    await this.db.deleteFrom("sessions").where("id_hash", "=", idHash).execute();
  }

  /** Deletes ended sessions, and the connections of users who have not returned within a session's longest life. */
  private async sweep(now: number): Promise<void> {
    await this.db
      .deleteFrom("sessions")
      .where((eb) =>
        eb.or([eb("seen_at", "<=", now - SESSION_IDLE_MS), eb("created_at", "<=", now - SESSION_ABSOLUTE_MS)]),
      )
      .execute();
    await this.db
      .deleteFrom("connections")
      .where("updated_at", "<=", now - SESSION_ABSOLUTE_MS)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb.selectFrom("sessions").select("id_hash").whereRef("sessions.user_id", "=", "connections.user_id"),
          ),
        ),
      )
      .execute();
  }
}
