import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { sandboxClient } from "@/lib/config/sandbox";
import { openDatabase, type Database } from "@/lib/stores/database";
import { createSealer, keyIdOf } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import {
  appUser,
  credentialsEnvironment,
  outdateTokens,
  startUpstream,
  storedConnections,
  type AppUser,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { connectAs, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { migrateDatabase } from "@/tests/support/database/databases";
import { emptyTables, sharedEngines } from "@/tests/support/database/store-bench";
import { freePort } from "@/tests/support/local-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";
import { startTestProviders, type TestProviders } from "@/tests/support/sandbox/test-providers";

const CREDENTIALS = {
  ONCEHUB_CLIENT_ID: sandboxClient("oncehub").clientId,
  ONCEHUB_CLIENT_SECRET: sandboxClient("oncehub").clientSecret,
  RAKOMI_CLIENT_ID: sandboxClient("rakomi").clientId,
  RAKOMI_CLIENT_SECRET: sandboxClient("rakomi").clientSecret,
};

const [OLD, NEW] = [encryptionKey(), encryptionKey()];
const NEW_ID = keyIdOf(createSealer([NEW]).prefixes[0] ?? "");
const REVOCATION = "/oauth/revoke";
const DAY_MS = 24 * 60 * 60 * 1_000;
const NOT_CONNECTED = { ok: false, error: { code: "connection/not_connected" } };
const SIGNED_OUT = { ok: false, error: { code: "session/missing" } };

/** Milliseconds. */
const PATIENCE = { timeout: 20_000, interval: 50 };

describe.each(sharedEngines)("an operator's commands while users are active, on $name", ({ newPlace }) => {
  let commands: OperatorCommands;
  let providers: TestProviders;
  let upstream: Upstream;
  let env: Record<string, string>;
  let app: AppProcess;
  let database: Database;

  beforeAll(async () => {
    commands = await compileOperatorCommands();
    const place = await newPlace();
    if (place.url.startsWith("postgres")) await migrateDatabase(place.url);
    const port = await freePort();
    providers = await startTestProviders();
    upstream = await startUpstream(appUrl(port));
    env = {
      ...credentialsEnvironment(upstream, place.url),
      ...CREDENTIALS,
      ...providers.addresses,
      APP_URL: appUrl(port),
      TOKEN_ENCRYPTION_KEY: `${NEW},${OLD}`,
      RATE_READS_PER_MINUTE: "100000",
      // Longer than a command takes to start on a busy machine.
      UPSTREAM_TIMEOUT_MS: "40000",
    };
    app = await startApp({ env, port });
    await providers.register(app.url);
    database = await openDatabase(place.url);
    return async () => {
      await app.stop();
      await database.kysely.destroy();
      await upstream.close();
      await providers.close();
      place.remove();
      commands.remove();
    };
  });

  beforeEach(async () => {
    await upstream.sandbox.control.reset({ grants: true });
    await providers.reset();
    await emptyTables(database);
  });

  const run = (name: string, ...args: string[]) => commands.run(name, args, env);
  const refreshes = async () => (await upstream.sandbox.control.requests(ECHO.refresh)).length;
  const sealing = (...keys: string[]) => ({ database, tokens: new SqlTokenStore(database, createSealer(keys)) });

  async function keysInUse(): Promise<(string | undefined)[]> {
    const rows = await database.kysely.selectFrom("connections").select("sealed_tokens").execute();
    return rows.map(({ sealed_tokens }) => keyIdOf(sealed_tokens));
  }

  /** A connected user, with the id in the database. */
  async function connected(): Promise<AppUser & { id: string }> {
    const user = appUser(app.url);
    const before = await storedConnections({ database });
    await signIn(user.browser, app.url);
    await connectAs(user.browser, app.url);
    const after = await storedConnections({ database });
    const own = after.find(({ userId }) => !before.some((other) => other.userId === userId));
    return { ...user, id: own?.userId ?? "" };
  }

  async function connectTo(provider: string, { browser }: AppUser): Promise<void> {
    const consent = redirectOf(await browser.submit(`${app.url}/auth/connect/${provider}`));
    if (!consent) throw new Error(`${provider} was not begun`);
    await browser.get(await approve(consent));
  }

  /** Lets users read without a break. Returns the function that ends it, and tells how many reads there were and which failed. */
  function keepBusy(users: readonly AppUser[]): () => Promise<{ reads: number; failed: unknown[] }> {
    let isOver = false;
    let reads = 0;
    const failed: unknown[] = [];
    const loops = users.map(async ({ call }) => {
      while (!isOver) {
        const answer = await call("getProfile", {});
        reads += 1;
        if (!answer.ok) failed.push(answer.error.code);
      }
    });
    return async () => {
      isOver = true;
      await Promise.all(loops);
      return { reads, failed };
    };
  }

  /** Begins a read that must refresh first, and lets the refresh hang until `release`. */
  async function hangingRefresh(user: AppUser) {
    const hold = upstream.gate.hold(ECHO.refresh);
    const answer = user.call("getProfile", {});
    await hold.arrived;
    return { answer, release: hold.release };
  }

  describe("rotating the key", () => {
    it("loses nobody's connection, while tokens are refreshed all the time", async () => {
      await upstream.sandbox.control.setTokenLifetime(4);
      const users = [await connected(), await connected(), await connected()];
      await outdateTokens(sealing(OLD, NEW));
      const end = keepBusy(users);
      await vi.waitFor(async () => expect(await refreshes()).toBeGreaterThan(0), PATIENCE);
      const idle = await connected();
      const key = { provider: "sonar", userId: idle.id };
      const { tokens } = sealing(OLD, NEW);
      const stored = await tokens.get(key);
      if (!stored) throw new Error("not connected");
      await tokens.replace(key, stored.version, stored.tokens);
      const { exitCode, output } = await run("keys", "rotate");
      const sinceRotation = await refreshes();
      await vi.waitFor(async () => expect(await refreshes()).toBeGreaterThan(sinceRotation), PATIENCE);
      const { failed } = await end();
      expect(failed).toEqual([]);
      expect(output).toMatch(/Sealed with the first key: [1-9].*At this moment, nothing is left.*once every instance/s);
      expect(exitCode).toBe(0);
      expect(await keysInUse()).toEqual([...users, idle].map(() => NEW_ID));
      for (const { call } of [...users, idle]) expect(await call("getProfile", {})).toMatchObject({ ok: true });
    });

    it("lets a refresh end that hangs meanwhile, and keeps its tokens", async () => {
      const user = await connected();
      await outdateTokens(sealing(OLD, NEW));
      const { answer, release } = await hangingRefresh(user);
      expect((await run("keys", "rotate")).output).toContain("Sealed with the first key: 1 row(s).");
      release();
      expect(await answer).toMatchObject({ ok: true });
      expect(await keysInUse()).toEqual([NEW_ID]);
      expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
      expect(await refreshes()).toBe(1);
    });
  });

  describe("revoking connections", () => {
    it("of a user lets a refresh that hangs meanwhile write nothing back, and leaves others alone", async () => {
      const [user, other] = [await connected(), await connected()];
      await outdateTokens(sealing(NEW));
      const { answer, release } = await hangingRefresh(user);
      const { exitCode, output } = await run("connections", "revoke", "--user", user.id);
      release();
      expect(await answer).toMatchObject(NOT_CONNECTED);
      expect(output).toMatch(/Deleted here: 1\.\n.*provider: 0\n.*deleted only.*: 1\n.*not revoked.*: 0\n$/s);
      expect(exitCode).toBe(0);
      expect(await storedConnections({ database })).toEqual([{ provider: "sonar", userId: other.id }]);
      expect(await user.call("getProfile", {})).toMatchObject(NOT_CONNECTED);
      expect(await other.call("getProfile", {})).toMatchObject({ ok: true });
      await connectAs(user.browser, app.url);
      expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
    });

    it("of everybody revokes them where the provider has a way, and counts the others", async () => {
      const users = [await connected(), await connected()];
      for (const user of users) {
        await connectTo("rakomi", user);
        await connectTo("oncehub", user);
      }
      const end = keepBusy(users);
      const { exitCode, output } = await run("connections", "revoke", "--all", "--yes");
      const { failed } = await end();
      expect(output).toMatch(/Deleted here: 6\.\n.*provider: 2\n.*deleted only.*: 4\n.*not revoked.*: 0\n$/s);
      expect(exitCode).toBe(0);
      expect(await storedConnections({ database })).toEqual([]);
      expect(await providers.rakomi.requests(REVOCATION)).toHaveLength(2);
      expect(new Set(failed)).toEqual(new Set(["connection/not_connected"]));
    });

    it("to one provider leaves the others, and fails if it does not answer, although all are deleted", async () => {
      const user = await connected();
      await connectTo("rakomi", user);
      await providers.rakomi.setFault({ endpoint: REVOCATION, effect: { kind: "status", status: 503 } });
      const { exitCode, output } = await run("connections", "revoke", "--provider", "rakomi");
      expect(output).toMatch(/Deleted here: 1\.\n.*provider: 0\n.*deleted only.*: 0\n.*not revoked.*: 1\n/s);
      expect(output).toContain("stay valid at their provider until they expire");
      expect(exitCode).toBe(1);
      expect(await storedConnections({ database })).toEqual([{ provider: "sonar", userId: user.id }]);
    });

    it("deletes what a key has sealed that is not there, too", async () => {
      const user = await connected();
      // The app does not have the key that seals.
      await outdateTokens(sealing(encryptionKey(), NEW, OLD));
      const { output } = await run("connections", "revoke", "--user", user.id);
      expect(output).toMatch(/Deleted here: 1\.\n.*provider: 0\n.*deleted only.*: 1\n/s);
      expect(await storedConnections({ database })).toEqual([]);
    });

    it("is preceded by a list without tokens", async () => {
      const user = await connected();
      await connectTo("rakomi", user);
      const { exitCode, output } = await run("connections", "list", "--user", user.id);
      expect(output).toMatch(/^rakomi +connected at 20\S+Z\nsonar +connected at 20\S+Z$/m);
      expect(exitCode).toBe(0);
      expect((await run("connections", "list", "--user", "nobody")).output).toContain(
        "This user has no connections.\n",
      );
    });
  });

  describe("ending sessions", () => {
    it("of a user signs them out at their next request, and nobody else", async () => {
      const [user, other] = [await connected(), await connected()];
      const end = keepBusy([other]);
      expect(await run("sessions", "revoke", "--user", user.id)).toEqual({
        exitCode: 0,
        output: expect.stringContaining("Sessions ended: 1.\n"),
      });
      expect(await user.call("getProfile", {})).toMatchObject(SIGNED_OUT);
      expect((await end()).failed).toEqual([]);
    });

    it("of everybody signs everybody out, who can sign in again", async () => {
      const users = [await connected(), await connected()];
      const end = keepBusy(users);
      expect(await run("sessions", "revoke", "--all", "--yes")).toEqual({
        exitCode: 0,
        output: expect.stringContaining("Sessions ended: 2.\n"),
      });
      for (const { call } of users) expect(await call("getProfile", {})).toMatchObject(SIGNED_OUT);
      expect(new Set((await end()).failed)).toEqual(new Set(["session/missing"]));
      const again = await connected();
      expect(await again.call("getProfile", {})).toMatchObject({ ok: true });
    });
  });

  it("sweeping deletes what has ended from every table, and nothing of those who are active", async () => {
    const user = await connected();
    const end = keepBusy([user]);
    const [now, past] = [Date.now(), Date.now() - 30 * DAY_MS];
    const { kysely } = database;
    const gone = { provider: "sonar", user_id: "gone", sealed_tokens: "x", connected_at: past, updated_at: past };
    await kysely
      .insertInto("connections")
      .values({ ...gone, version: "gone", lease_until: 0, cooldown_until: 0 })
      .execute();
    const sessions = ["a", "b"].map((id_hash) => ({ id_hash, user_id: "gone", created_at: past, seen_at: past }));
    await kysely.insertInto("sessions").values(sessions).execute();
    const request = { provider: "sonar", user_id: "gone", redirect_uri: "", return_to: "/", sealed_verifier: null };
    await kysely
      .insertInto("transactions")
      .values({ ...request, state_hash: "old", expires_at: past })
      .execute();
    await kysely
      .insertInto("transactions")
      .values({ ...request, state_hash: "new", expires_at: now })
      .execute();
    await kysely.insertInto("rates").values({ key: "old", window_start: past, count: 1 }).execute();
    const { exitCode, output } = await run("sweep");
    expect((await end()).failed).toEqual([]);
    for (const line of [/sessions +2 /, /transactions +1 /, /connections +1 /, /rates +1 /])
      expect(output).toMatch(line);
    expect(exitCode).toBe(0);
    expect(await storedConnections({ database })).toEqual([{ provider: "sonar", userId: user.id }]);
    expect(await kysely.selectFrom("transactions").select("state_hash").execute()).toContainEqual({
      state_hash: "new",
    });
  });
});
