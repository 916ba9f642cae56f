import { join } from "node:path";
import type { Page } from "@playwright/test";
import { appEnvironment } from "@/tests/support/app-environment";
import { startApp } from "@/tests/support/app-process";
import { expect, test as base } from "@/tests/support/browser-test";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/test-sandbox";

interface ChainFixtures {
  /** `sandbox`, with the chain that the app is on. */
  chainSandbox: TestSandboxWithChain;
}

/** Playwright's `test` with an app whose sale is on a real chain. */
export const test = base.extend<object, ChainFixtures>({
  chainSandbox: [
    async ({}, use) => {
      const sandbox = await startTestSandboxWithChain();
      await use(sandbox);
      await sandbox.close();
    },
    { scope: "worker" },
  ],
  sandbox: [async ({ chainSandbox }, use) => use(chainSandbox), { scope: "worker" }],
  app: [
    async ({ chainSandbox: { port, rpcUrl } }, use) => {
      const folder = temporaryFolder();
      try {
        const env = appEnvironment({ databaseUrl: `file:${join(folder.path, "app.db")}`, sandboxPort: port });
        const app = await startApp({ env: { ...env, RPC_URLS: rpcUrl, PUBLIC_RPC_URLS: rpcUrl } });
        await use(app);
        await app.stop();
      } finally {
        folder.remove();
      }
    },
    { scope: "worker" },
  ],
});

/** Chooses a wallet in the page's dialog, by its name. */
export async function connectWallet(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Connect wallet" }).click();
  await page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
}

export { expect };
