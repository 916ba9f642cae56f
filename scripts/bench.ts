import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApp } from "@/tests/support/app/app-process";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { connectAs, signIn, HttpBrowser } from "@/tests/support/app/http-browser";
import { startTestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";
import { readContract } from "@/lib/chain/read-sale";
import { chainSettings } from "@/lib/config/chain";
import { deadlineIn } from "@/lib/http/deadline";
import { createSealer, sha256 } from "@/lib/stores/seal";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { SqlSessionStore } from "@/lib/stores/sql-session-store";
import { SqlTokenStore } from "@/lib/token-store";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";

interface Row {
  what: string;
  "median ms": string;
  "95 % ms": string;
}

/** Runs something a number of times, one after another, after a warm-up. */
async function measure(what: string, times: number, run: () => Promise<unknown>): Promise<Row> {
  for (let i = 0; i < times / 10; i++) await run();
  const durations: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await run();
    durations.push(performance.now() - started);
  }
  durations.sort((a, b) => a - b);
  const at = (part: number) => (durations[Math.floor(durations.length * part)] ?? 0).toFixed(3);
  return { what, "median ms": at(0.5), "95 % ms": at(0.95) };
}

/** The stores alone; DATABASE_URL measures a Postgres instead of a SQLite file. */
async function benchStores(folder: string): Promise<Row[]> {
  const url = process.env.DATABASE_URL || `file:${join(folder, "stores.db")}`;
  const database = await openDatabase(url);
  await migrate(database.kysely);
  const sessions = new SqlSessionStore(database);
  const tokens = new SqlTokenStore(database, createSealer([randomBytes(32).toString("base64")]));
  const idHash = sha256(randomBytes(32).toString("hex"));
  const key = { provider: "sonar", userId: `bench-${idHash}` } as const;
  const set = { accessToken: "a".repeat(800), refreshToken: "r".repeat(64), expiresAt: 2_000_000_000 };
  await sessions.create(idHash, key.userId);
  const rows = [
    await measure("store: connect (set tokens)", 500, () => tokens.set(key, set, idHash)),
    await measure("store: read a session", 1_000, () => sessions.read(idHash)),
    await measure("store: read tokens (open the seal)", 1_000, () => tokens.get(key)),
  ];
  await tokens.clear(key);
  await sessions.revoke(idHash);
  await database.kysely.destroy();
  return rows;
}

/** The work of `/api/sale` when its memory is too old. */
async function readSandboxSale(sandboxPort: number, rpcUrl: string): Promise<void> {
  const chain = chainSettings({ RPC_URLS: [rpcUrl] }, { port: sandboxPort, chainId: SANDBOX_DEFAULT_CHAIN_ID });
  if (!chain) throw new Error("The sandbox has no chain.");
  const state = await readContract(chain, SANDBOX_SALE_UUID, deadlineIn(10_000));
  if (!state.ok) throw new Error(state.error.code);
}

/** The production build, as one user sees it, with a sandbox that answers at once. */
async function benchApp(folder: string): Promise<Row[]> {
  const sandbox = await startTestSandboxWithChain();
  const databaseUrl = `file:${join(folder, "app.db")}`;
  const limits = { RATE_READS_PER_MINUTE: "100000", RATE_CONNECT_PER_MINUTE: "100000" };
  const { port: sandboxPort, rpcUrl } = sandbox;
  const app = await startApp({ env: { ...appEnvironment({ databaseUrl, sandboxPort, rpcUrl }), ...limits } });
  const load = (browser: HttpBrowser, path: string) => async () => (await browser.get(new URL(path, app.url))).text();
  try {
    const visitor = new HttpBrowser();
    const user = new HttpBrowser();
    await signIn(user, app.url);
    await connectAs(user, app.url);
    return [
      await measure("page, signed out: whole document", 200, load(visitor, "/")),
      await measure("page, connected: whole document with entities", 200, load(user, "/")),
      await measure("GET /api/commitments", 200, load(visitor, "/api/commitments")),
      await measure("GET /api/sale", 200, load(visitor, "/api/sale")),
      await measure("the sale's state, read from the chain", 100, () => readSandboxSale(sandboxPort, rpcUrl)),
      await measure("connect, consent, callback", 50, () => connectAs(user, app.url)),
    ];
  } finally {
    await app.stop();
    await sandbox.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "bench-"));
try {
  console.table([...(await benchStores(folder)), ...(await benchApp(folder))]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
