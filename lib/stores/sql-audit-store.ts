import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AuditRow, Database } from "@/lib/stores/database";

/** Rows deleted by one statement: SQLite runs it in this process, which does nothing else meanwhile. */
const PIECE = 1_000;

/** Pieces of one pruning, so that it ends within seconds even after years without one; the next goes on. */
const MOST_PIECES = 20;

/** Between two pieces, requests have their turn (milliseconds). */
const PAUSE_MS = 50;

/** The audit table over Kysely, for SQLite and Postgres alike. It is append-only: nothing here changes a row, and only age removes one. */
export class SqlAuditStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = () => database.clock.now(),
  ) {}

  private get db() {
    return this.database.kysely;
  }

  async append(row: Omit<AuditRow, "id" | "at">): Promise<void> {
    await this.db
      .insertInto("audit")
      .values({ id: randomUUID(), at: this.now(), ...row })
      .execute();
  }

  /** The rows of a user from `since` on (milliseconds since 1970), the earliest first. */
  async rowsOf(userId: string, since: number): Promise<AuditRow[]> {
    return this.db
      .selectFrom("audit")
      .selectAll()
      .where("user_id", "=", userId)
      .where("at", ">=", since)
      .orderBy("at")
      .execute();
  }

  /** Deletes rows from before a time (milliseconds since 1970), in pieces with a pause between. Returns their number. */
  async prune(before: number): Promise<number> {
    let deleted = 0;
    for (let piece = 1; ; piece += 1) {
      const count = await this.pruneOnce(before);
      deleted += count;
      if (count < PIECE || piece === MOST_PIECES) return deleted;
      await sleep(PAUSE_MS);
    }
  }

  private async pruneOnce(before: number): Promise<number> {
    const result = await this.db
      .deleteFrom("audit")
      .where("id", "in", (old) =>
        old.selectFrom("audit").select("id").where("at", "<", before).orderBy("at").limit(PIECE),
      )
      .executeTakeFirst();
    return Number(result.numDeletedRows);
  }
}
