import "server-only";
import type { Kysely, Migration } from "kysely";

/**
 * The accepted terms by entity: one row for each user, entity and version. The rows of `consents`, which name no entity, stay as proof of what
 * was accepted then and count for no entity: the next commitment accepts the terms again, for the entity that it is made for. The table is a new
 * one, so that servers of the earlier version go on working while an update is rolled out.
 */
export const entityConsents: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable("entity_consents")
      .ifNotExists()
      .addColumn("user_id", "text", (column) => column.notNull())
      .addColumn("entity_id", "text", (column) => column.notNull())
      .addColumn("version", "text", (column) => column.notNull())
      .addColumn("accepted_at", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("entity_consents_key", ["user_id", "entity_id", "version"])
      .execute();
  },
};
