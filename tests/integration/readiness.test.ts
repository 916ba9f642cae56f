import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { probeDatabase } from "@/lib/http/readiness";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { addUser, TABLES_OF_0004 } from "@/tests/support/database/databases";
import { diskFull, notWritable, sessionsGone, type Breakage } from "@/tests/support/database/database-failures";
import { openStoreBench, postgres, storageEngines, type StoreBench } from "@/tests/support/database/store-bench";

const READY = { readable: true, ready: true };

describe.each(storageEngines)("what a probe tells of $name", (engine) => {
  let bench: StoreBench;

  beforeEach(async () => void (bench = await openStoreBench(engine)));
  afterEach(() => bench.close());

  const probe = () => probeDatabase(() => Promise.resolve(bench.one.database));

  it("it can be read and written, and one row is all that probes leave behind", async () => {
    for (const _ of [1, 2, 3]) expect(await probe()).toEqual(READY);
    const rows = await bench.one.database.kysely.selectFrom("rates").selectAll().execute();
    expect(rows).toMatchObject([{ key: expect.stringMatching(/^readiness ./), count: 1 }]);
  });

  it("a migration is missing", async () => {
    const { kysely } = bench.one.database;
    const all = kysely.withTables<{ kysely_migration: { name: string } }>();
    await all.deleteFrom("kysely_migration").where("name", "like", "0004%").execute();
    expect(await probe()).toEqual({ readable: true, ready: false });
  });

  it("a fork's own migrations do not matter", async () => {
    const { kysely } = bench.one.database;
    const all = kysely.withTables<{ kysely_migration: { name: string; timestamp: string } }>();
    await all.insertInto("kysely_migration").values({ name: "9999-own", timestamp: "" }).execute();
    expect(await probe()).toEqual(READY);
  });

  const faults: readonly (readonly [Breakage, boolean])[] = [
    [notWritable, true],
    [sessionsGone, false],
    ...(engine === postgres ? [[diskFull, true] as const] : []),
  ];

  it.each(faults.map(([breakage, readable]) => ({ ...breakage, readable })))(
    "$name: readable is $readable",
    async ({ begin, readable }) => {
      const repair = await begin(bench.other.database);
      // Both steps may have closed connections, which the pool notices when it uses them.
      await vi.waitFor(async () => expect(await probe()).toEqual({ readable, ready: false }));
      await repair();
      await vi.waitFor(async () => expect(await probe()).toEqual(READY));
    },
  );
});

it("a user that lacks the rights to a table of a later migration is not ready, and is asked for until it has them", async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const { url } = await postgres.newPlace();
  const owner = await openDatabase(url);
  await migrate(owner.kysely);
  const user = await openDatabase(await addUser(owner, url, TABLES_OF_0004));
  const probe = () => probeDatabase(() => Promise.resolve(user));
  for (const _ of [1, 2]) expect(await probe()).toEqual({ readable: true, ready: false });
  const lines = written.filter((line) => line.includes("database.rights-missing"));
  expect(lines).toEqual([expect.stringContaining("audit (insert); settings (select)")]);
  await sql`grant select, insert, update, delete on all tables in schema public to public`.execute(owner.kysely);
  expect(await probe()).toEqual(READY);
  await Promise.all([owner.kysely.destroy(), user.kysely.destroy()]);
});

it("instances do not wait for each other's commits", async () => {
  const { url } = await postgres.newPlace();
  const [one, other] = await Promise.all([openDatabase(url), openDatabase(url)]);
  await migrate(one.kysely);
  expect(await probeDatabase(() => Promise.resolve(one))).toEqual(READY);
  const { key } = await one.kysely.selectFrom("rates").select("key").executeTakeFirstOrThrow();
  // Another process has a row of its own, and is in the middle of a commit.
  Reflect.set(globalThis, Symbol.for("sonar-app.readiness-row"), undefined);
  await other.kysely.transaction().execute(async (transaction) => {
    await transaction.updateTable("rates").set({ count: 1 }).where("key", "=", key).execute();
    expect(await probeDatabase(() => Promise.resolve(one))).toEqual(READY);
  });
  await Promise.all([one.kysely.destroy(), other.kysely.destroy()]);
});

it("a database that cannot be opened is neither readable nor ready", async () => {
  expect(await probeDatabase(() => Promise.reject(new Error("gone")))).toEqual({ readable: false, ready: false });
});
