import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";
import { DatabaseWatch, openDatabaseWatch, type DatabaseState } from "@/lib/http/database-watch";
import { errorFields } from "@/lib/http/log";
import { probeDatabase } from "@/lib/http/readiness";
import { openDatabase, type Database } from "@/lib/stores/database";
import { isDatabaseOutage } from "@/lib/stores/database-outage";
import { diskFull, notWritable, startSilentProxy } from "@/tests/support/database/database-failures";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import {
  openStoreBench,
  postgres,
  sqliteFile,
  type StoreBench,
  type StoreInstance,
} from "@/tests/support/database/store-bench";
import { freePort } from "@/tests/support/local-server";

/** Of this process's watch: probes see nothing, unless a test gives them something to ask. */
let probe: () => Promise<DatabaseState>;
const watch = openDatabaseWatch(() => new DatabaseWatch(() => probe(), { now: Date.now, trustedMs: 0 }));

/** The outages that the watch was told of, by how long they count. */
let told: (number | undefined)[];
/** The failed connections that it was told of. */
let failures: MockInstance;
beforeEach(() => {
  told = [];
  probe = () => Promise.resolve({ readable: true, ready: true });
  failures = vi.spyOn(watch, "connectionFailed");
  vi.spyOn(watch, "outageMet").mockImplementation((forMs) => void told.push(forMs));
});

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Adds a row. A store would also begin to sweep, whose statements fail at any later time. */
function write({ database: { kysely } }: StoreInstance): Promise<unknown> {
  const row = { id_hash: randomUUID(), user_id: "ada", created_at: 0, seen_at: 0 };
  return kysely.insertInto("sessions").values(row).execute();
}

describe("on Postgres", () => {
  let bench: StoreBench;
  beforeAll(async () => void (bench = await openStoreBench(postgres)));
  afterAll(() => bench.close());

  it.each([
    { ...diskFull, code: "53100", lasts: 10_000 },
    { ...notWritable, code: "25006", lasts: undefined },
  ])("a write while $name is an outage, of which the watch is told", async ({ begin, code, lasts }) => {
    const repair = await begin(bench.other.database);
    await vi.waitFor(async () => {
      const error = await failureOf(write(bench.one));
      expect(error).toMatchObject({ code });
      expect(isDatabaseOutage(error)).toBe(true);
    });
    expect(told.at(-1)).toBe(lasts);
    await repair();
  });

  it("so is a connection that the server ends", async () => {
    const ended = await failureOf(
      sql`select pg_terminate_backend(pg_backend_pid())`.execute(bench.one.database.kysely),
    );
    expect(ended).toMatchObject({ code: "57P01" });
    expect([isDatabaseOutage(ended), told, failures.mock.calls.length]).toEqual([true, [undefined], 1]);
  });

  it("so is a connection that the server has no room for, which says nothing about those that there are", async () => {
    const url = new URL(await createDatabase());
    const role = `visitor_${randomUUID().replaceAll("-", "")}`;
    await sql.raw(`create role ${role} login password 'secret' connection limit 0`).execute(bench.one.database.kysely);
    const visitor = await openDatabase(Object.assign(url, { username: role, password: "secret" }).href);
    const refused = await failureOf(sql`select 1`.execute(visitor.kysely));
    await visitor.kysely.destroy();
    expect(refused).toMatchObject({ code: "53300" });
    expect([isDatabaseOutage(refused), told, failures.mock.calls.length]).toEqual([true, [], 0]);
  });

  it.each(["select 1 from nowhere", "select 1 / 0", "select 'x'::int"])("%s is a bug", async (text) => {
    const error = await failureOf(sql.raw(text).execute(bench.one.database.kysely));
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect([isDatabaseOutage(error), told, failures.mock.calls.length]).toEqual([false, [], 0]);
  });

  it("so is a value that cannot be sent", async () => {
    const error = await failureOf(sql`select ${{ big: 1n }}::json`.execute(bench.one.database.kysely));
    expect(error).toBeInstanceOf(TypeError);
    expect([isDatabaseOutage(error), told, failures.mock.calls.length]).toEqual([false, [], 0]);
  });

  it.each(["40001", "40P01"])("what met another statement (%s) is one, and may be tried again", async (code) => {
    const raised = sql.raw(`do $$ begin raise exception 'met' using errcode = '${code}'; end $$`);
    expect(isDatabaseOutage(await failureOf(raised.execute(bench.one.database.kysely)))).toBe(true);
  });

  it.each([
    { limit: "lock_timeout", code: "55P03" },
    { limit: "statement_timeout", code: "57014" },
  ])("a statement that waits for longer than its $limit is one, which says nothing about the rest", async (given) => {
    const { kysely } = bench.one.database;
    const error = await bench.other.database.kysely.transaction().execute(async (holder) => {
      await sql`lock table sessions`.execute(holder);
      const waiting = kysely.transaction().execute(async (waiter) => {
        await sql.raw(`set local ${given.limit} = 50`).execute(waiter);
        await sql`select 1 from sessions`.execute(waiter);
      });
      return failureOf(waiting);
    });
    expect(error).toMatchObject({ code: given.code });
    expect([isDatabaseOutage(error), told, failures.mock.calls.length]).toEqual([true, [], 0]);
  });
});

