import { copyFileSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openDatabase, retryOnContention, type Database } from "@/lib/stores/database";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { temporaryFolder } from "@/tests/support/temporary-folder";

let folder: ReturnType<typeof temporaryFolder>;
let holder: InstanceType<typeof Libsql>;
let waiting: InstanceType<typeof Libsql>;

beforeEach(() => {
  folder = temporaryFolder();
  const file = join(folder.path, "app.db");
  holder = new Libsql(file);
  waiting = new Libsql(file);
  holder.exec("BEGIN EXCLUSIVE");
});
afterEach(() => {
  waiting.close();
  holder.close();
  folder.remove();
});

it("work that fails on another's lock is done once the lock is gone", async () => {
  const pause = vi.fn(() => holder.exec("COMMIT"));
  await retryOnContention(() => waiting.exec("CREATE TABLE t (x)"), pause);
  expect(pause).toHaveBeenCalledTimes(1);
});

it("a lock that stays is an error after a while", async () => {
  const pause = vi.fn();
  const error: unknown = await retryOnContention(() => waiting.exec("CREATE TABLE t (x)"), pause).catch(
    (reason: unknown) => reason,
  );
  expect(databaseProblem("DATABASE_URL", error)).toMatch(/another process keeps the file locked, so this was not done/);
  expect(pause).toHaveBeenCalledTimes(19);
});

it("any other error is thrown at once", async () => {
  const pause = vi.fn();
  await expect(retryOnContention(() => waiting.exec("NONSENSE"), pause)).rejects.toThrow("syntax error");
  expect(pause).not.toHaveBeenCalled();
});

/** The app's database in the file, with a table and nothing else. */
async function openWithRates(): Promise<Database> {
  holder.exec("ROLLBACK");
  const database = await openDatabase(`file:${join(folder.path, "app.db")}`);
  await database.kysely.schema
    .createTable("rates")
    .addColumn("key", "text")
    .addColumn("window_start", "integer")
    .addColumn("count", "integer")
    .execute();
  return database;
}

/** Inserts a rate, whose only meaning is its key. */
async function insertRate({ kysely }: Database, key: string): Promise<void> {
  await kysely.insertInto("rates").values({ key, window_start: 0, count: 1 }).execute();
}

it.each(["insert", "update", "update that returns", "transaction"])(
  "what is written after a refusal (%s) because of a lock is committed, and locks nobody out",
  async (what) => {
    const database = await openWithRates();
    try {
      await insertRate(database, "before");
      const update = database.kysely.updateTable("rates").set({ count: 2 });
      const refused: Record<string, () => Promise<unknown>> = {
        insert: () => insertRate(database, "refused"),
        update: () => update.execute(),
        "update that returns": () => update.returning("key").execute(),
        transaction: () => database.kysely.transaction().execute((trx) => trx.deleteFrom("rates").execute()),
      };
      holder.exec("BEGIN IMMEDIATE");
      await expect(refused[what]?.()).rejects.toThrow("locked");
      holder.exec("ROLLBACK");
      await insertRate(database, "after");
      expect(waiting.prepare("select key, count from rates order by key").raw().all()).toEqual([
        ["after", 1],
        ["before", 1],
      ]);
      waiting.exec("delete from rates where key = 'before'");
    } finally {
      await database.kysely.destroy();
    }
  },
);

it("a closed database is in its file alone, so that a copy of that is whole", async () => {
  const database = await openWithRates();
  await insertRate(database, "last");
  await database.kysely.destroy();
  copyFileSync(join(folder.path, "app.db"), join(folder.path, "copy.db"));
  const copy = new Libsql(join(folder.path, "copy.db"));
  expect(copy.prepare("select key from rates").raw().all()).toEqual([["last"]]);
  copy.close();
});
