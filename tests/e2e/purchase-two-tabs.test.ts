import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { expect, FIRST_BUYER, PurchasePage, test } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";

test("while one tab waits for the wallet, another tab cannot send for the same entity until it is done", async ({
  page,
  context,
  app,
  sandbox,
  purchase,
  ledger,
}) => {
  const wallet = await InjectedWallet.install(context, sandbox.rpcUrl);
  await purchase.openAs(context, app.url, "ada", SOME_WALLET.name);
  await purchase.amount.fill("125.50");
  const other = new PurchasePage(await context.newPage());
  await other.page.goto("/");
  await other.amount.fill("10");

  await wallet.hold(page, "eth_signTypedData_v4");
  await purchase.submit.click();
  await expect(async () => expect(await wallet.asked(page)).toContain("eth_signTypedData_v4")).toPass();
  await other.submit.click();
  await expect(shownText(other.page, "in progress in another tab of this browser")).toBeVisible();
  expect(await wallet.asked(other.page)).not.toContain("eth_signTypedData_v4");
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);

  await wallet.release(page);
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
  await other.page.reload();
  await other.closeReceipt();
  await other.commit("10");
  expect(await ledger.escrow("usdc")).toBe(135_500_000n);
});
