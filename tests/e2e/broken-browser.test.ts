import { SalePage } from "@/tests/support/browser/browser-test";
import { connectWallet } from "@/tests/support/browser/connect-browser";
import { breakPages, shiftClock } from "@/tests/support/browser/hostile-browser";
import { expect, test } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";

for (const how of ["missing", "throwing", "rejecting"] as const) {
  test(`a browser whose storage, observers, channels, locks and clipboard are ${how} lacks a comfort and no step`, async ({
    page,
    context,
    purchase,
    sandbox,
  }) => {
    await breakPages(context, how);
    const sale = new SalePage(page);
    await sale.connectAs("Ada Lovelace");
    await connectWallet(page, "Sandbox wallet");
    await purchase.commit("１２５．５");
    await expect(purchase.position).toContainText("125.50 USDC");

    await page
      .getByRole("banner")
      .getByRole("button", { name: /^Wallet 0x/ })
      .click();
    await page.getByText("Copy address").click();
    await expect(page.getByText("could not be copied")).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Colours" }).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");

    await sandbox.control.chain.setStage("Cancellation");
    const cancel = page.getByRole("button", { name: "Cancel commitment" });
    await expect(cancel).toBeVisible({ timeout: 30_000 });
    await cancel.click();
    await page.getByRole("button", { name: "Cancel permanently" }).click();
    await expect(page.getByRole("heading", { name: "Your commitment is cancelled" })).toBeVisible();
  });
}

test.describe("with a clock that is a day ahead, on the other side of the world", () => {
  test.use({ timezoneId: "Pacific/Kiritimati" });

  test("a commitment is new, and the listed ones are as old as for everybody", async ({
    page,
    context,
    app,
    purchase,
  }) => {
    await shiftClock(context, 24 * 60 * 60_000);
    await purchase.openAs(context, app.url, "ada");
    await purchase.commit("125.5");
    const own = page.getByRole("listitem").filter({ hasText: "Confirmed, not yet listed" });
    await expect(own.getByRole("time")).toHaveText(/^now/);
  });
});

test.describe("without a network", () => {
  test.use({ expectedProblems: [/ERR_INTERNET_DISCONNECTED/] });

  test("each press says so, what was typed stays, and nothing is sent later by itself", async ({
    page,
    context,
    purchase,
    openAs,
  }) => {
    await openAs("ada");
    await purchase.amount.fill("125.5");
    await context.setOffline(true);
    await purchase.submit.click();
    await expect(shownText(page, "This site could not be reached.").first()).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("banner").getByRole("alert")).toBeVisible();
    await expect(purchase.amount).toHaveValue("125.5");

    const refreshed = page.waitForResponse((response) => response.url().endsWith("/api/sale"));
    await context.setOffline(false);
    await refreshed;
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await expect(purchase.position).toHaveCount(0);
    await expect(purchase.amount).toHaveValue("125.5");
    await purchase.submit.click();
    await expect(purchase.confirmed).toBeVisible();
  });
});
