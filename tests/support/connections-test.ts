import { join } from "node:path";
import { appEnvironment } from "@/tests/support/app-environment";
import { startApp } from "@/tests/support/app-process";
import { expect, test as base } from "@/tests/support/browser-test";
import { ConnectionsPage } from "@/tests/support/connections-page";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import { startTestProviders, type TestProviders } from "@/tests/support/test-providers";

interface WorkerFixtures {
  /** Reset before every test. */
  providers: TestProviders;
}

interface TestFixtures {
  connections: ConnectionsPage;
  freshProviders: void;
}

/** Playwright's `test` with an app that has the sandbox's OnceHub, Interact and Rakomi to itself as well. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  providers: [
    async ({}, use) => {
      const providers = await startTestProviders();
      await use(providers);
      await providers.close();
    },
    { scope: "worker" },
  ],
  app: [
    async ({ sandbox, providers }, use) => {
      const folder = temporaryFolder();
      const databaseUrl = `file:${join(folder.path, "app.db")}`;
      const services = { sandboxPort: sandbox.port, rpcUrl: sandbox.rpcUrl, providers: providers.addresses };
      const env = { ...appEnvironment({ databaseUrl, ...services }), UPSTREAM_TIMEOUT_MS: "3000" };
      const app = await startApp({ env });
      await providers.register(app.url);
      await use(app);
      await app.stop();
      folder.remove();
    },
    { scope: "worker" },
  ],
  freshProviders: [
    async ({ providers }, use) => {
      await providers.reset();
      await use();
    },
    { auto: true },
  ],
  connections: async ({ page }, use) => use(new ConnectionsPage(page)),
});

export { expect };
