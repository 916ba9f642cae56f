import { connectWallet } from "@/tests/support/browser/connect-browser";
import { SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { expect } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { test } from "@/tests/support/browser/wallet-purchase-test";

test("a wallet that locks itself does not take the typed amount with it", async ({ page, wallet, purchase }) => {
  await wallet.change(page, { locked: true });
  await expect(purchase.amount).toBeHidden();
  await wallet.change(page, { locked: false });
  await connectWallet(page, SOME_WALLET.name);
  await expect(purchase.amount).toHaveValue("125.50");
});

test("a wallet that locks itself while it is asked leaves the answer to read", async ({ page, wallet, purchase }) => {
  await wallet.hold(page, "eth_signTypedData_v4");
  await purchase.submit.click();
  await expect(async () => expect(await wallet.asked(page)).toContain("eth_signTypedData_v4")).toPass();
  await wallet.change(page, { locked: true });
  await wallet.release(page);
  await expect(shownText(page, /Nothing was sent\./)).toBeVisible();
});
