import { join } from "node:path";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { expect, test as base } from "@/tests/support/browser/browser-test";
import { freePort } from "@/tests/support/local-server";
import type { TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** An app whose process and SQLite file a test may change. */
export interface OwnApp {
  url: string;
  databaseFile: string;
  /** Kills the process (`kill -9`) and starts it again with the same settings. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

async function startOwnApp(
  { port: sandboxPort, rpcUrl }: TestSandboxWithChain,
  settings: Readonly<Record<string, string>>,
): Promise<OwnApp> {
  const folder = temporaryFolder();
  const databaseFile = join(folder.path, "app.db");
  const env = appEnvironment({ databaseUrl: `file:${databaseFile}`, sandboxPort, rpcUrl });
  const port = await freePort();
  const start = () => startApp({ port, env: { ...env, ...settings } });
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
  /**
   * The app's time limit for an answer of an upstream: short enough to wait for in a test, long enough for one that does answer. A test
   * without a silent upstream sets the app's default, for slow machines (milliseconds).
   */
  upstreamTimeoutMs: number;
  /** In place of `app`; pages are relative to it. */
  ownApp: OwnApp;
}

/** Playwright's `test` for tests that would disturb other users of the app. */
export const test = base.extend<object, OwnAppFixtures>({
  upstreamTimeoutMs: [2_000, { scope: "worker", option: true }],
  ownApp: [
    async ({ sandbox, upstreamTimeoutMs }, use) => {
      const ownApp = await startOwnApp(sandbox, { UPSTREAM_TIMEOUT_MS: String(upstreamTimeoutMs) });
      await use(ownApp);
      await ownApp.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ ownApp }, use) => use(ownApp.url),
});

export { expect };
