import { expect, test as base } from "@/tests/support/browser-test";
import { startOwnApp, type OwnApp } from "@/tests/support/own-app";

interface OwnAppFixtures {
  /** In place of `app`; pages are relative to it. */
  ownApp: OwnApp;
}

/** Playwright's `test` for what cannot be done to an app that other tests use as well. */
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
