import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import Libsql from "libsql";
import { sql } from "kysely";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "@/lib/stores/database";
import { isMigrated, migrate } from "@/lib/stores/migrate";
import { startServerProcess } from "@/tests/support/app/app-process";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const LAST_MIGRATION = "0009-browsers-of-sessions";
const RESTORE = 'Stop the site and restore a backup ("Backup and restore" in docs/operation.md).';

let commands: OperatorCommands;
let folder: ReturnType<typeof temporaryFolder>;
let env: Record<string, string>;

beforeAll(async () => {
  commands = await compileOperatorCommands();
  return () => commands.remove();
});
beforeEach(async () => {
  folder = temporaryFolder();
  env = { DATABASE_URL: `file:${inFolder("app.db")}` };
  const { kysely } = await openDatabase(env["DATABASE_URL"] ?? "");
  await migrate(kysely);
  await kysely.destroy();
});
afterEach(() => folder.remove());

const inFolder = (name: string) => join(folder.path, name);
const backup = (...args: string[]) => commands.run("backup", args, env);
const open = (name = "app.db") => new Libsql(inFolder(name), { timeout: 5_000 });
const countOf = (database: Libsql.Database, table: string) =>
  Number((database.prepare(`select count(*) as n from ${table}`).get() as { n: unknown }).n);

/** The folder's files, those of SQLite beside the open database aside. */
const files = () => readdirSync(folder.path).filter((name) => !/^app\.db-(wal|shm)$/.test(name));

/** Some megabytes, so that a copy takes a while. */
function fillAudit(rows = 4_000): void {
  const database = open();
  database.exec(`
    insert into audit (id, at, event, user_id, request_id, details)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
    select 'old-' || i, 0, 'e', 'u', '-', hex(randomblob(1500)) from n`);
  database.close();
}

/** Signs a user in and connects it, in one transaction. */
function addUser(database: Libsql.Database, id: string): void {
  database.exec(`
    begin immediate;
    insert into sessions (id_hash, user_id, created_at, seen_at) values ('${id}', '${id}', 0, 0);
    insert into connections (provider, user_id, sealed_tokens, version, connected_at, updated_at, lease_until, cooldown_until)
      values ('sonar', '${id}', hex(randomblob(2000)), '${id}', 0, 0, 0, 0);
    commit;`);
}

/**
 * Two connections that write in turn until they are stopped. Pages go from the `-wal` into the file after a few writes already, as they do during
 * the copy of a much larger file.
 */
function startWriters() {
  const writers = [open(), open()];
  for (const writer of writers) writer.exec("pragma wal_autocheckpoint = 10");
  const written = { users: 0 };
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      for (const writer of writers) addUser(writer, `user-${written.users++}`);
      await turn();
    }
  })();
  return {
    written,
    async stop() {
      isStopped = true;
      await running;
      for (const writer of writers) writer.close();
    },
  };
}

