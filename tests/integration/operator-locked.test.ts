import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import { notWritable } from "@/tests/support/database/database-failures";

let commands: OperatorCommands;
let database: Database;
let env: Record<string, string>;

beforeAll(async () => {
  commands = await compileOperatorCommands();
  const url = await createDatabase();
  await migrateDatabase(url);
  database = await openDatabase(url);
  env = { ...appEnvironment({ databaseUrl: url, sandboxPort: 9 }), APP_URL: "http://localhost:3000" };
}, 60_000);
afterAll(async () => {
  await database.kysely.destroy();
  commands.remove();
});

const CALLS = [
  ["sale", ["pause"], "settings"],
  ["sessions", ["revoke", "--user", "a"], "sessions"],
  ["connections", ["revoke", "--user", "a"], "connections"],
] as const;

describe.each(CALLS)("npm run %s -- %s", (name, args, table) => {
  it("names the lock that it has met, and not the network", async () => {
    await database.kysely.transaction().execute(async (transaction) => {
      await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(transaction);
      const { exitCode, output } = await commands.run(name, args, env);
      expect(output).toContain("another transaction holds a lock on its tables");
      expect([exitCode, output]).toEqual([1, expect.not.stringContaining("firewall")]);
    });
  });
});

it("npm run sale -- pause says that the database takes no writes", async () => {
  const repair = await notWritable.begin(database);
  const { exitCode, output } = await commands.run("sale", ["pause"], env);
  await repair();
  expect([exitCode, output]).toEqual([1, expect.stringContaining("it takes no writes")]);
});
