import { truncateSync, writeFileSync } from "node:fs";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { databasePlace } from "@/scripts/database-place";
import { noRoomIn } from "@/tests/support/database/database-failures";
import { addUser, createDatabase, databaseText, TABLES_OF_0004 } from "@/tests/support/database/databases";
import { sqliteFile } from "@/tests/support/database/store-bench";
import { leaveReadOnly, startKeepingPooler } from "@/tests/support/database/keeping-pooler";
import { lineOf, openDoctorBench } from "@/tests/support/sandbox/doctor-bench";

const bench = openDoctorBench();
let url: string;
let owner: Database;

beforeEach(async () => {
  url = await createDatabase();
  owner = await openDatabase(url);
  await migrate(owner.kysely);
});
afterEach(() => owner.kysely.destroy());

const faults = (DATABASE_URL: string) => bench.faults({ DATABASE_URL }, { patienceMs: 4_000 });
const place = () => `DATABASE_URL (${databasePlace(url)})`;

describe("a database that is reached and migrated, and does not do what the app needs", () => {
  it("a user without rights to the tables of later migrations", async () => {
    const user = await addUser(owner, url, TABLES_OF_0004);
    expect(await faults(user)).toEqual([
      `${place()}: reached, and migrated, but its user lacks rights: audit (insert); settings (select). Grant them ("A user of its own" in docs/going-live.md).`,
    ]);
    await sql`grant select on settings to public`.execute(owner.kysely);
    await sql`grant insert on audit to public`.execute(owner.kysely);
    const found = await bench.findings({ DATABASE_URL: user });
    expect(found.filter(({ level }) => level !== "ok").map(lineOf)).toContain(
      `${place()}: its user lacks rights that commands of an operator and the removal of old rows need: audit (select, delete); settings (insert, update, delete).`,
    );
    expect(found.filter(({ level }) => level === "fix")).toEqual([]);
  });

  it("a full disk", async () => {
    const repair = await noRoomIn(["connections"]).begin(owner);
    expect(await faults(url)).toEqual([
      `${place()}: reached, and migrated, but it has no room for a row of connections: free space on its disk, or enlarge it ("The database is full" in docs/operation.md). (53100)`,
    ]);
    await repair();
    expect(await faults(url)).toEqual([]);
  });

  it("a table that somebody has locked", async () => {
    await owner.kysely.transaction().execute(async (transaction) => {
      await sql`lock table sessions in access exclusive mode`.execute(transaction);
      expect(await faults(url)).toEqual([
        `${place()}: reached, and migrated, but its table sessions does not answer: somebody holds a lock. Look for it in pg_stat_activity ("The database is slow" in docs/operation.md). (55P03)`,
      ]);
    });
  });

  it("a pooler that keeps connections of before the end of a write block", async () => {
    const pooler = await startKeepingPooler(url);
    await leaveReadOnly(pooler.url);
    expect((await faults(pooler.url)).map((line) => line.replace(/^.*?: /, ""))).toEqual([
      "reached, but some of its connections take no writes: a pooler keeps those of before a fail-over or a write block. Have it make new ones (PgBouncer: RECONNECT at its console, or a restart).",
    ]);
    await pooler.close();
  });
});

it("a SQLite file that another process keeps locked", async () => {
  const { url: file, remove } = await sqliteFile.newPlace();
  const { kysely } = await openDatabase(file);
  await migrate(kysely);
  const settings = { DATABASE_URL: file };
  expect(await bench.faults(settings)).toEqual([]);
  const holding = await kysely.startTransaction().execute();
  await holding.deleteFrom("rates").execute();
  expect((await bench.faults(settings)).map((line) => line.replace(/^.*?: /, ""))).toEqual([
    "the SQLite file is there, and migrated, but another process keeps it locked. End that one, or wait for it. (SQLITE_BUSY)",
  ]);
  await holding.rollback().execute();
  await kysely.destroy();
  remove();
});

it.each([
  ["has been cut off", (file: string) => truncateSync(file, 20 * 4_096)],
  ["is of another kind", (file: string) => writeFileSync(file, "no database, ".repeat(1_000))],
])("a SQLite file that %s, as a copy of a running site's may be", async (_how, damage) => {
  const { url: file, remove } = await sqliteFile.newPlace();
  const { kysely } = await openDatabase(file);
  await migrate(kysely);
  const copy = file.replace("app.db", "copy.db");
  await sql`vacuum into ${copy.slice("file:".length)}`.execute(kysely);
  await kysely.destroy();
  damage(copy.slice("file:".length));
  expect((await bench.faults({ DATABASE_URL: copy })).map((line) => line.replace(/^.*?: /, ""))).toEqual([
    expect.stringMatching(
      /^the SQLite file is malformed: .+\. Stop the site and restore a backup \("Backup and restore" in docs\/operation\.md\)\.$/,
    ),
  ]);
  remove();
});

it("what the doctor tries leaves nothing behind but the row that readiness writes too", async () => {
  const before = await databaseText(owner);
  expect(await faults(url)).toEqual([]);
  await owner.kysely.deleteFrom("rates").where("key", "like", "readiness %").execute();
  expect(await databaseText(owner)).toBe(before);
});
