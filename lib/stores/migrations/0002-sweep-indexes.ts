import "server-only";
import type { Kysely, Migration } from "kysely";

/** The columns that sweeps search by: without these indexes, every sweep would read whole tables. */
export const sweepIndexes: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex("rates_window").ifNotExists().on("rates").column("window_start").execute();
    await db.schema.createIndex("sessions_seen").ifNotExists().on("sessions").column("seen_at").execute();
    await db.schema.createIndex("sessions_created").ifNotExists().on("sessions").column("created_at").execute();
    await db.schema.createIndex("connections_updated").ifNotExists().on("connections").column("updated_at").execute();
  },
};
