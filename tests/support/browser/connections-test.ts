import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { startApp } from "@/tests/support/app/app-process";
import { expect, test as base } from "@/tests/support/browser/browser-test";
import { startTestProviders, type TestProviders } from "@/tests/support/sandbox/test-providers";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** The connections page and the connection to a provider, by the names that a user reads. */
export class ConnectionsPage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/connections");
  }

  card(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async signIn(): Promise<void> {
    await this.button("Sign in").click();
    await this.button("Connect OnceHub").waitFor();
  }

  /** Goes to a provider's consent page and stops there. */
  async begin(name: string): Promise<void> {
    await this.button(`Connect ${name}`).click();
    await this.button("Approve").waitFor();
  }

  /** Approves as the chosen persona. Ends in the app. */
  async approve(): Promise<void> {
    await this.button("Approve").click();
    await this.page.waitForURL((url) => url.hostname === "localhost");
  }

  async connect(name: string): Promise<void> {
    await this.begin(name);
    await this.approve();
    await this.card(name.replace("with ", "")).getByText("Connected", { exact: true }).waitFor();
  }
}

interface WorkerFixtures {
  /** Reset before every test. */
  providers: TestProviders;
}

interface TestFixtures {
  connections: ConnectionsPage;
  freshProviders: void;
}

/** Playwright's `test` with an app that also has its own OnceHub, Interact and Rakomi of the sandbox. */
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
