import { sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { createDatabase } from "@/tests/support/database/databases";
import { startEndingProxy, startSilentProxy, type SilentProxy } from "@/tests/support/database/database-failures";

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

it("a connection that the server ends as soon as it is made fails its query, and nothing else in the process", async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.prependListener("uncaughtException", note);
  const ending = await startEndingProxy(await createDatabase(), 1);
  const opened = await openDatabase(ending.url, { queryTimeoutMs: 2_000 });
  const askOnce = () => sql.raw("select 1 as answer").execute(opened.kysely);
  await expect(askOnce()).rejects.toThrow();
  expect((await askOnce()).rows).toEqual([{ answer: 1 }]);
  process.removeListener("uncaughtException", note);
  expect(uncaught).toEqual([]);
  await opened.kysely.destroy();
  await ending.close();
});
