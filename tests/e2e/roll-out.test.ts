import type { Page } from "@playwright/test";
import { SalePage } from "@/tests/support/browser/browser-test";
import { expect, test } from "@/tests/support/browser/purchase-test";

/** As an instance of another build answers: it has none of this page's scripts. Returns a way back to the page's own build. */
async function serveOtherBuild(page: Page): Promise<() => Promise<void>> {
  const scripts = "**/_next/static/**/*.js";
  await page.route(scripts, (route) => route.fulfill({ status: 404, body: "Not Found" }));
  return () => page.unroute(scripts);
}

test.use({ expectedProblems: [/status of 404 .*\/_next\/static\//] });

test("a page whose scripts were asked of another build says so, and reloads", async ({ page }) => {
  const rolledOut = await serveOtherBuild(page);
  await page.goto("/");
  const notice = page.getByRole("alert").filter({ hasText: "This page did not load completely" });
  await expect(notice).toBeVisible();
  await rolledOut();
  await notice.getByRole("link", { name: "Reload this page" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(notice).toBeHidden();
});

test("a page that was opened before a roll-out offers to reload where its code is gone", async ({ page }) => {
  const sale = new SalePage(page);
  await sale.connectAs("Ada Lovelace");
  await expect(page.getByRole("alert").filter({ hasText: "did not load completely" })).toBeHidden();
  const rolledOut = await serveOtherBuild(page);
  await page.getByRole("main").getByRole("button", { name: "Connect wallet" }).click();
  await expect(page.getByText("Wallet support could not be loaded.")).toBeVisible();
  await rolledOut();
  await page.getByRole("button", { name: "Reload this page" }).click();
  await page.getByRole("main").getByRole("button", { name: "Connect wallet" }).click();
  await expect(page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ })).toBeVisible();
});
