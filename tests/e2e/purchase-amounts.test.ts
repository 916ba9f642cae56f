import type { BrowserContext } from "@playwright/test";
import { encodeFunctionData, type Hex } from "viem";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient, send } from "@/sandbox/chain/node-client";
import { askNode, InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import {
  expect,
  FIRST_BUYER,
  SECOND_BUYER,
  waitingTransactions,
  walletOf,
  whileNothingIsMined,
} from "@/tests/support/browser/purchase-test";
import { test } from "@/tests/support/browser/wallet-purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { commitFor, entityOnChain } from "@/tests/support/purchase/sale-ledger";

test("the receipt has the amount that was taken, where another wallet commits while this one is asked", async ({
  page,
  purchase,
  wallet,
  sandbox,
  ledger,
}) => {
  await ledger.allow("usdc", FIRST_BUYER, 1_000_000_000n);
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await commitFor(sandbox.rpcUrl, entityOnChain("ada"), SECOND_BUYER, 100_000_000n);
  await wallet.release(page);
  const says = async () => {
    await expect(purchase.confirmed).toBeVisible();
    await expect(purchase.receipt).toContainText("25.50 USDC was taken; 125.50 USDC was expected.");
    await expect(purchase.receipt).toContainText("Committed25.50 USDCYour entity's total125.50 USDC");
  };
  await says();
  await page.reload();
  await says();
});

test("a cancellation of less than the dialog shows is not sent", async ({
  page,
  purchase,
  sandbox,
  ledger,
  openAs,
}) => {
  const emmys = walletOf("emmy");
  await commitFor(sandbox.rpcUrl, entityOnChain("emmy"), emmys, 125_500_000n);
  await openAs("emmy");
  await sandbox.control.chain.setReduceCommitment(true);
  await sandbox.control.chain.setStage("Cancellation");
  const cancel = page.getByRole("button", { name: "Cancel commitment" });
  await purchase.reloadUntil(cancel);
  await cancel.click();
  const rows = [{ wallet: emmys, token: SANDBOX_TOKENS.usdc, amount: 100_000_000n }];
  const data = encodeFunctionData({ abi: saleAbi, functionName: "reduceCommitment", args: [rows] });
  await send(nodeClient(sandbox.rpcUrl), { from: emmys, to: SANDBOX_SALE, data });
  await page.getByRole("button", { name: "Cancel permanently" }).click();
  await expect(page.getByText("Your entity's commitment or its terms changed in the meantime").first()).toBeVisible();
  expect(await ledger.escrow("usdc")).toBe(25_500_000n);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(purchase.position).not.toContainText("125.50 USDC");
  await cancel.click();
  await page.getByRole("button", { name: "Cancel permanently" }).click();
  await expect(purchase.receipt).toContainText("Paid back25.50 USDC");
});

/** The user changes the spending cap of each approval in the wallet. */
async function editCaps(context: BrowserContext, rpcUrl: string, cap: bigint): Promise<void> {
  const data: Hex = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, cap] });
  const edit = (transaction: object) => ({ ...transaction, data });
  await context.exposeFunction("askNode", (request: { method: string; params?: unknown }) => {
    const isSent = request.method === "eth_sendTransaction";
    return askNode(rpcUrl, isSent ? { ...request, params: (request.params as object[]).map(edit) } : request);
  });
}

for (const [what, cap, words] of [
  ["a lower one", 50_000_000n, "it has approved 50 USDT, but 125.50 USDT is needed."],
  ["no limit", 2n ** 256n - 1n, "it has approved an unlimited amount of USDT"],
] as const)
  test(`an approval whose cap was changed to ${what} in the wallet is told as it is, after a reload`, async ({
    page,
    context,
    app,
    purchase,
    sandbox: { rpcUrl },
  }) => {
    await editCaps(context, rpcUrl, cap);
    await InjectedWallet.install(context, rpcUrl);
    await purchase.openAs(context, app.url, "ada", SOME_WALLET.name);
    await purchase.amount.fill("125.50");
    await page.getByRole("radio", { name: "USDT" }).check();
    await whileNothingIsMined(rpcUrl, async () => {
      await purchase.submit.click();
      await expect.poll(() => waitingTransactions(rpcUrl)).toBe(1);
      await page.reload();
      await expect(shownText(page, "Waiting for confirmation")).toBeVisible();
    });
    await expect(page.getByRole("main")).toContainText(words);
    await expect(page.getByRole("main")).not.toContainText("it has approved 125.50 USDT");
  });
