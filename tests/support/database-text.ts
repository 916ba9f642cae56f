import { sql } from "kysely";
import type { Database } from "@/lib/stores/database";

/** Every cell of every table, as text. */
export async function databaseText({ kysely }: Pick<Database, "kysely">): Promise<string> {
  const tables = await kysely.introspection.getTables();
  const rows = await Promise.all(tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(kysely)));
  return JSON.stringify(rows.map((result) => result.rows));
}
