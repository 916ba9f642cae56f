import { SANDBOX_CLIENT_UUID, SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { ownSamples } from "@/lib/config/own-settings";
import type { TokenSet } from "@/lib/oauth/provider";
import { openDatabase } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import type { HttpBrowser } from "@/tests/support/app/http-browser";
import { beginConnect, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { startBenchUpstream, type BenchUpstream } from "@/tests/support/bench/upstream";
import { createDatabaseOn, startPostgres } from "@/tests/support/database/postgres";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** Where a site keeps its sessions and tokens. */
export type DatabaseKind = "SQLite" | "Postgres";

/** The production build with an upstream of its own. */
export interface BenchSite {
  app: AppProcess;
  env: Readonly<Record<string, string>>;
  upstream: BenchUpstream;
  close(): Promise<void>;
}

/** Things to undo, the latest first. */
type Undo = (() => unknown)[];

async function openDatabaseOf(kind: DatabaseKind, undo: Undo): Promise<string> {
  if (kind === "Postgres") {
    const postgres = await startPostgres();
    undo.unshift(() => postgres.stop());
    return createDatabaseOn(postgres.url);
  }
  const folder = temporaryFolder();
  undo.unshift(() => folder.remove());
  return `file:${folder.path}/app.db`;
}

/** The limits are for one person at one address: here, all visitors have the same. */
const NO_LIMITS = {
  RATE_READS_PER_MINUTE: "100000",
  RATE_CONNECT_PER_MINUTE: "100000",
  RATE_PERMIT_PER_MINUTE: "1000",
};

/** Starts it, as a site with Sonar credentials. `heapLimitMb`: lets the process tell its live memory. */
export async function startBenchSite(kind: DatabaseKind = "SQLite", heapLimitMb?: number): Promise<BenchSite> {
  const undo: Undo = [];
  const close = async () => {
    for (const step of undo.splice(0)) await step();
  };
  try {
    const port = await freePort();
    const databaseUrl = await openDatabaseOf(kind, undo);
    const upstream = await startBenchUpstream(`${appUrl(port)}/oauth/callback`);
    undo.unshift(() => upstream.close());
    const env = {
      ...ownSamples,
      ...appEnvironment({ databaseUrl, sandboxPort: Number(new URL(upstream.pages).port), rpcUrl: upstream.rpcUrl }),
      ...NO_LIMITS,
      SANDBOX: "0",
      MIGRATE_ON_START: "1",
      SONAR_CLIENT_UUID: SANDBOX_CLIENT_UUID,
      SONAR_SALE_UUID: SANDBOX_SALE_UUID,
      SONAR_API_URL: upstream.origin,
      SONAR_FRONTEND_URL: upstream.pages,
      SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
      SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
    };
    const app = await startApp({ port, env, ...(heapLimitMb !== undefined && { heapLimitMb }) });
    undo.unshift(() => app.stop());
    return { app, env, upstream, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Signs a browser in, connects it and opens the start page, as a person does by hand. Returns that page's HTML. */
export async function connectPerson(browser: HttpBrowser, url: string, persona = "ada"): Promise<string> {
  await signIn(browser, url);
  const consent = await beginConnect(browser, url);
  // The first page gives the browser its entities.
  await (await browser.get(consent)).text();
  const form = { ...Object.fromEntries(consent.searchParams), persona, decision: "approve" };
  const callback = redirectOf(await browser.submit(new URL(consent.pathname, consent), form));
  if (!callback) throw new Error("The consent page did not redirect");
  const home = redirectOf(await browser.get(callback));
  if (!home) throw new Error("The callback did not redirect");
  return (await browser.get(home)).text();
}

/** A stored connection: its tokens, and how to replace them. */
export interface StoredConnection {
  tokens: TokenSet;
  replace(tokens: TokenSet): Promise<unknown>;
}

/** Does something with a site's only connection, in its database. */
export async function onlyConnection<T>(
  { env }: BenchSite,
  work: (stored: StoredConnection) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(env["DATABASE_URL"] ?? "");
  try {
    const store = new SqlTokenStore(database, createSealer([env["TOKEN_ENCRYPTION_KEY"] ?? ""]));
    const query = database.kysely.selectFrom("connections").select(["provider", "user_id"]);
    const { provider, user_id: userId } = await query.executeTakeFirstOrThrow();
    const key = { provider, userId };
    const stored = await store.get(key);
    if (!stored) throw new Error("The connection does not open");
    return await work({ tokens: stored.tokens, replace: (tokens) => store.replace(key, stored.version, tokens) });
  } finally {
    await database.kysely.destroy();
  }
}
