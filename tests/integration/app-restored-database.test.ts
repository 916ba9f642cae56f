import { randomBytes } from "node:crypto";
import { copyFileSync, rmSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "@/lib/stores/database";
import { entityId } from "@/sandbox/echo/personas/persona";
import {
  appUser,
  credentialsEnvironment,
  startUpstream,
  storedConnections,
  type AppUser,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { acceptTerms, WALLET } from "@/tests/support/app/call-action";
import { connectAs, signIn } from "@/tests/support/app/http-browser";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const PAUSED = { ok: false, error: { code: "sale/paused_by_site" } };
const SIGNED_OUT = { ok: false, error: { code: "session/missing" } };

describe("a database that is restored from a backup of before a revocation and a pause", () => {
  let commands: OperatorCommands;
  let upstream: Upstream;
  let folder: ReturnType<typeof temporaryFolder>;
  let env: Record<string, string>;
  let port: number;
  let app: AppProcess;
  let thief: AppUser;

  beforeAll(async () => {
    commands = await compileOperatorCommands();
    port = await freePort();
    upstream = await startUpstream(appUrl(port));
    return async () => {
      await upstream.close();
      commands.remove();
    };
  });

  const run = async (name: string, ...args: string[]) => (await commands.run(name, args, env)).output;
  const start = async (settings: Record<string, string> = {}) => {
    app = await startApp({ env: { ...env, ...settings }, port });
  };
  const restart = async (settings: Record<string, string> = {}) => {
    await app.stop();
    await start(settings);
  };
  const permitOf = (user: AppUser) =>
    user.call("generatePurchasePermit", { entityID: entityId("ada"), walletAddress: WALLET });

  async function connected(): Promise<AppUser> {
    const user = appUser(app.url);
    await signIn(user.browser, app.url);
    await connectAs(user.browser, app.url, "ada");
    await acceptTerms(user.browser, app.url, entityId("ada"));
    return user;
  }

  /** As the documents say: what SQLite has not moved into the file that is replaced is of that one, too. */
  function restore(): void {
    for (const part of ["", "-wal", "-shm"]) rmSync(`${folder.path}/app.db${part}`, { force: true });
    copyFileSync(`${folder.path}/backup.db`, `${folder.path}/app.db`);
  }

  beforeEach(async () => {
    await upstream.sandbox.control.reset({ grants: true });
    folder = temporaryFolder();
    env = {
      ...credentialsEnvironment(upstream, `file:${folder.path}/app.db`),
      APP_URL: appUrl(port),
      RATE_PERMIT_PER_MINUTE: "1000",
    };
    await start();
    thief = await connected();
    expect(await run("backup", `${folder.path}/backup.db`)).toContain("complete and checked.");
    await run("sale", "pause", "--note", "tokens have leaked");
    await run("sessions", "revoke", "--all", "--yes");
    await run("connections", "revoke", "--all", "--yes");
    expect(await permitOf(thief)).toMatchObject(SIGNED_OUT);
    await app.stop();
    restore();
  });
  afterEach(async () => {
    await app.stop();
    folder.remove();
  });

  it("has neither, which is why the documents name an order", async () => {
    await start();
    expect(await run("sale", "status")).toContain("No command has paused commitments.");
    expect(await permitOf(thief)).toMatchObject({ ok: true });
  });

  it("gives the old cookie nothing, and nobody a permit, in the order that the documents name", async () => {
    await start({ SALE_PAUSED: "1" });
    expect(await permitOf(thief)).toMatchObject(PAUSED);
    expect(await run("sessions", "revoke", "--all", "--yes")).toContain("Sessions ended: 1.");
    expect(await run("connections", "revoke", "--all", "--yes")).toContain("Deleted here: 1.");
    expect(await permitOf(thief)).toMatchObject(SIGNED_OUT);
    // Nor does it connect again.
    await expect(connectAs(thief.browser, app.url, "ada")).rejects.toThrow();
    await run("sale", "pause", "--note", "restored");
    await restart();
    expect(await run("sale", "status")).toMatch(/paused since .*Note: restored/);
    expect(await permitOf(thief)).toMatchObject(SIGNED_OUT);
    const user = await connected();
    expect(await permitOf(user)).toMatchObject(PAUSED);
    await run("sale", "resume");
    expect(await permitOf(user)).toMatchObject({ ok: true });
    expect(await permitOf(thief)).toMatchObject(SIGNED_OUT);
  });

  it("opens for no cookie of before once SESSION_SECRET is another", async () => {
    await start({ SESSION_SECRET: randomBytes(32).toString("base64url") });
    expect(await permitOf(thief)).toMatchObject(SIGNED_OUT);
    const database = await openDatabase(env["DATABASE_URL"] ?? "");
    // The rows are still there, for connections to be revoked.
    expect(await storedConnections({ database })).toHaveLength(1);
    await database.kysely.destroy();
  });
});
