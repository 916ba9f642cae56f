import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { sql } from "kysely";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readSalePause } from "@/lib/stores/settings";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { createSealer, keyIdOf, sha256 } from "@/lib/stores/seal";
import { databasePlace } from "@/scripts/database-place";
import { appEnvironment, encryptionKey } from "@/tests/support/app/app-environment";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { instanceOn, postgres, sharedEngines } from "@/tests/support/database/store-bench";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const [OLD, NEW, LOST] = [encryptionKey(), encryptionKey(), encryptionKey()];
const idOf = (key: string) => keyIdOf(createSealer([key]).prefixes[0] ?? "") ?? "";
const USERS = ["a", "b", "c", "d", "e"];
const CANARY = "canary-access-token";

let commands: OperatorCommands;
let database: Database;
let url: string;
let env: Record<string, string>;
let remove: () => void;

beforeAll(async () => {
  commands = await compileOperatorCommands();
  return () => commands.remove();
});

async function openPlace({ newPlace }: (typeof sharedEngines)[number]): Promise<void> {
  ({ url, remove } = await newPlace());
  database = await openDatabase(url);
  await migrate(database.kysely);
  env = {
    ...appEnvironment({ databaseUrl: url, sandboxPort: 1 }),
    TOKEN_ENCRYPTION_KEY: `${NEW},${OLD}`,
    APP_URL: "http://localhost:3000",
  };
}
afterEach(async () => {
  await database.kysely.destroy();
  remove();
});

async function connect(userId: string, sealing: string): Promise<void> {
  const { sessions, tokens } = instanceOn(database, [sealing], Date.now);
  await sessions.create(sha256(userId), userId);
  await tokens.set({ provider: "sonar", userId }, { accessToken: CANARY }, sha256(userId));
}

/** The ids of the keys that have sealed the connections, in the order of their users. */
async function keysInUse(): Promise<(string | undefined)[]> {
  const rows = await database.kysely.selectFrom("connections").select("sealed_tokens").orderBy("user_id").execute();
  return rows.map(({ sealed_tokens }) => keyIdOf(sealed_tokens));
}

/** What waits for a lock in this database: others of the same server have locks of their own. To be asked outside of a transaction, which sees one state only. */
const waiting = sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;

const keys = (action: string) => commands.run("keys", [action], env);

describe.each(sharedEngines)("npm run keys, on $name", (engine) => {
  beforeEach(() => openPlace(engine));

  it("counts by key, rotates, and says when nothing is left", async () => {
    for (const user of USERS) await connect(user, OLD);
    const before = await keys("status");
    expect(before.exitCode).toBe(0);
    expect(before.output).toMatch(new RegExp(`${idOf(OLD)} +5 +0 +an older key`));
    expect(before.output).toMatch(new RegExp(`${idOf(NEW)} +0 +0 +the first key`));
    const rotated = await keys("rotate");
    expect(rotated).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("Sealed with the first key: 5 row(s)."),
    });
    expect(await keysInUse()).toEqual(USERS.map(() => idOf(NEW)));
    expect((await keys("rotate")).output).toContain("Sealed with the first key: 0 row(s).");
    const all = before.output + rotated.output;
    for (const secret of [CANARY, OLD, NEW, env["SESSION_SECRET"] ?? ""]) expect(all).not.toContain(secret);
  });

  it("names the id of a key that is missing, and fails", async () => {
    await connect("a", LOST);
    await connect("b", OLD);
    const { exitCode, output } = await keys("rotate");
    expect(exitCode).toBe(1);
    expect(output).toContain("Sealed with the first key: 1 row(s).");
    expect(output).toContain(`Left: 1 row(s) of key ${idOf(LOST)}, which is not in TOKEN_ENCRYPTION_KEY.`);
    expect(await keysInUse()).toEqual([idOf(LOST), idOf(NEW)]);
  });
});

