import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DatabaseWatch, openDatabaseWatch } from "@/lib/http/database-watch";
import { openDatabase } from "@/lib/stores/database";
import { isDatabaseOutage } from "@/lib/stores/database-outage";
import { diskFull, notWritable } from "@/tests/support/database/database-failures";
import { createDatabase } from "@/tests/support/database/databases";
import { openStoreBench, postgres, sqliteFile, type StoreBench } from "@/tests/support/database/store-bench";

/** This process's watch, whose probes see nothing. */
const watch = openDatabaseWatch(
  () => new DatabaseWatch(() => Promise.resolve({ readable: true, ready: true }), { now: Date.now, trustedMs: 0 }),
);

/** The outages that the watch was told of, by how long they count. */
let told: (number | undefined)[];
beforeEach(() => {
  told = [];
  vi.spyOn(watch, "outageMet").mockImplementation((forMs) => void told.push(forMs));
});

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
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
      const error = await failureOf(bench.one.sessions.create(randomUUID(), "ada"));
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
    expect([isDatabaseOutage(ended), told]).toEqual([true, [undefined]]);
  });

  it("so is a connection that the server has no room for", async () => {
    const url = new URL(await createDatabase());
    const role = `visitor_${randomUUID().replaceAll("-", "")}`;
    await sql.raw(`create role ${role} login password 'secret' connection limit 0`).execute(bench.one.database.kysely);
    const visitor = await openDatabase(Object.assign(url, { username: role, password: "secret" }).href);
    const refused = await failureOf(sql`select 1`.execute(visitor.kysely));
    await visitor.kysely.destroy();
    expect(refused).toMatchObject({ code: "53300" });
    expect([isDatabaseOutage(refused), told]).toEqual([true, [undefined]]);
  });

  it.each(["select 1 from nowhere", "select 1 / 0", "select 'x'::int"])("%s is a bug", async (text) => {
    const error = await failureOf(sql.raw(text).execute(bench.one.database.kysely));
    expect(error).toBeInstanceOf(pg.DatabaseError);
    expect([isDatabaseOutage(error), told]).toEqual([false, []]);
  });
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
});
