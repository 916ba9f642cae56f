import { shortenAddress } from "@/lib/sale/hex";
import { connectWallet } from "@/tests/support/browser/connect-browser";
import { expect, FIRST_BUYER, test } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";

const FUNDS = 100_000_000_000n;

test("a commitment takes one signature and one transaction, and can be increased", async ({
  page,
  salePage,
  purchase,
  ledger,
}) => {
  await salePage.connectAs("Ada Lovelace");
  await connectWallet(page, "Sandbox wallet");
  await purchase.amount.fill("125.50");
  await expect(purchase.form.getByText("Balance 100,000.00 USDC")).toBeVisible();
  await purchase.form.getByRole("button", { name: "Commit 125.50 USDC" }).click();
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.receipt).toContainText("Committed125.50 USDC");
  expect(await ledger.balance("usdc", FIRST_BUYER)).toBe(FUNDS - 125_500_000n);
  expect(await ledger.escrow("usdc")).toBe(125_500_000n);
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
  await expect(purchase.position).toContainText("Committed125.50 USDC");
  await expect(purchase.position).toContainText(shortenAddress(FIRST_BUYER));

  await purchase.receipt.getByRole("button", { name: "Add more" }).click();
  await purchase.amount.fill("10");
  await purchase.form.getByRole("button", { name: "Add 10 USDC" }).click();
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.position).toContainText("Committed135.50 USDC");
  expect(await ledger.balance("usdc", FIRST_BUYER)).toBe(FUNDS - 135_500_000n);
  expect(await ledger.escrow("usdc")).toBe(135_500_000n);
  expect(await ledger.sent(FIRST_BUYER)).toBe(2);
});

test("a token without permits is approved first, and an old allowance is reset to zero before", async ({
  page,
  purchase,
  ledger,
  openAs,
}) => {
  await ledger.allow("usdt", FIRST_BUYER, 7_000_000n);
  const sentBefore = await ledger.sent(FIRST_BUYER);
  await openAs("ada");
  await purchase.form.getByRole("radio", { name: "USDT" }).check();
  await purchase.commit("49.99");
  expect(await ledger.escrow("usdt")).toBe(49_990_000n);
  expect(await ledger.balance("usdt", FIRST_BUYER)).toBe(FUNDS - 49_990_000n);
  expect(await ledger.sent(FIRST_BUYER), "to zero, to the amount, and the bid").toBe(sentBefore + 3);
  await expect(purchase.position).toContainText("49.99 USDT");

  await purchase.form.getByRole("radio", { name: "USDC" }).check();
  await purchase.amount.fill("0.01");
  await purchase.submit.click();
  await expect(purchase.receipt).toContainText("Committed0.01 USDCYour entity's total50 USDC and USDT");
  await expect(purchase.position).toContainText("Committed50 USDC and USDT");
  await expect(page.getByRole("list", { name: "By wallet" }).getByRole("listitem")).toHaveCount(2);
});

test("after a reload the document itself contains the commitment", async ({ context, purchase, openAs }) => {
  await openAs("ada");
  await purchase.commit("125.50");
  const html = await (await context.request.get("/")).text();
  expect(html).toContain("Your position");
  expect(html).toContain("125.50");
});

test("a commitment shows as confirmed before Sonar lists it, and as one of the list after", async ({
  page,
  purchase,
  sandbox,
  openAs,
}) => {
  await sandbox.control.setListingDelay(3_600);
  // No other test commits as Lynn, so the list that the app remembers does not contain her.
  await openAs("no-email");
  await purchase.commit("125.50");
  const sale = page.getByRole("region", { name: "The sale" });
  await expect(sale.getByText("not yet listed")).toBeVisible();
  await sandbox.control.setListingDelay(0);
  await expect(async () => {
    await page.reload();
    await expect(shownText(page, "by 322 participants")).toBeVisible({ timeout: 1_000 });
    await expect(sale.getByText("not yet listed")).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
});

test("a typed amount survives a change of account and of token", async ({ purchase, openAs }) => {
  await openAs("ada");
  await purchase.amount.fill("77.25");
  await purchase.form.getByRole("radio", { name: "USDT" }).check();
  await expect(purchase.amount).toHaveValue("77.25");
  await expect(purchase.submit).toHaveText("Commit 77.25 USDT");
});
