import "server-only";
import type { Kysely, Migration } from "kysely";

/**
 * The browser of a session. It is null for sessions of the version before, which servers may still write while an update is rolled out: such a
 * session ends alone.
 */
export const browsersOfSessions: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("sessions").addColumn("browser_hash", "text").execute();
  },
};
