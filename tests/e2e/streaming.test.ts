import type { Page } from "@playwright/test";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { layoutShift, watchLayoutShift } from "@/tests/support/browser/page-observers";
import { shownText } from "@/tests/support/browser/shown-text";
import type { TestSandbox } from "@/tests/support/sandbox/test-sandbox";

// Tall enough for the whole page: shifts outside the viewport are not counted.
const SIZES = { desktop: { width: 1280, height: 1_200 }, phone: { width: 390, height: 1_400 } };

/** A fifth of the limit for "good" (https://web.dev/articles/cls): a list may be a row longer than its skeleton, no more. */
const STILL = 0.02;

/** Loads the page with answers that arrive one after the other, each visibly later than the shell. */
async function loadSlowly(page: Page, sandbox: TestSandbox): Promise<void> {
  const { control } = sandbox;
  await control.setFault({ endpoint: "/externalapi.MyProfile", latencyMs: 2_000 });
  await control.setFault({ endpoint: "/externalapi.ListAvailableEntities", latencyMs: 3_000 });
  await control.setFault({ endpoint: "/externalapi.ReadEntityInvestmentHistory", latencyMs: 4_000 });
  await watchLayoutShift(page);
  await page.goto("/", { waitUntil: "commit" });
  await expect(page.getByText("Loading your entities.")).toBeAttached();
  await expect(page.getByRole("main").getByText("Ada Lovelace")).toBeHidden();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await expect(shownText(page, "Analytical Engines")).toBeVisible();
  await page.waitForLoadState("networkidle");
}

for (const [name, viewport] of Object.entries(SIZES)) {
  test.describe(`on a ${name}`, () => {
    test.use({ viewport });

    test("the shell comes first, and nothing shifts when the answers arrive", async ({
      page,
      context,
      app,
      sandbox,
    }) => {
      await connectContext(context, app.url);
      await loadSlowly(page, sandbox);
      const { sum, shifts } = await layoutShift(page);
      expect(sum, JSON.stringify(shifts)).toBeLessThan(STILL);
    });

    test("nothing shifts when everything arrives at once", async ({ page, context, app }) => {
      await connectContext(context, app.url);
      await watchLayoutShift(page);
      await page.goto("/");
      await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
      await page.waitForLoadState("networkidle");
      const { sum, shifts } = await layoutShift(page);
      expect(sum, JSON.stringify(shifts)).toBeLessThan(STILL);
    });
  });
}

test("nothing shifts for a visitor either", async ({ page }) => {
  await watchLayoutShift(page);
  await page.goto("/");
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  await page.waitForLoadState("networkidle");
  const { sum, shifts } = await layoutShift(page);
  expect(sum, JSON.stringify(shifts)).toBeLessThan(STILL);
});
