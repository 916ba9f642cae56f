import "server-only";
import type { Kysely, Migration } from "kysely";

/**
 * The session that began an OAuth request. It is null for requests of the version before, which servers may still write while an update is rolled
 * out, and for sign-ins at an identity provider, which a cookie of their own binds to the browser.
 */
export const sessionBoundRequests: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("transactions").addColumn("session_hash", "text").execute();
  },
};