describe("a rotation on Postgres that is killed in the middle", () => {
  beforeEach(() => openPlace(postgres));

  it("has sealed a part, and another run the rest", async () => {
    for (const user of USERS) await connect(user, OLD);
    // Somebody holds the third row, so that the command stops there.
    let kill: () => void = () => undefined;
    const killed = new Promise<void>((resolve) => (kill = resolve));
    const holding = database.kysely.transaction().execute(async (transaction) => {
      await transaction.selectFrom("connections").where("user_id", "=", "c").selectAll().forUpdate().execute();
      const command = commands.start("keys", ["rotate"], env);
      await vi.waitFor(async () => expect((await waiting.execute(database.kysely)).rows).not.toEqual([]), {
        timeout: 20_000,
        interval: 20,
      });
      command.kill("SIGKILL");
      expect(await command.exitCode).toBeNull();
      kill();
    });
    await killed;
    await holding;
    const half = await keysInUse();
    expect(half.slice(0, 2)).toEqual([idOf(NEW), idOf(NEW)]);
    expect(half.slice(3)).toEqual([idOf(OLD), idOf(OLD)]);
    const { exitCode, output } = await keys("rotate");
    // The server may still have done the statement that the killed command was waiting for.
    expect(output).toMatch(/Sealed with the first key: [23] row\(s\)/);
    expect(exitCode).toBe(0);
    expect(await keysInUse()).toEqual(USERS.map(() => idOf(NEW)));
  });
});

describe("all sessions on Postgres, of which one is ended by its user meanwhile", () => {
  beforeEach(() => openPlace(postgres));

  it("are ended to the last one", async () => {
    await sql`
      insert into sessions (id_hash, user_id, created_at, seen_at)
      select lpad(i::text, 4, '0'), 'u', 0, 0 from generate_series(1, 1200) as i`.execute(database.kysely);
    const command = await database.kysely.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("sessions").where("id_hash", "=", "0001").execute();
      const started = commands.start("sessions", ["revoke", "--all", "--yes"], env);
      await vi.waitFor(async () => expect((await waiting.execute(database.kysely)).rows).not.toEqual([]), {
        timeout: 20_000,
        interval: 20,
      });
      return started;
    });
    expect(await command.exitCode).toBe(0);
    expect(command.logs()).toContain("Sessions ended: 1199.");
    expect(await database.kysely.selectFrom("sessions").select("id_hash").execute()).toEqual([]);
  });
});

