import "server-only";
import { sql } from "kysely";
import type { Database, Schema } from "@/lib/stores/database";

type Right = "select" | "insert" | "update" | "delete";

const ALL: readonly Right[] = ["select", "insert", "update", "delete"];

/** By table. A fork's own tables may be added, and need not be. */
type Rights = Readonly<Partial<Record<keyof Schema, readonly Right[]>>>;

/** What the app itself does with each table. Sweeps lock rows before they delete them, which needs the right to update. */
const OF_THE_APP: Rights = {
  sessions: ALL,
  transactions: ALL,
  connections: ALL,
  rates: ALL,
  entity_consents: ["select", "insert"],
  audit: ["insert"],
  settings: ["select"],
};

/** What the commands of an operator do besides, and the removal of old rows, without which the app works. */
const OF_OPERATORS: Rights = {
  audit: ["select", "delete"],
  settings: ["insert", "update", "delete"],
};

async function lacking({ engine, kysely }: Database, rights: Rights): Promise<string[]> {
  if (engine === "sqlite") return [];
  const wanted = Object.entries(rights).flatMap(([table, each]) => each.map((right) => sql`(${table}, ${right})`));
  const { rows } = await sql<{ missing: string }>`
    select "table" || ' (' || string_agg("right", ', ') || ')' as missing
    from (values ${sql.join(wanted)}) as wanted ("table", "right")
    where not has_table_privilege("table", "right")
    group by "table" order by "table"`.execute(kysely);
  return rows.map(({ missing }) => missing);
}

/**
 * The rights to tables that the app needs and its database user lacks, as text for an operator: a user other than the owner has none to a table that
 * a later migration adds. One statement. Throws if the tables are not there.
 */
export function rightsMissing(database: Database): Promise<string[]> {
  return lacking(database, OF_THE_APP);
}

/** The same for the commands of an operator and the removal of old rows. */
export function operatorRightsMissing(database: Database): Promise<string[]> {
  return lacking(database, OF_OPERATORS);
}
