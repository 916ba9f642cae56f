import { createTestClient, http } from "viem";
import { SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { expect, FIRST_BUYER } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { test } from "@/tests/support/browser/wallet-purchase-test";

test("a wallet that cannot sign typed data pays by approval, says so, and is asked to sign once", async ({
  page,
  wallet,
  purchase,
  ledger,
}) => {
  await wallet.change(page, { cannotSign: true });
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await expect(shownText(page, "Your wallet's signature cannot be used for this payment")).toBeVisible();
  await wallet.release(page);
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.escrow("usdc")).toBe(125_500_000n);
  await purchase.closeReceipt();
  await page.reload();
  await purchase.commit("1");
  expect(await ledger.escrow("usdc")).toBe(126_500_000n);
  expect(await wallet.asked(page), "a reload does not forget it").not.toContain("eth_signTypedData_v4");
});

test("a contract account's approval and commitment are noticed by their effect, also after a reload", async ({
  page,
  wallet,
  purchase,
  ledger,
  sandbox,
}) => {
  const node = createTestClient({ mode: "anvil", transport: http(sandbox.rpcUrl) });
  await node.setCode({ address: FIRST_BUYER, bytecode: "0x00" });
  try {
    await wallet.change(page, { proposes: true });
    const othersSign = (count: number) => expect.poll(() => wallet.execute(page, count)).toBeTruthy();
    await purchase.submit.click();
    await expect(
      shownText(page, "Check in your wallet whether it was sent, and whether others have to sign."),
    ).toBeVisible();
    await othersSign(1);
    await expect(shownText(page, "Your commitment of 125.50 USDC was given to your wallet")).toBeVisible();
    await page.reload();
    await expect(shownText(page, "This page will notice when it takes effect, even after a reload.")).toBeVisible();
    expect(await ledger.escrow("usdc")).toBe(0n);
    await othersSign(2);
    await expect(purchase.confirmed).toBeVisible();
    await expect(purchase.position).toContainText("125.50 USDC");
    expect(await ledger.escrow("usdc")).toBe(125_500_000n);
  } finally {
    await node.setCode({ address: FIRST_BUYER, bytecode: "0x" });
  }
});

test("a wallet that answers a sent transaction with null keeps the page alive, and the commitment is noticed", async ({
  page,
  wallet: _wallet,
  purchase,
  ledger,
}) => {
  await page.evaluate((rdns) => {
    const control = window.injectedWallets?.[rdns];
    if (control) control.answerWith = null;
  }, SOME_WALLET.rdns);
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.position).toContainText("125.50 USDC");
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("null");
});
