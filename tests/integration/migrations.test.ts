import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { isMigrated, migrate, MIGRATION_NAMES, migrateDatabaseAt } from "@/lib/stores/migrate";
import { createDatabase, startTogether } from "@/tests/support/database/databases";
import { sharedEngines } from "@/tests/support/database/store-bench";

const LAST = "0009-browsers-of-sessions";

describe.each(sharedEngines)("migrating $name", ({ newPlace }) => {
  let place: Awaited<ReturnType<typeof newPlace>>;
  let opened: Database[] = [];

  async function open(): Promise<Database> {
    const database = await openDatabase(place.url);
    opened.push(database);
    return database;
  }

  beforeEach(async () => {
    place = await newPlace();
  });

  afterEach(async () => {
    await Promise.all(opened.map(({ kysely }) => kysely.destroy()));
    opened = [];
    place.remove();
  });

  it("makes the tables, and returns the names of the migrations", async () => {
    const { kysely } = await open();
    expect(await isMigrated(kysely)).toBe(false);
    const names = await migrate(kysely);
    // A fork's own come after these.
    expect(names.slice(0, 5)).toEqual([
      "0001-first-tables",
      "0002-sweep-indexes",
      "0003-consents",
      "0004-entity-consents",
      "0005-audit",
    ]);
    expect(await isMigrated(kysely)).toBe(true);
  });

  it("twice is harmless, and keeps existing rows", async () => {
    const { kysely } = await open();
    await migrate(kysely);
    await kysely.insertInto("rates").values({ key: "k", window_start: 1, count: 1 }).execute();
    expect(await migrate(kysely)).toEqual([]);
    expect(await kysely.selectFrom("rates").selectAll().execute()).toHaveLength(1);
  });

  it("applies a migration that comes before one already applied, as an update beside a fork's own does", async () => {
    const { kysely } = await open();
    const [first = "", ...later] = await migrate(kysely);
    await sql`delete from kysely_migration where name = ${first}`.execute(kysely);
    const tables = await kysely.introspection.getTables();
    for (const { name } of tables) await kysely.schema.dropTable(name).execute();
    expect(later.length).toBeGreaterThan(0);
    expect(await migrate(kysely)).toEqual([first]);
  });

  it("at its address applies what is missing, over a connection of its own", async () => {
    expect(await migrateDatabaseAt(place.url)).toEqual(MIGRATION_NAMES);
    expect(await migrateDatabaseAt(place.url)).toEqual([]);
  });

  it("makes time columns that are read as numbers", async () => {
    const { kysely } = await open();
    await migrate(kysely);
    const time = Date.UTC(2100, 0, 1);
    const session = { id_hash: "h", user_id: "u", created_at: time, seen_at: time };
    await kysely.insertInto("sessions").values(session).execute();
    const { rows } = await sql`select seen_at, count(*) as sessions from sessions group by seen_at`.execute(kysely);
    expect(rows).toEqual([{ seen_at: time, sessions: 1 }]);
  });

  it("from two connections at once succeeds on both", async () => {
    const databases = await Promise.all([open(), open()]);
    await Promise.all(databases.map(({ kysely }) => migrate(kysely)));
    for (const { kysely } of databases) expect(await isMigrated(kysely)).toBe(true);
  });

  it("by four processes that start together succeeds in all of them", async () => {
    expect(await startTogether(place.url, 4)).toEqual([]);
    const { kysely } = await open();
    expect(await isMigrated(kysely)).toBe(true);
    expect(await kysely.selectFrom("sessions").selectAll().execute()).toEqual([]);
  });
});

it("goes on with a SQLite file whose last migration was cut before it was recorded, as by a full disk", async () => {
  const { kysely } = await openDatabase("file::memory:");
  await migrate(kysely);
  await sql`delete from kysely_migration where name = ${LAST}`.execute(kysely);
  await sql`alter table sessions drop column browser_hash`.execute(kysely);
  const cut = sql`create trigger cut before insert on kysely_migration begin select raise(abort, 'cut'); end`;
  await cut.execute(kysely);
  await expect(migrate(kysely)).rejects.toThrow("cut");
  await sql`drop trigger cut`.execute(kysely);
  expect(await migrate(kysely)).toEqual([LAST]);
  await kysely.destroy();
});

describe("migrating a Postgres whose tables somebody reads, as a backup does", () => {
  async function heldDatabase() {
    const url = await createDatabase();
    await migrateDatabaseAt(url);
    const { kysely } = await openDatabase(url);
    await sql`delete from kysely_migration where name = ${LAST}`.execute(kysely);
    await sql`alter table sessions drop column browser_hash`.execute(kysely);
    const backup = await kysely.startTransaction().execute();
    await sql`lock table sessions in access share mode`.execute(backup);
    return { url, kysely, backup };
  }

  it("holds nobody up meanwhile, and is done once that has ended", async () => {
    const { url, kysely, backup } = await heldDatabase();
    const onWait = vi.fn();
    const migrated = migrateDatabaseAt(url, { onWait });
    for (const attempt of [1, 2]) {
      await vi.waitFor(() => expect(onWait.mock.calls.length).toBeGreaterThanOrEqual(attempt), { timeout: 20_000 });
      // A read that had to wait for the backup would be refused after four seconds.
      await expect(kysely.selectFrom("sessions").select("id_hash").execute()).resolves.toEqual([]);
    }
    await backup.rollback().execute();
    expect(await migrated).toEqual([LAST]);
    await kysely.destroy();
  });

  it("is given up in the end, with nothing changed", async () => {
    const { url, kysely, backup } = await heldDatabase();
    await expect(migrateDatabaseAt(url, { attempts: 1 })).rejects.toMatchObject({ code: "55P03" });
    expect(await isMigrated(kysely)).toBe(false);
    await backup.rollback().execute();
    await kysely.destroy();
  });
});
