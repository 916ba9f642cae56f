import type { BrowserContext } from "@playwright/test";
import { expect, test as base, collectPageProblems } from "@/tests/support/browser/browser-test";

interface SecondBrowserFixtures {
  /** Another browser at the same app: its cookies are its own. Its pages must be as healthy as the first one's. */
  secondBrowser: BrowserContext;
}

/** Playwright's `test` with two browsers. */
export const test = base.extend<SecondBrowserFixtures>({
  secondBrowser: async ({ browser }, use) => {
    const context = await browser.newContext();
    const problems = await collectPageProblems(context);
    await use(context);
    await context.close();
    expect(problems, "errors, policy violations and outside requests of the second browser").toEqual([]);
  },
});

export { expect };