describe("a Postgres that does not answer", () => {
  async function failureAt(url: string, ready: (kysely: Database["kysely"]) => unknown = () => undefined) {
    const { kysely } = await openDatabase(url, { queryTimeoutMs: 1_000 });
    await ready(kysely);
    const error = await failureOf(sql`select 1`.execute(kysely));
    await kysely.destroy();
    return error;
  }

  /** The watch asks anew, and nobody calls it a bug, not even if another error names it as its cause. */
  function expectOutage(error: unknown): void {
    const wrapped = new Error("The session could not be read", { cause: error });
    expect([isDatabaseOutage(error), isDatabaseOutage(wrapped), told, failures.mock.calls.length]).toEqual([
      true,
      true,
      [],
      1,
    ]);
  }

  it("is an outage if nothing listens there, which an upstream with the same error is not", async () => {
    const port = await freePort();
    const error = await failureAt(`postgres://ada:secret@127.0.0.1:${port}/app`);
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    expectOutage(error);
    const upstream = await failureOf(fetch(`http://127.0.0.1:${port}`));
    expect(errorFields(upstream).errorCode).toBe("ECONNREFUSED");
    expect(isDatabaseOutage(upstream)).toBe(false);
  });

  it("is one if its name is unknown", async () => {
    const error = await failureAt("postgres://ada:secret@database.invalid/app");
    expect(errorFields(error).errorCode).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expectOutage(error);
  });

  it("is one if it falls silent", async () => {
    const proxy = await startSilentProxy(await createDatabase());
    const error = await failureAt(proxy.url, async (kysely) => {
      await sql`select 1`.execute(kysely);
      proxy.silenceOpen();
    });
    await proxy.close();
    expect(error).toMatchObject({ message: "Query read timeout" });
    expectOutage(error);
  });

  it("is one if the connection breaks", async () => {
    const port = await freePort();
    const server = createServer((socket) => socket.once("data", () => socket.end())).listen(port, "127.0.0.1");
    const error = await failureAt(`postgres://ada:secret@127.0.0.1:${port}/app`);
    server.close();
    expect(error).toMatchObject({ message: "Connection terminated unexpectedly" });
    expectOutage(error);
  });
});

it("one connection that falls silent takes no instance out of service: the next probe has another", async () => {
  const url = await createDatabase();
  await migrateDatabase(url);
  const proxy = await startSilentProxy(url);
  const database = await openDatabase(proxy.url, { queryTimeoutMs: 1_000 });
  probe = () => probeDatabase(() => Promise.resolve(database));
  expect(await watch.ready()).toBe(true);
  proxy.silenceOpen();
  expect(await failureOf(sql`select 1`.execute(database.kysely))).toMatchObject({ message: "Query read timeout" });
  expect([await watch.ready(), told, failures.mock.calls.length]).toEqual([true, [], 1]);
  await database.kysely.destroy();
  await proxy.close();
});

describe("on SQLite", () => {
  let bench: StoreBench;
  beforeAll(async () => void (bench = await openStoreBench(sqliteFile)));
  afterAll(() => bench.close());

  it("a file that may not grow is one, a constraint is none", async () => {
    const { database, sessions } = bench.one;
    await sessions.create("twice", "ada");
    expect(isDatabaseOutage(await failureOf(sessions.create("twice", "ada")))).toBe(false);
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(database.kysely);
    await sql.raw(`pragma max_page_count = ${rows[0]?.page_count}`).execute(database.kysely);
    let error: unknown;
    while (error === undefined) error = await failureOf(sessions.create(randomUUID(), randomUUID()));
    expect(error).toMatchObject({ code: "SQLITE_FULL" });
    expect([isDatabaseOutage(error), new Set(told)]).toEqual([true, new Set([10_000])]);
  });

  it("a file that another keeps locked is one, which says nothing about the rest", async () => {
    const error = await bench.other.database.kysely.transaction().execute(async (holder) => {
      await holder.insertInto("settings").values({ key: "held", value: "", updated_at: 0 }).execute();
      return failureOf(write(bench.one));
    });
    expect(error).toMatchObject({ code: "SQLITE_BUSY" });
    expect([isDatabaseOutage(error), told]).toEqual([true, []]);
  });
});
