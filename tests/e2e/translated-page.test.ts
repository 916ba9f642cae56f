import { translatePages, type Translator } from "@/tests/support/browser/hostile-browser";
import { expect, test } from "@/tests/support/browser/purchase-test";
import { SalePage } from "@/tests/support/browser/browser-test";
import { connectWallet } from "@/tests/support/browser/connect-browser";

const TRANSLATORS: readonly Translator[] = [
  { from: "the loaded page", honoursNo: false },
  { from: "the first byte", honoursNo: false },
  { from: "the first byte", honoursNo: true },
];

for (const translator of TRANSLATORS) {
  const name = `from ${translator.from}${translator.honoursNo ? " that leaves out what it should" : ""}`;
  test(`a page translator ${name} breaks no step of the purchase, and the figures stay right`, async ({
    page,
    context,
    purchase,
    sandbox,
  }) => {
    await translatePages(context, translator);
    const sale = new SalePage(page);
    await sale.connectAs("Ada Lovelace");
    await connectWallet(page, "Sandbox wallet");
    await purchase.amount.fill("12.5");
    await expect(purchase.submit).toHaveText("Commit 12.50 USDC");
    await purchase.amount.fill("125.5");
    await expect(purchase.submit).toHaveText("Commit 125.50 USDC");
    const paid = purchase.form.locator("dl > div dd").first();
    await expect(paid).toHaveText("125.50 USDC");
    await purchase.submit.click();
    await expect(purchase.confirmed).toBeVisible();
    await expect(purchase.position).toContainText("125.50 USDC");
    await purchase.closeReceipt();

    await purchase.commit("4.6");
    await expect(purchase.position).toContainText("130.10 USDC");
    await expect(purchase.position).not.toContainText("125.50");
    await expect(purchase.form.locator("dl > div dd", { hasText: "130.10 USDC" })).toBeVisible();

    await sandbox.control.chain.setStage("Cancellation");
    const cancel = page.getByRole("button", { name: "Cancel commitment" });
    await purchase.reloadUntil(cancel);
    await cancel.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("130.10 USDC");
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await cancel.click();
    await page.getByRole("button", { name: "Cancel permanently" }).click();
    await expect(page.getByRole("heading", { name: "Your commitment is cancelled" })).toBeVisible();
    await expect(purchase.position).toContainText("Paid back");
  });
}