describe("a command", () => {
  beforeEach(() => openPlace(sharedEngines[0] ?? postgres));

  it.each([
    ["without an action", "sale", [], "Say what to do: pause, resume, status."],
    ["with an unknown action", "keys", ["turn"], 'There is no "turn" here, only: status, rotate.'],
    ["with an unknown option", "sale", ["pause", "--force"], "Unknown option '--force'."],
    ["with an option of another action", "connections", ["list", "--all"], "Unknown option '--all'."],
    [
      "with an option that lacks its value",
      "sessions",
      ["revoke", "--user"],
      "Option '--user <value>' argument missing.",
    ],
    ["with an empty value", "sessions", ["revoke", "--user", ""], "--user has an empty value."],
    ["with a word too many", "sweep", ["now"], "Unexpected argument 'now'."],
    ["that does not say whose", "connections", ["revoke"], "Say whose: --user ID, --provider P or --all."],
    ["for a user and everybody", "sessions", ["revoke", "--all", "--user", "u"], "Say whose: --user ID, or --all."],
    ["for an unknown provider", "connections", ["revoke", "--provider", "x"], 'There is no provider "x", only: sonar,'],
    ["for everybody, if nobody can be asked", "connections", ["revoke", "--all"], "Add --yes if that is meant."],
    [
      "that signs everybody out, if nobody can be asked",
      "sessions",
      ["revoke", "--all"],
      "Add --yes if that is meant.",
    ],
  ])("%s says so, does nothing, and ends with code 2", async (_how, name, args, says) => {
    await connect("a", OLD);
    const { exitCode, output } = await commands.run(name, args, env);
    expect(output).toContain(says);
    expect(exitCode).toBe(2);
    expect(await keysInUse()).toHaveLength(1);
    expect(await database.kysely.selectFrom("sessions").selectAll().execute()).toHaveLength(1);
  });

  it.each(["sale", "connections", "sessions", "keys", "sweep", "backup"])(
    "explains itself: %s --help",
    async (name) => {
      const { exitCode, output } = await commands.run(name, ["--help"], {});
      expect(output).toContain(`npm run ${name}`);
      expect(exitCode).toBe(0);
      expect(readFileSync("package.json", "utf8")).toContain(
        `"${name}": "tsx --conditions=react-server scripts/${name}.ts"`,
      );
    },
  );

  it.each([
    ["sale", ["status"]],
    ["connections", ["revoke", "--user", "a"]],
    ["sessions", ["revoke", "--user", "a"]],
    ["keys", ["status"]],
    ["sweep", []],
  ])("that cannot reach the database names it and the way out, without its password: %s", async (name, args) => {
    const unreachable = { ...env, DATABASE_URL: "postgres://owner:canary-password@127.0.0.1:9/app" };
    const { exitCode, output } = await commands.run(name, args, unreachable);
    expect(output).toBe(
      "Database: 127.0.0.1:9/app\n" +
        "DATABASE_URL: nothing listens there. Start the database, or correct host and port. (ECONNREFUSED)\n",
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    ["sale", ["status"], "DATABASE_URL"],
    ["keys", ["status"], "TOKEN_ENCRYPTION_KEY"],
    ["connections", ["revoke", "--user", "a"], "TOKEN_ENCRYPTION_KEY"],
  ])("in a bad environment names the variable and no value: %s", async (name, args, variable) => {
    const { exitCode, output } = await commands.run(name, args, { ...env, [variable]: "canary" });
    expect(output).toContain(`  ${variable} must`);
    expect(output).not.toContain("canary");
    expect(exitCode).toBe(1);
  });

  it("uses the database of the production files, as `npm start` does, unless those of development are asked for", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder.path, ".env"), "DATABASE_URL=file:development.db\n");
    writeFileSync(join(folder.path, ".env.production.local"), `DATABASE_URL=${url}\n`);
    // As `npm run` starts it: what is compiled for an image is of production anyway.
    const pause = (mode: string) =>
      promisify(execFile)(
        resolve("node_modules/.bin/tsx"),
        ["--tsconfig", resolve("tsconfig.json"), "--conditions=react-server", resolve("scripts/sale.ts"), "pause"],
        { cwd: folder.path, env: Object.assign({ ...process.env }, { NODE_ENV: mode }) },
      );
    await expect(pause("development")).rejects.toMatchObject({
      stderr: expect.stringContaining("development.db"),
    });
    expect(await readSalePause(database)).toBeUndefined();
    await expect(pause("")).resolves.toMatchObject({ stdout: expect.stringContaining("New commitments are paused.") });
    expect(await readSalePause(database)).toBeDefined();
    folder.remove();
  });

  it.each([
    ["sale", ["status"]],
    ["connections", ["list", "--user", "a"]],
    ["sessions", ["revoke", "--user", "a"]],
    ["keys", ["status"]],
    ["audit", ["--user", "a"]],
    ["sweep", []],
  ])("names its database, without user and password: %s", async (name, args) => {
    const { exitCode, output } = await commands.run(name, args, env);
    expect(output.split("\n")).toContain(`Database: ${databasePlace(url)}`);
    expect(exitCode).toBe(0);
  });

  it("prints a note as text, whatever a terminal would obey", async () => {
    await commands.run("sale", ["pause", "--note", "\u001b[2Jgone\u202e"], env);
    expect((await commands.run("sale", ["status"], env)).output).toContain("Note: \ufffd[2Jgone\ufffd\n");
  });

  it("names it on stderr, so that a program can read the rest", async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["commands/sale.mjs", "status"], {
      cwd: commands.folder,
      env: Object.assign({}, process.env, env),
    });
    expect(stdout).toBe("No command has paused commitments.\n");
    expect(stderr).toContain(`Database: ${databasePlace(url)}\n`);
  });

  it("says that it uses the default where DATABASE_URL is not set", async () => {
    const { exitCode, output } = await commands.run("sale", ["pause"], { NODE_ENV: "production" });
    expect(output).toMatch(
      /^Database: .*\/\.data\/app\.db \(the default: DATABASE_URL is not set here\. If the site has another database, nothing of that is read or changed\)\n/,
    );
    expect(exitCode).toBe(1);
  });

  it("makes no file where the site's database should be", async () => {
    const folder = temporaryFolder();
    const { exitCode, output } = await commands.run("sale", ["pause"], {
      DATABASE_URL: `file:${folder.path}/typo.db`,
    });
    expect(output).toContain("Start the site once, or correct the path.");
    expect(exitCode).toBe(1);
    folder.remove();
  });

  it("on a database of an older version asks for the migrations", async () => {
    await sql`delete from kysely_migration where name = '0007-settings'`.execute(database.kysely);
    const { exitCode, output } = await commands.run("sale", ["pause"], env);
    expect(output).toContain("the database lacks migrations: run `npm run db:migrate` first");
    expect(exitCode).toBe(1);
  });
});
