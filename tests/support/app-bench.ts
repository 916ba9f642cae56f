import { createSealer } from "@/lib/seal";
import type { Result } from "@/lib/result";
import type { TokenStore } from "@/lib/stores/contracts";
import { openDatabase, type Database } from "@/lib/stores/database";
import { SqlTokenStore } from "@/lib/stores/sql-token-store";
import { SANDBOX_CLIENT_UUID, SANDBOX_SALE_UUID } from "@/sandbox/constants";
import { appEnvironment } from "@/tests/support/app-environment";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app-process";
import { callAction } from "@/tests/support/call-action";
import { connectAs, signIn } from "@/tests/support/connect-over-http";
import { freePort } from "@/tests/support/free-ports";
import { HttpBrowser } from "@/tests/support/http-browser";
import { emptyTables } from "@/tests/support/store-bench";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { startTestSandbox, type TestSandbox } from "@/tests/support/test-sandbox";
import { startUpstreamGate, type UpstreamGate } from "@/tests/support/upstream-gate";

/** Somebody who uses the app over HTTP. */
export interface AppUser {
  browser: HttpBrowser;
  call<T>(action: string, ...args: unknown[]): Promise<Result<T>>;
}

/** A sandbox and, in front of it, a gate. */
export interface Upstream {
  sandbox: TestSandbox;
  gate: UpstreamGate;
  close(): Promise<void>;
}

/** The production build on a database file, with an upstream of its own that it takes for Echo. */
export interface AppBench extends Upstream {
  app: AppProcess;
  env: Readonly<Record<string, string>>;
  /** The app's own database, and the file it is in. */
  database: Database;
  databaseFile: string;
  tokens: TokenStore;
  signedIn(): Promise<AppUser>;
  connected(persona?: string): Promise<AppUser>;
  /** How many requests the sandbox has had at one of its endpoints. */
  requestsTo(path: string): Promise<number>;
  /** Sandbox and database as just started. */
  reset(): Promise<void>;
}

/** Starts what an app at `appUrl` connects to. */
export async function startUpstream(appUrl: string): Promise<Upstream> {
  const sandbox = await startTestSandbox({ redirectUris: [`${appUrl}/oauth/callback`] });
  const gate = await startUpstreamGate(sandbox.origin);
  // The sandbox first: it lets go of what hangs.
  const close = () => sandbox.close().then(() => gate.close());
  return { sandbox, gate, close };
}

/** The environment of an app with Sonar credentials. Echo's API is behind the gate; people go to its pages directly. */
export function credentialsEnvironment({ sandbox, gate }: Upstream, databaseUrl: string): Record<string, string> {
  return {
    ...appEnvironment({ databaseUrl, sandboxPort: sandbox.port }),
    SANDBOX: "0",
    SONAR_CLIENT_UUID: SANDBOX_CLIENT_UUID,
    SONAR_SALE_UUID: SANDBOX_SALE_UUID,
    SONAR_API_URL: gate.origin,
    SONAR_FRONTEND_URL: sandbox.origin,
  };
}

/** A browser, and the app it has open. */
export function appUser(url: string, browser = new HttpBrowser()): AppUser {
  return { browser, call: (action, ...args) => callAction(browser, url, action, ...args) };
}

/** Starts an app with `settings` beside the usual environment. */
export async function openAppBench(settings: Readonly<Record<string, string>> = {}): Promise<AppBench> {
  const port = await freePort();
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
