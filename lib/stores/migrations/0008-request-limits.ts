import "server-only";
import type { Kysely, Migration } from "kysely";

/** The column by which a user's pending OAuth requests are counted. */
export const requestLimits: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.createIndex("transactions_user").ifNotExists().on("transactions").column("user_id").execute();
  },
};
