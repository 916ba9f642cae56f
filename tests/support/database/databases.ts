import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { sql } from "kysely";
import { inject } from "vitest";
import type { Database } from "@/lib/stores/database";
import { createDatabaseOn } from "@/tests/support/database/postgres";
import "@/tests/support/database/postgres-setup";

/** The contents of all tables as text. */
export async function databaseText({ kysely }: Pick<Database, "kysely">): Promise<string> {
  const tables = await kysely.introspection.getTables();
  const rows = await Promise.all(tables.map(({ name }) => sql`select * from ${sql.table(name)}`.execute(kysely)));
  return JSON.stringify(rows.map((result) => result.rows));
}

const run = promisify(execFile);

/** Applies the migrations to a Postgres as a deployment does: `npm run db:migrate`. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const { PATH = "", HOME = "", NODE_ENV } = process.env;
  await run("npm", ["run", "--silent", "db:migrate"], { env: { PATH, HOME, NODE_ENV, DATABASE_URL: databaseUrl } });
}

/** The URL of a new, empty database on the run's PostgreSQL. For tests of the integration project. */
export function createDatabase(): Promise<string> {
  return createDatabaseOn(inject("postgresUrl"));
}

/** Those to which a site's user had rights before the migrations 0005 and later. */
export const TABLES_OF_0004 = [
  "kysely_migration",
  "sessions",
  "transactions",
  "connections",
  "rates",
  "consents",
  "entity_consents",
];

/** The URL of a database's new user, who has the rights to these tables, and is not their owner. */
export async function addUser({ kysely }: Pick<Database, "kysely">, url: string, tables: readonly string[]) {
  const name = `user_${randomUUID().slice(0, 8)}`;
  await sql`create role ${sql.id(name)} login password 'user'`.execute(kysely);
  const rights = sql`grant select, insert, update, delete`;
  await sql`${rights} on ${sql.join(tables.map((table) => sql.table(table)))} to ${sql.id(name)}`.execute(kysely);
  return Object.assign(new URL(url), { username: name, password: "user" }).href;
}

const PROGRAM = resolve("tests/support/database/migrating-process.ts");

interface Starter {
  child: ChildProcess;
  /** The exit code and the text on stderr. */
  ended: Promise<{ code: number | null; errors: string }>;
}

function prepare(databaseUrl: string): Starter {
  const args = ["--import", "tsx", "--conditions=react-server", PROGRAM, databaseUrl];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "close").then(([code]: unknown[]) => ({
    code: typeof code === "number" ? code : null,
    errors,
  }));
  return { child, ended };
}

/** Lets several processes open and migrate a database at the same moment; returns the errors of those that failed. */
export async function startTogether(databaseUrl: string, count: number): Promise<string[]> {
  const starters = Array.from({ length: count }, () => prepare(databaseUrl));
  await Promise.all(starters.map(({ child, ended }) => Promise.race([once(child, "message"), ended])));
  for (const { child } of starters) if (child.connected) child.send("go");
  const results = await Promise.all(starters.map(({ ended }) => ended));
  return results.filter(({ code }) => code !== 0).map(({ errors }) => errors);
}
