import type { APIRequestContext } from "@playwright/test";
import { serveApp, expect, test as base } from "@/tests/support/browser/browser-test";

interface SaleWorkerFixtures {
  /** What the app says of a sale that nothing has happened to. */
  untouchedSale: string;
}

interface SaleFixtures {
  saleAsAtFirst: void;
}

/** What the app says of the sale's contract, but for the clock, as text. */
async function shownSale(request: APIRequestContext, appUrl: string): Promise<string> {
  const answer: unknown = await (await request.get(`${appUrl}/api/sale`)).json();
  return JSON.stringify(answer, (key, value: unknown) => (key === "blockTime" ? undefined : value));
}

/**
 * Playwright's `test` for what changes the sale. The app remembers the sale for some seconds, longer than the sandbox needs to be
 * reset: so it is an app that other tests do not use, and each test begins once it has seen the reset contract.
 */
export const test = base.extend<SaleFixtures, SaleWorkerFixtures>({
  app: [async ({ sandbox }, use) => serveApp(sandbox, use), { scope: "worker" }],
  untouchedSale: [
    async ({ app, playwright }, use) => {
      const request = await playwright.request.newContext();
      await use(await shownSale(request, app.url));
      await request.dispose();
    },
    { scope: "worker" },
  ],
  saleAsAtFirst: [
    async ({ healthyPages: _reset, context, app, untouchedSale }, use) => {
      await expect.poll(() => shownSale(context.request, app.url)).toBe(untouchedSale);
      await use();
    },
    { auto: true },
  ],
});

export { expect };
