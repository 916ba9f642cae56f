import { expectNoViolationsInAnyLook } from "@/tests/support/browser/axe";
import { expect, test, waitingTransactions, whileNothingIsMined } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { test as atWallet } from "@/tests/support/browser/wallet-purchase-test";

// Axe checks every state in four looks, which takes longer than the usual limit on a slow machine.
test.describe.configure({ timeout: 180_000 });

const FORMS = [
  ["ada", "a plain amount"],
  ["mary", "an auction"],
] as const;

for (const [persona, of] of FORMS) {
  test(`the form of ${of} breaks no accessibility rule, with a mistake shown`, async ({ page, purchase, openAs }) => {
    await openAs(persona);
    await purchase.amount.fill("twelve");
    await expect(purchase.submit).toBeDisabled();
    await expectNoViolationsInAnyLook(page);
  });
}

atWallet("steps under way and a failure break no accessibility rule", async ({ page, wallet, purchase }) => {
  await wallet.hold(page, "eth_signTypedData_v4");
  await wallet.refuse(page, "eth_sendTransaction");
  await purchase.submit.click();
  await expect(purchase.steps.getByText("Sign the USDC permission")).toBeVisible();
  await expectNoViolationsInAnyLook(page);
  await wallet.release(page);
  await expect(shownText(page, "You declined in your wallet.")).toBeVisible();
  await expectNoViolationsInAnyLook(page);
});

atWallet(
  "a wait for the chain and a success break no accessibility rule",
  async ({ page, wallet: _wallet, purchase, sandbox: { rpcUrl } }) => {
    await whileNothingIsMined(rpcUrl, async () => {
      await purchase.submit.click();
      await expect.poll(() => waitingTransactions(rpcUrl)).toBe(1);
      await page.reload();
      await expect(shownText(page, "Waiting for confirmation")).toBeVisible();
      await expectNoViolationsInAnyLook(page);
    });
    await expect(purchase.confirmed).toBeVisible();
    await expectNoViolationsInAnyLook(page);
  },
);
