import { expect, vi } from "vitest";
import { ownSamples } from "@/lib/config/own-settings";
import { SANDBOX_CLIENT_UUID, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import type { TokenSet } from "@/lib/oauth/provider";
import type { Result } from "@/lib/result";
import type { ConnectionKey, TokenStore } from "@/lib/stores/contracts";
import { openDatabase, type Database } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { callAction } from "@/tests/support/app/call-action";
import { connectAs, HttpBrowser, signIn } from "@/tests/support/app/http-browser";
import { startUpstreamGate, type UpstreamGate } from "@/tests/support/app/upstream-gate";
import { emptyTables } from "@/tests/support/database/store-bench";
import { freePort } from "@/tests/support/local-server";
import { startTestSandbox, type TestSandbox } from "@/tests/support/sandbox/test-sandbox";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** A user of the app over HTTP. */
export interface AppUser {
  browser: HttpBrowser;
  call<T>(action: string, ...args: unknown[]): Promise<Result<T>>;
}

/** A sandbox with a gate in front of it. */
export interface Upstream {
  sandbox: TestSandbox;
  gate: UpstreamGate;
  close(): Promise<void>;
}

/** The production build on a database file, with an upstream of its own in Echo's place. */
export interface AppBench extends Upstream {
  app: AppProcess;
  env: Readonly<Record<string, string>>;
  /** The app's own database, and the file it is in. */
  database: Database;
  databaseFile: string;
  tokens: TokenStore;
  signedIn(): Promise<AppUser>;
  /** A user who is connected and has accepted the terms. */
  connected(persona?: string): Promise<AppUser>;
  /** The number of requests to one of the sandbox's endpoints. */
  requestsTo(path: string): Promise<number>;
  /** Resets sandbox and database. */
  reset(): Promise<void>;
}

/** Starts the upstream of an app at `appUrl`. */
export async function startUpstream(appUrl: string): Promise<Upstream> {
  const sandbox = await startTestSandbox({ redirectUris: [`${appUrl}/oauth/callback`] });
  const gate = await startUpstreamGate(sandbox.origin);
  // The sandbox closes first, which ends requests that hang.
  const close = () => sandbox.close().then(() => gate.close());
  return { sandbox, gate, close };
}

/** The environment of an app with Sonar credentials. Echo's API is behind the gate; browsers open its pages directly. */
export function credentialsEnvironment({ sandbox, gate }: Upstream, databaseUrl: string): Record<string, string> {
  return {
    ...ownSamples,
    ...appEnvironment({ databaseUrl, sandboxPort: sandbox.port }),
    SANDBOX: "0",
    SONAR_CLIENT_UUID: SANDBOX_CLIENT_UUID,
    SONAR_SALE_UUID: SANDBOX_SALE_UUID,
    SONAR_API_URL: gate.origin,
    SONAR_FRONTEND_URL: sandbox.origin,
  };
}

/** A browser that has the app open. */
export function appUser(url: string, browser = new HttpBrowser()): AppUser {
  return { browser, call: (action, ...args) => callAction(browser, url, action, ...args) };
}

/** Waits until an app is ready for requests, or until it says that it is not. */
export async function expectReady(url: string, ready: boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      const answer = await fetch(`${url}/api/health?ready`);
      expect([answer.status, await answer.json()]).toEqual([ready ? 200 : 503, { live: true, ready }]);
    },
    { timeout: 20_000, interval: 100 },
  );
}

/** Starts an app with `settings` beside the usual environment, at a port that is known before if `settings` must name it. */
export async function openAppBench(
  settings: Readonly<Record<string, string>> = {},
  wantedPort?: number,
): Promise<AppBench> {
  const port = wantedPort ?? (await freePort());
  const url = appUrl(port);
  const upstream = await startUpstream(url);
  const folder = temporaryFolder();
  const databaseFile = `${folder.path}/app.db`;
  const env = { ...credentialsEnvironment(upstream, `file:${databaseFile}`), ...settings };
  const app = await startApp({ port, env });
  const database = await openDatabase(`file:${databaseFile}`);
  const signedIn = async () => {
    const user = appUser(url);
    await signIn(user.browser, url);
    return user;
  };
  return {
    ...upstream,
    app,
    env,
    database,
    databaseFile,
    tokens: new SqlTokenStore(database, createSealer([env["TOKEN_ENCRYPTION_KEY"] ?? ""])),
    signedIn,
    async connected(persona) {
      const user = await signedIn();
      await connectAs(user.browser, url, persona);
      upstream.gate.passages.length = 0;
      return user;
    },
    requestsTo: async (path) => (await upstream.sandbox.control.requests(path)).length,
    async reset() {
      await upstream.sandbox.control.reset({ grants: true });
      await emptyTables(database);
      upstream.gate.passages.length = 0;
    },
    async close() {
      await app.stop();
      await database.kysely.destroy();
      await upstream.close();
      folder.remove();
    },
  };
}

/** An app's database, and the store that reads the tokens in it. */
export interface AppStore {
  database: Database;
  tokens: TokenStore;
}

/** The connections in the app's table. */
export async function storedConnections({ database }: Pick<AppStore, "database">): Promise<ConnectionKey[]> {
  const rows = await database.kysely.selectFrom("connections").select(["provider", "user_id"]).execute();
  return rows.map(({ provider, user_id: userId }) => ({ provider, userId }));
}

/** Changes the tokens of all connected users. */
async function rewriteTokens(store: AppStore, change: (tokens: TokenSet) => TokenSet): Promise<void> {
  for (const key of await storedConnections(store)) {
    const stored = await store.tokens.get(key);
    if (!stored) throw new Error("A stored connection does not open");
    await store.tokens.replace(key, stored.version, change(stored.tokens));
  }
}

/** Makes every access token look expired. */
export function outdateTokens(store: AppStore): Promise<void> {
  return rewriteTokens(store, (tokens) => ({ ...tokens, expiresAt: Math.floor(Date.now() / 1_000) - 1 }));
}

/** Makes every access token look almost expired: still valid, and due for a refresh. */
export function nearlyOutdateTokens(store: AppStore): Promise<void> {
  const now = Math.floor(Date.now() / 1_000);
  return rewriteTokens(store, (tokens) => ({ ...tokens, obtainedAt: now - 3_600, expiresAt: now + 30 }));
}
