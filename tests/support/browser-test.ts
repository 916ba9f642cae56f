import { join } from "node:path";
import { expect, test as base } from "@playwright/test";
import { appEnvironment } from "@/tests/support/app-environment";
import { startApp, type AppProcess } from "@/tests/support/app-process";
import { collectPageProblems } from "@/tests/support/page-problems";
import { SalePage } from "@/tests/support/sale-page";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/test-sandbox";

interface WorkerFixtures {
  /** Reset before every test. */
  sandbox: TestSandboxWithChain;
  /** The production build on a SQLite file of its own, connected to `sandbox`. */
  app: AppProcess;
}

interface TestFixtures {
  salePage: SalePage;
  /** Problems that a test provokes on purpose; all others fail it. Set with `test.use`. */
  expectedProblems: readonly RegExp[];
  healthyPages: void;
}

/** Starts the app on a SQLite file of its own, with `settings` beside the usual environment, for as long as `use` takes. */
export async function serveApp(
  { port: sandboxPort, rpcUrl }: TestSandboxWithChain,
  use: (app: AppProcess) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = temporaryFolder();
  try {
    const app = await startApp({
      env: {
        ...appEnvironment({ databaseUrl: `file:${join(folder.path, "app.db")}`, sandboxPort, rpcUrl }),
        ...settings,
      },
    });
    await use(app);
    await app.stop();
  } finally {
    folder.remove();
  }
}

/** Playwright's `test` with an app and a sandbox to themselves, which fails on any error that a page shows only to developers. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  sandbox: [
    async ({}, use) => {
      const sandbox = await startTestSandboxWithChain();
      await use(sandbox);
      await sandbox.close();
    },
    { scope: "worker" },
  ],
  app: [async ({ sandbox }, use) => serveApp(sandbox, use), { scope: "worker" }],
  baseURL: async ({ app }, use) => use(app.url),
  expectedProblems: [[], { option: true }],
  healthyPages: [
    async ({ context, sandbox, expectedProblems }, use) => {
      await sandbox.control.reset();
      const problems = await collectPageProblems(context);
      await use();
      const unexpected = problems.filter((problem) => !expectedProblems.some((pattern) => pattern.test(problem)));
      expect(unexpected, "errors, policy violations and outside requests of the pages").toEqual([]);
    },
    { auto: true },
  ],
  salePage: async ({ page }, use) => use(new SalePage(page)),
});

export { expect };
