import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, vi, type TestContext } from "vitest";
import { openDatabase } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import {
  appUser,
  credentialsEnvironment,
  openAppBench,
  outdateTokens,
  startUpstream,
  storedConnections,
  type AppStore,
} from "@/tests/support/app/app-bench";
import { appUrl, isListening, requireProductionBuild, startCommand } from "@/tests/support/app/app-process";
import { connectAs, signIn } from "@/tests/support/app/http-browser";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** Milliseconds. */
const PATIENCE = { timeout: 20_000 };

async function openStore({ onTestFinished }: TestContext, url: string, key = ""): Promise<AppStore> {
  const database = await openDatabase(url);
  onTestFinished(() => database.kysely.destroy());
  return { database, tokens: new SqlTokenStore(database, createSealer([key])) };
}

/** Starts the app with a command and connects a user. */
async function startWith(test: TestContext, command: readonly [string, ...string[]]) {
  const { onTestFinished } = test;
  requireProductionBuild();
  const port = await freePort();
  const url = appUrl(port);
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const upstream = await startUpstream(url);
  onTestFinished(() => upstream.close());
  const databaseUrl = `file:${folder.path}/app.db`;
  const env = credentialsEnvironment(upstream, databaseUrl);
  const app = startCommand(command, { NODE_ENV: "production", __NEXT_PROCESSED_ENV: "1", APP_URL: url, ...env });
  // All processes end, even after a failed test.
  onTestFinished(() => app.endAll());
  const answered = async () => expect((await fetch(`${url}/api/health`)).status, app.logs()).toBe(200);
  await vi.waitFor(answered, PATIENCE);
  const user = appUser(url);
  await signIn(user.browser, url);
  await connectAs(user.browser, url);
  return { port, app, upstream, user, store: await openStore(test, databaseUrl, env["TOKEN_ENCRYPTION_KEY"]) };
}

async function expiryOf(store: AppStore): Promise<number> {
  const [key] = await storedConnections(store);
  return (key && (await store.tokens.get(key)))?.tokens.expiresAt ?? 0;
}

/** Sends the beginning of a request, and keeps the connection. */
async function openConnection({ onTestFinished }: TestContext, port: number, sent: string): Promise<Socket> {
  const socket = connect(port, "localhost");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  // The server may reset it.
  socket.on("error", () => undefined);
  if (sent) socket.write(sent);
  return socket;
}

const HEALTH = "GET /api/health HTTP/1.1\r\nHost: localhost\r\n";

/** Connections as browsers and load balancers keep them. Node alone would wait for the first three without an end. */
const KEPT = [
  "",
  HEALTH,
  "POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nreturnTo=",
  `${HEALTH}\r\n`,
];

describe.each([
  ["npm start", ["npm", "start"]],
  ["node scripts/next.mjs start", [process.execPath, "scripts/next.mjs", "start"]],
] as const)("%s", (_name, command) => {
  const SIGNALS = ["SIGTERM", "SIGINT"] as const;

  it.concurrent.for(SIGNALS)("takes %s, ends what it is at, and leaves nothing", async (signal, test) => {
    const { port, app, upstream, user, store } = await startWith(test, command);
    // Longer than most balancers keep theirs.
    expect((await fetch(`${appUrl(port)}/api/health`)).headers.get("keep-alive")).toBe("timeout=75");
    await outdateTokens(store);
    const hold = upstream.gate.hold(ECHO.refresh);
    const waiting = user.call("getProfile", {});
    await hold.arrived;
    await Promise.all(KEPT.map((sent) => openConnection(test, port, sent)));

    app.kill(signal);
    // It has received the signal once it accepts no connections any more.
    await vi.waitFor(async () => expect(await isListening(port), "still takes connections").toBe(false), PATIENCE);
    // In a container the end of this process ends all others, so it must not end before the server.
    expect(app.hasEnded()).toBe(false);
    hold.release();

    expect(await waiting).toMatchObject({ ok: true, data: { EmailAddress: "ada@example.com" } });
    await app.ended;
    expect(await isListening(port)).toBe(false);
    expect(await expiryOf(store)).toBeGreaterThan(Date.now() / 1_000);
  });
});

describe("a server that is told to end", () => {
  /** A user's call that the upstream holds back until the test lets it go. */
  async function withCallInFlight({ onTestFinished }: TestContext, settings: Readonly<Record<string, string>>) {
    const bench = await openAppBench(settings);
    onTestFinished(() => bench.close());
    const user = await bench.connected();
    await outdateTokens(bench);
    const hold = bench.gate.hold(ECHO.refresh);
    const answer = user.call("getProfile", {}).catch(() => "cut off");
    await hold.arrived;
    return { bench, hold, answer };
  }

  it("is not ready at once, and goes on serving until balancers have noticed", async ({ onTestFinished }) => {
    const bench = await openAppBench({ SHUTDOWN_DRAIN_MS: "5000" });
    onTestFinished(() => bench.close());
    expect((await fetch(`${bench.app.url}/api/health?ready`)).status).toBe(200);
    bench.app.kill("SIGTERM");
    await vi.waitFor(async () => {
      const answer = await fetch(`${bench.app.url}/api/health?ready`);
      expect([answer.status, await answer.json()]).toEqual([503, { live: true, ready: false }]);
    }, PATIENCE);
    expect((await fetch(`${bench.app.url}/api/health`)).status).toBe(200);
    expect((await fetch(bench.app.url)).status).toBe(200);
    expect((await bench.signedIn()).browser).toBeDefined();
    expect(await bench.app.exitCode).toBe(0);
  });

  it("finishes what it is at, stores the tokens, and ends as it should", async (test) => {
    const { bench, hold, answer } = await withCallInFlight(test, {});
    bench.app.kill("SIGTERM");
    await vi.waitFor(async () => expect(await isListening(Number(new URL(bench.app.url).port))).toBe(false), PATIENCE);
    hold.release();
    expect(await answer).toMatchObject({ ok: true });
    expect(await bench.app.exitCode).toBe(0);
    expect(await expiryOf(bench)).toBeGreaterThan(Date.now() / 1_000);
    expect(bench.app.logs()).not.toMatch(/"level":[45]0/);
  });

  it("ends after SHUTDOWN_MS whatever is left, and says so in one line", async (test) => {
    const { bench, answer } = await withCallInFlight(test, { SHUTDOWN_MS: "1000" });
    bench.app.kill("SIGTERM");
    expect(await bench.app.exitCode).toBe(1);
    expect(await answer).toBe("cut off");
    const errors = bench.app
      .logs()
      .split("\n")
      .filter((line) => line.includes('"level":50'));
    expect(errors.map((line) => JSON.parse(line).msg)).toEqual(["shutdown.timeout"]);
  });

  it.for(["SIGTERM", "SIGINT"] as const)("ends at once when %s comes a second time", async (signal, test) => {
    const settings = { SHUTDOWN_MS: "600000", UPSTREAM_TIMEOUT_MS: "50000" };
    const { bench, answer } = await withCallInFlight(test, settings);
    let ended = false;
    void bench.app.exitCode.then(() => (ended = true));
    // Signals within a moment count as one: a key press arrives twice under npm.
    await vi.waitFor(
      () => {
        if (!ended) bench.app.kill(signal);
        expect(ended).toBe(true);
      },
      { ...PATIENCE, interval: 100 },
    );
    expect(await answer).toBe("cut off");
  });
});
