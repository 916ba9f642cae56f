import "server-only";
import type { Kysely, Migration } from "kysely";

/** The accepted terms: one row for each user and version. */
export const consents: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("consents")
      .ifNotExists()
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("version", "text", (column) => column.notNull())
      .addColumn("accepted_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("consents_key", ["user_id", "version"])
      .execute();
  },
};
