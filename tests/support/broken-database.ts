import { sql } from "kysely";
import type { Database } from "@/lib/stores/database";

/** Ends the trouble that a `Breakage` has made. */
type Repair = () => Promise<void>;

/** Something that a database can refuse an app that is running. */
export interface Breakage {
  name: string;
  /** `database` is the test's own connection. */
  begin(database: Database): Promise<Repair>;
}

const WRITES = ["sessions", "connections", "transactions", "rates"].flatMap((table) =>
  ["insert", "update", "delete"].map((change) => ({ table, change, name: `refuse_${change}_${table}` })),
);

/** Not by another's lock on the file: libsql keeps a statement that met one, and with it this process's own lock, until it is collected. */
async function refuseWrites({ kysely }: Database): Promise<Repair> {
  for (const { table, change, name } of WRITES) {
    const head = sql`create trigger ${sql.id(name)} before ${sql.raw(change)} on ${sql.table(table)}`;
    await sql`${head} begin select raise(abort, 'refused'); end`.execute(kysely);
  }
  return async () => {
    for (const { name } of WRITES) await sql`drop trigger ${sql.id(name)}`.execute(kysely);
  };
}

/** New connections can only read from now on, and there are no others than the test's. */
async function makeReadOnly({ kysely }: Database): Promise<Repair> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(kysely);
  const name = rows[0]?.name ?? "";
  const set = async (value: "on" | "off") => {
    await kysely.connection().execute(async (connection) => {
      await sql`set default_transaction_read_only = off`.execute(connection);
      await sql`alter database ${sql.id(name)} set default_transaction_read_only = ${sql.raw(value)}`.execute(
        connection,
      );
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(connection);
    });
  };
  await set("on");
  return () => set("off");
}

async function renameTable({ kysely }: Database, table: "sessions" | "connections"): Promise<Repair> {
  const away = `${table}_away`;
  await kysely.schema.alterTable(table).renameTo(away).execute();
  return () => kysely.schema.alterTable(away).renameTo(table).execute();
}

async function refuseDeletions({ engine, kysely }: Database): Promise<Repair> {
  if (engine === "sqlite") {
    const refusal = sql`select raise(abort, 'refused')`;
    await sql`create trigger refusal before delete on sessions begin ${refusal}; end`.execute(kysely);
    return async () => void (await sql`drop trigger refusal`.execute(kysely));
  }
  await sql`create function refuse() returns trigger language plpgsql as 'begin raise ''refused''; end'`.execute(
    kysely,
  );
  await sql`create trigger refusal before delete on sessions for each row execute function refuse()`.execute(kysely);
  return async () => void (await sql`drop function refuse cascade`.execute(kysely));
}

/** Nothing can be written. */
export const notWritable: Breakage = {
  name: "nothing can be written",
  begin: (database) => (database.engine === "sqlite" ? refuseWrites(database) : makeReadOnly(database)),
};

/** Sessions can be neither read nor written. */
export const sessionsGone: Breakage = {
  name: "sessions can be neither read nor written",
  begin: (database) => renameTable(database, "sessions"),
};

/** A session cannot be ended, and all else works. */
export const sessionsStay: Breakage = { name: "no session can be ended", begin: refuseDeletions };

/** Connections can be neither read nor written, and all else works. */
export const connectionsGone: Breakage = {
  name: "connections can be neither read nor written",
  begin: (database) => renameTable(database, "connections"),
};
