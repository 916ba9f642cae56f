import { chmodSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { BENCH_TIME, instanceOn } from "@/tests/support/database/store-bench";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const KEY = { provider: "sonar", userId: "ada" } as const;

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => folder.remove());

it("is made with its folder, which only its owner can open", async () => {
  const { kysely } = await openDatabase(`file:${join(folder.path, "a", "app.db")}`);
  await migrate(kysely);
  await kysely.destroy();
  expect(statSync(join(folder.path, "a")).mode & 0o777).toBe(0o700);
});

it("is made for its owner only in a folder that others can open, and one that is there keeps its mode", async () => {
  const file = join(folder.path, "app.db");
  chmodSync(folder.path, 0o755);
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const made = await openDatabase(`file:${file}`);
  await migrate(made.kysely);
  expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual(["600", "600", "600"]);
  await made.kysely.destroy();
  chmodSync(file, 0o640);
  const { kysely } = await openDatabase(`file:${file}`);
  expect(modeOf(file)).toBe("640");
  await kysely.destroy();
});

it("keeps everybody connected across a restart", async () => {
  const url = `file:${join(folder.path, "app.db")}`;
  const keys = [encryptionKey()];
  const before = instanceOn(await openDatabase(url), keys, () => BENCH_TIME);
  await migrate(before.database.kysely);
  await before.sessions.create("session", "ada");
  await before.tokens.set(KEY, { accessToken: "a" }, "session");
  await before.database.kysely.destroy();
  const after = instanceOn(await openDatabase(url), keys, () => BENCH_TIME);
  expect(await after.sessions.read("session")).toEqual({ userId: "ada" });
  expect(await after.tokens.get(KEY)).toMatchObject({ tokens: { accessToken: "a" } });
  await after.database.kysely.destroy();
});

it("shows no secret in the bytes on the disk", async () => {
  const { database, sessions, tokens, transactions } = instanceOn(
    await openDatabase(`file:${join(folder.path, "app.db")}`),
    [encryptionKey()],
    () => BENCH_TIME,
  );
  await migrate(database.kysely);
  await sessions.create("session", "ada");
  await tokens.set(KEY, { accessToken: "canary-a", refreshToken: "canary-r" }, "session");
  const transaction = { ...KEY, codeVerifier: "canary-v", redirectUri: "r", returnTo: "/", expiresAt: BENCH_TIME };
  await transactions.setPKCEVerifier("canary-state", transaction);
  const bytes = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)).toString("latin1"));
  expect(bytes.join("")).toContain("ada");
  expect(bytes.join("")).not.toContain("canary");
  await database.kysely.destroy();
});

it("is opened without asking the name server for the process's connections, which Node's report would do", async () => {
  const { kysely } = await openDatabase(`file:${join(folder.path, "app.db")}`);
  expect(process.report.getReport()).not.toHaveProperty("header.networkInterfaces");
  await kysely.destroy();
});
