import "server-only";
import type { Database } from "@/lib/stores/database";

/** The key of the pause. Its row is there while the sale is paused, so that no content of it can be misread as "not paused". */
const SALE_PAUSE = "sale-pause";

/** The pause that a command has set. */
export interface SalePause {
  /** Milliseconds since 1970. */
  since: number;
  /** The operator's own words for the operator; they are shown to nobody else. May be empty. */
  note: string;
}

/** The pause that a command has set; undefined if there is none. Throws if the database cannot tell. */
export async function readSalePause({ kysely }: Database): Promise<SalePause | undefined> {
  const row = await kysely
    .selectFrom("settings")
    .where("key", "=", SALE_PAUSE)
    .select(["value", "updated_at"])
    .executeTakeFirst();
  return row && { since: row.updated_at, note: row.value };
}

/** Pauses the sale for every instance. Of a sale that is paused already, only the note changes. `now` in milliseconds since 1970. */
export async function pauseSale({ kysely }: Database, note: string, now: number): Promise<void> {
  await kysely
    .insertInto("settings")
    .values({ key: SALE_PAUSE, value: note, updated_at: now })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value: note }))
    .execute();
}

/** Ends the pause that a command has set. `false`: there was none. */
export async function resumeSale({ kysely }: Database): Promise<boolean> {
  const { numDeletedRows } = await kysely.deleteFrom("settings").where("key", "=", SALE_PAUSE).executeTakeFirst();
  return numDeletedRows > 0n;
}
