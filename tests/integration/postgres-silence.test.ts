import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { createDatabase } from "@/tests/support/database/databases";
import { startSilentProxy, type SilentProxy } from "@/tests/support/database/database-failures";

let proxy: SilentProxy;
let database: Database;

beforeEach(async () => {
  proxy = await startSilentProxy(await createDatabase());
  database = await openDatabase(proxy.url, { queryTimeoutMs: 2_000 });
});

afterEach(async () => {
  await database.kysely.destroy();
  await proxy.close();
});

function ask(statement = "select 1 as answer") {
  return sql.raw(statement).execute(database.kysely);
}

async function serverProcess(): Promise<unknown> {
  return (await ask("select pg_backend_pid()")).rows;
}

it("a connection on which the server falls silent fails one query, and the next gets another", async () => {
  await ask();
  proxy.silenceOpen();
  await expect(ask()).rejects.toThrow("Query read timeout");
  expect((await ask()).rows).toEqual([{ answer: 1 }]);
});

it("a connection on which the server refuses a statement is kept", async () => {
  const before = await serverProcess();
  await expect(ask("select nothing")).rejects.toThrow("does not exist");
  expect(await serverProcess()).toEqual(before);
});
