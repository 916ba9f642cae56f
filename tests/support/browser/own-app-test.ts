import { join } from "node:path";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { expect, test as base } from "@/tests/support/browser/browser-test";
import { freePort } from "@/tests/support/local-server";
import type { TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** Short enough to wait for in a test, long enough for an upstream that does answer (milliseconds). */
const UPSTREAM_TIMEOUT_MS = 2_000;

/** An app whose process and SQLite file a test may change. */
export interface OwnApp {
  url: string;
  databaseFile: string;
  /** Kills the process (`kill -9`) and starts it again with the same settings. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an app that gives up on a silent upstream after two seconds. */
async function startOwnApp({ port: sandboxPort, rpcUrl }: TestSandboxWithChain): Promise<OwnApp> {
  const folder = temporaryFolder();
  const databaseFile = join(folder.path, "app.db");
  const env = appEnvironment({ databaseUrl: `file:${databaseFile}`, sandboxPort, rpcUrl });
  const port = await freePort();
  const start = () => startApp({ port, env: { ...env, UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS) } });
  let process: AppProcess = await start();
  const killAndRestart = async () => {
    process.kill("SIGKILL");
    await process.exitCode;
    process = await start();
  };
  const stop = async () => {
    await process.stop();
    folder.remove();
  };
  return { url: process.url, databaseFile, killAndRestart, stop };
}

interface OwnAppFixtures {
  /** In place of `app`; pages are relative to it. */
  ownApp: OwnApp;
}

/** Playwright's `test` for tests that would disturb other users of the app. */
export const test = base.extend<object, OwnAppFixtures>({
  ownApp: [
    async ({ sandbox }, use) => {
      const ownApp = await startOwnApp(sandbox);
      await use(ownApp);
      await ownApp.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ ownApp }, use) => use(ownApp.url),
});

export { expect };