describe("backups of a SQLite file that is written meanwhile", () => {
  it("are intact, hold each transaction wholly or not at all, and are the database of a site that starts", async () => {
    fillAudit();
    const writers = startWriters();
    for (const name of ["1.db", "2.db", "3.db", "4.db"]) {
      const before = writers.written.users;
      const { exitCode, output } = await backup(inFolder(name));
      const after = writers.written.users;
      expect(output).toMatch(
        new RegExp(
          String.raw`^Database: .*/app\.db\nBackup: ${inFolder(name)}, \d+\.\d MB, complete and checked\.\nIt holds .*TOKEN_ENCRYPTION_KEY`,
        ),
      );
      expect(exitCode).toBe(0);
      const copy = open(name);
      expect(copy.prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
      expect(countOf(copy, "audit")).toBe(4_000);
      const users = countOf(copy, "sessions");
      expect(countOf(copy, "connections")).toBe(users);
      // All that was there when the command was called, and nothing of after it.
      expect(users).toBeGreaterThanOrEqual(before);
      expect(users).toBeLessThan(after);
      copy.close();
    }
    await writers.stop();
    const { kysely } = await openDatabase(`file:${inFolder("4.db")}`);
    expect(await isMigrated(kysely)).toBe(true);
    await kysely.updateTable("sessions").set({ seen_at: 1 }).execute();
    await kysely.destroy();
  });

  it("can be read by their owner alone from their first byte on, and have their name when they are complete", async () => {
    fillAudit();
    const umask = process.umask(0);
    const command = commands.start("backup", [inFolder("b.db")], env);
    process.umask(umask);
    const seen = new Set<string>();
    let code: number | null | undefined;
    void command.exitCode.then((it) => (code = it));
    while (code === undefined) {
      for (const name of files())
        if (name !== "app.db")
          seen.add(
            `${name} ${((lstatSync(inFolder(name), { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777).toString(8)}`,
          );
      if (existsSync(inFolder("b.db"))) expect(statSync(inFolder("b.db")).size).toBeGreaterThan(12_000_000);
      await turn();
    }
    expect(code).toBe(0);
    expect([...seen].filter((one) => !one.endsWith(" 600"))).toEqual([]);
    expect(seen).toContain("b.db.part 600");
    expect(files()).toEqual(["app.db", "b.db"]);
    expect(statSync(inFolder("b.db")).mode & 0o777).toBe(0o600);
  });

  it("that are killed leave nothing that looks like one, and the next one says what is there", async () => {
    fillAudit();
    const command = commands.start("backup", [inFolder("b.db")], env);
    const part = inFolder("b.db.part");
    while ((lstatSync(part, { throwIfNoEntry: false })?.size ?? 0) === 0) await turn();
    command.kill("SIGKILL");
    expect(await command.exitCode).toBeNull();
    expect(files()).not.toContain("b.db");
    const { exitCode, output } = await backup(inFolder("b.db"));
    expect(output).toContain(
      `No backup was made: ${part} is there: another backup to this file is being made, or was interrupted. If none is being made, delete it.\n`,
    );
    expect(exitCode).toBe(1);
  });
});

describe("a backup is not made", () => {
  const refused = async (says: string, name = "b.db") => {
    const { exitCode, output } = await backup(inFolder(name));
    expect(output).toBe(`Database: ${inFolder("app.db")}\nNo backup was made: ${says}\n`);
    expect(exitCode).toBe(1);
  };

  it("over a file that is there, or a link that leads nowhere", async () => {
    writeFileSync(inFolder("b.db"), "mine");
    symlinkSync(inFolder("nothing"), inFolder("link.db"));
    for (const name of ["b.db", "link.db", "app.db"])
      await refused(`${inFolder(name)} is there already, and was not changed. Name a new file.`, name);
    expect(readFileSync(inFolder("b.db"), "utf8")).toBe("mine");
    expect(files()).toEqual(["app.db", "b.db", "link.db"]);
  });

  it.each(["absent/b.db", "app.db/b.db"])("into a folder that is none: %s", async (name) => {
    await refused(`there is no folder ${join(inFolder(name), "..")}. Make it, or correct the path.`, name);
    expect(files()).toEqual(["app.db"]);
  });

  it("of a database that another process keeps locked", async () => {
    // Not one that this process has had open before: it could still hold a lock of its own.
    const first = open();
    first.prepare("vacuum into ?").run(inFolder("held.db"));
    first.close();
    const holder = open("held.db");
    holder.exec("begin exclusive");
    env["DATABASE_URL"] = `file:${inFolder("held.db")}`;
    const { exitCode, output } = await backup(inFolder("b.db"));
    expect(output).toContain(
      "No backup was made: another process keeps the database locked. End that one, or wait for it. (SQLITE_BUSY)\n",
    );
    expect(exitCode).toBe(1);
    holder.close();
    expect(files().filter((name) => !name.startsWith("held"))).toEqual(["app.db"]);
  });

  it("where the disk takes a part of it only", async () => {
    fillAudit();
    // A limit for the size of a file stands for the end of a disk.
    const limited = `ulimit -f 4000; exec "$0" commands/backup.mjs "$1"`;
    const program = `process.exitCode = require("node:child_process").spawnSync("sh", ${JSON.stringify(["-c", limited, process.execPath, inFolder("b.db")])}, { stdio: "inherit" }).status`;
    const command = startServerProcess({ args: ["-e", program], env, cwd: commands.folder });
    expect(await command.exitCode).toBe(1);
    expect(command.logs()).toMatch(/No backup was made: .* Name a file on another disk\. \(SQLITE_IOERR\)\n$/);
    expect(files()).toEqual(["app.db"]);
  });

  it("of a database whose index lacks rows, which its pages do not show", async () => {
    const INDEX = "from sqlite_schema where name = 'sessions_user'";
    const without = open();
    const row = without.prepare(`select rootpage, sql ${INDEX}`).get() as { rootpage: number; sql: string };
    without.exec(`pragma writable_schema = on; delete ${INDEX}`);
    without.close();
    const writer = open();
    addUser(writer, "a");
    writer.exec("pragma writable_schema = on");
    writer
      .prepare("insert into sqlite_schema values ('index', 'sessions_user', 'sessions', ?, ?)")
      .run(row.rootpage, row.sql);
    writer.close();
    await refused(`the database is malformed, and so was its copy: row 1 missing from index sessions_user. ${RESTORE}`);
    expect(files()).toEqual(["app.db"]);
  });

  it("of a file that is no database, or of another one", async () => {
    writeFileSync(inFolder("other.db"), "no database, ".repeat(1_000));
    env["DATABASE_URL"] = `file:${inFolder("other.db")}`;
    expect((await backup(inFolder("b.db"))).output).toContain(`the database is malformed (SQLITE_NOTADB). ${RESTORE}`);
    open("empty.db").close();
    writeFileSync(inFolder("empty.db"), "");
    env["DATABASE_URL"] = `file:${inFolder("empty.db")}`;
    expect((await backup(inFolder("b.db"))).output).toContain("has none of the site's tables. Correct DATABASE_URL.");
    env["DATABASE_URL"] = `file:${inFolder("absent.db")}`;
    expect((await backup(inFolder("b.db"))).output).toContain("Start the site once, or correct the path.");
    expect(files()).toEqual(["app.db", "empty.db", "other.db"]);
  });

  it("of a Postgres, for which there are other ways", async () => {
    env["DATABASE_URL"] = "postgres://owner:canary-password@127.0.0.1:9/app";
    expect(await backup(inFolder("b.db"))).toEqual({
      exitCode: 1,
      output:
        "Database: 127.0.0.1:9/app\nNo backup was made: this database is a Postgres, which is backed up with pg_dump or by its host.\n",
    });
    expect(files()).toEqual(["app.db"]);
  });

  it.each([
    ["without a name", [], "FILE is missing."],
    ["with an empty name", [""], "FILE is missing."],
    ["with two", ["a.db", "b.db"], "Unexpected argument 'b.db'."],
    ["under a name that SQLite would read as a part of another file", ["app.db-wal"], "Name another file."],
  ])("%s", async (_how, args, says) => {
    const { exitCode, output } = await backup(...args);
    expect(output).toContain(says);
    expect(exitCode).toBe(2);
  });
});

it("a backup can be made before the migrations of an update", async () => {
  const { kysely } = await openDatabase(env["DATABASE_URL"] ?? "");
  await sql`delete from kysely_migration where name = ${LAST_MIGRATION}`.execute(kysely);
  await kysely.destroy();
  expect(await backup(inFolder("b.db"))).toMatchObject({ exitCode: 0 });
});
