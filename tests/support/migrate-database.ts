import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Applies the migrations to a Postgres as a deployment does: `npm run db:migrate`. */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const { PATH = "", HOME = "", NODE_ENV } = process.env;
  await run("npm", ["run", "--silent", "db:migrate"], { env: { PATH, HOME, NODE_ENV, DATABASE_URL: databaseUrl } });
}
