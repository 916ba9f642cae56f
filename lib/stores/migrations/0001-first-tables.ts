import "server-only";
import { sql, type Kysely, type Migration } from "kysely";

/** Sessions, pending OAuth requests, connections and rate counters. The same statements work on SQLite and Postgres. */
export const firstTables: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("sessions")
      .ifNotExists()
      .addColumn("id_hash", "text", (column) => column.primaryKey())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("seen_at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("sessions_user").ifNotExists().on("sessions").column("user_id").execute();
    await db.schema
      .createTable("transactions")
      .ifNotExists()
      .addColumn("state_hash", "text", (column) => column.primaryKey())
      .addColumn("provider", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("sealed_verifier", "text")
      .addColumn("redirect_uri", "text", (column) => column.notNull())
      .addColumn("return_to", "text", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("transactions_expiry").ifNotExists().on("transactions").column("expires_at").execute();
    await db.schema
      .createTable("connections")
      .ifNotExists()
      .addColumn("provider", "text", (column) => column.notNull())
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("sealed_tokens", "text", (column) => column.notNull())
      .addColumn("version", "text", (column) => column.notNull())
      .addColumn("connected_at", "bigint", (column) => column.notNull())
      .addColumn("updated_at", "bigint", (column) => column.notNull())
      .addColumn("lease_holder", "text")
      .addColumn("lease_until", "bigint", (column) => column.notNull().defaultTo(sql`0`))
      .addColumn("cooldown_until", "bigint", (column) => column.notNull().defaultTo(sql`0`))
      .addPrimaryKeyConstraint("connections_key", ["user_id", "provider"])
      .execute();
    await db.schema
      .createTable("rates")
      .ifNotExists()
      .addColumn("key", "text", (column) => column.primaryKey())
      .addColumn("window_start", "bigint", (column) => column.notNull())
      .addColumn("count", "integer", (column) => column.notNull())
      .execute();
  },
};
