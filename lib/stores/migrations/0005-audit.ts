import "server-only";
import type { Kysely, Migration } from "kysely";

/** What users did, for the operator: see `lib/audit.ts`. The first index finds a user's rows, the second the ones that are old enough to go. */
export const audit: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("audit")
      .ifNotExists()
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("address_hmac", "text")
      .addColumn("request_id", "text", (column) => column.notNull())
      .addColumn("details", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("audit_user").ifNotExists().on("audit").columns(["user_id", "at"]).execute();
    await db.schema.createIndex("audit_at").ifNotExists().on("audit").column("at").execute();
  },
};
