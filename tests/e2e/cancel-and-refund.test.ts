import { DECLINE } from "@/lib/purchase/decline";
import { shortenAddress } from "@/lib/sale/hex";
import { expectNoAxeViolations } from "@/tests/support/browser/axe";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { expect, SECOND_BUYER, test, walletOf } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { commitFor, entityOnChain } from "@/tests/support/purchase/sale-ledger";

const EMMYS = walletOf("emmy");
const TONYS = walletOf("tony");
const FUNDS = 100_000_000_000n;

/** An entity has committed from two wallets: 125.50 and 10 USDC. */
const committed = test.extend<{ twoWallets: void }>({
  twoWallets: [
    async ({ sandbox, openAs }, use) => {
      const emmy = entityOnChain("emmy");
      await commitFor(sandbox.rpcUrl, emmy, EMMYS, 125_500_000n);
      await commitFor(sandbox.rpcUrl, emmy, SECOND_BUYER, 135_500_000n);
      await openAs("emmy");
      await use();
    },
    { auto: true },
  ],
});

committed(
  "cancelling pays both wallets of the entity back and is permanent",
  async ({ page, purchase, sandbox, ledger }) => {
    await sandbox.control.chain.setStage("Cancellation");
    const cancel = page.getByRole("button", { name: "Cancel commitment" });
    await purchase.reloadUntil(cancel);
    await cancel.click();

    const dialog = page.getByRole("dialog", { name: "Cancel the whole commitment?" });
    await expect(dialog).toContainText("This cannot be undone");
    const rows = dialog.getByRole("list", { name: "Paid back to" }).getByRole("listitem");
    await expect(rows.filter({ hasText: shortenAddress(EMMYS) })).toContainText("125.50 USDC");
    await expect(rows.filter({ hasText: shortenAddress(SECOND_BUYER) })).toContainText("10 USDC");
    await expect(dialog.getByRole("button", { name: "Keep the commitment" })).toBeFocused();
    await expectNoAxeViolations(page);
    await dialog.getByRole("button", { name: "Keep the commitment" }).click();
    expect(await ledger.escrow("usdc"), "kept").toBe(135_500_000n);

    await cancel.click();
    await dialog.getByRole("button", { name: "Cancel permanently" }).click();
    const heading = purchase.receipt.getByRole("heading", { name: "Your commitment is cancelled" });
    await expect(heading).toBeFocused();
    await expect(purchase.receipt).toContainText("Paid back135.50 USDC");
    expect(await ledger.balance("usdc", EMMYS)).toBe(FUNDS);
    expect(await ledger.balance("usdc", SECOND_BUYER)).toBe(FUNDS);
    expect(await ledger.escrow("usdc")).toBe(0n);
    await page.reload();
    await expect(heading, "it stays until it is closed").toBeVisible();
    await purchase.closeReceipt();
    await expect(purchase.position, "nothing else is left to do").toBeFocused();
    await expect(shownText(page, "This entity cannot commit again.")).toBeVisible();
    await expect(purchase.position).toContainText("Ended");
    await expect(cancel).toHaveCount(0);
  },
);

committed(
  "without a wallet of the entity, the page says which wallets can cancel",
  async ({ page, purchase, sandbox }) => {
    await sandbox.control.chain.setStage("Cancellation");
    const cancel = page.getByRole("button", { name: "Cancel commitment" });
    await purchase.reloadUntil(cancel);
    await page
      .getByRole("banner")
      .getByRole("button", { name: /^Wallet 0x/ })
      .click();
    await page.getByRole("menuitem", { name: "Disconnect wallet" }).click();
    await expect(cancel).toBeDisabled();
    await expect(shownText(page, /Connect one of this entity's wallets/)).toBeVisible();
  },
);

committed(
  "where the sale has it, a part is taken back, to the wallets that paid it, and the rest stays",
  async ({ page, purchase, sandbox, ledger }) => {
    await sandbox.control.chain.setReduceCommitment(true);
    await sandbox.control.chain.setStage("Cancellation");
    const reduce = page.getByRole("button", { name: "Reduce commitment" });
    await purchase.reloadUntil(reduce);
    await expect(shownText(page, "You can reduce or cancel it now")).toBeVisible();
    await reduce.click();

    const dialog = page.getByRole("dialog", { name: "Reduce the commitment" });
    const first = dialog.getByRole("textbox", { name: `Back to ${shortenAddress(EMMYS)}` });
    const second = dialog.getByRole("textbox", { name: `Back to ${shortenAddress(SECOND_BUYER)}` });
    await expect(first).toBeFocused();
    await first.fill("125.50");
    await second.fill("10");
    await expect(dialog).toContainText("This would take back everything, which is final.");
    await expect(dialog.getByRole("button", { name: "Cancel commitment instead" })).toBeVisible();
    await first.fill("25.50");
    await second.fill("4");
    await expect(dialog).toContainText("106 USDC");
    await expectNoAxeViolations(page);
    await dialog.getByRole("button", { name: "Take back 29.50 USDC" }).click();

    await expect(purchase.receipt.getByRole("heading", { name: "Your commitment is reduced" })).toBeFocused();
    await expect(purchase.receipt).toContainText("Taken back29.50 USDCYour entity's total106 USDC");
    expect(await ledger.balance("usdc", EMMYS)).toBe(FUNDS - 100_000_000n);
    expect(await ledger.balance("usdc", SECOND_BUYER)).toBe(FUNDS - 6_000_000n);
    expect(await ledger.escrow("usdc")).toBe(106_000_000n);
    await page.reload();
    await expect(purchase.position).toContainText("106 USDC");
    await expect(purchase.position).toContainText("Paid back");
    await purchase.closeReceipt();
    await expect(page.getByRole("button", { name: "Cancel commitment" })).toBeVisible();
  },
);

test("a reduction whose commitment changes while the wallet asks is to be declined; its receipt says that nothing is left", async ({
  page,
  context,
  app,
  sandbox,
  purchase,
}) => {
  const emmy = entityOnChain("emmy");
  await commitFor(sandbox.rpcUrl, emmy, EMMYS, 100_000_000n);
  await commitFor(sandbox.rpcUrl, emmy, SECOND_BUYER, 200_000_000n);
  await sandbox.control.chain.setReduceCommitment(true);
  await sandbox.control.chain.setStage("Cancellation");
  const wallet = await InjectedWallet.install(context, sandbox.rpcUrl, { accounts: [EMMYS] });
  await purchase.openAs(context, app.url, "emmy", SOME_WALLET.name);
  const reduce = page.getByRole("button", { name: "Reduce commitment" });
  await purchase.reloadUntil(reduce);
  await reduce.click();
  const dialog = page.getByRole("dialog", { name: "Reduce the commitment" });
  await dialog.getByRole("textbox", { name: `Back to ${shortenAddress(EMMYS)}` }).fill("100");
  await wallet.holdWhile(page, "eth_sendTransaction", () => dialog.getByRole("button", { name: /^Take back/ }).click());
  await expect(purchase.steps).toContainText("Confirm in your wallet.");
  // As another wallet of the entity does: the total is then the one that this reduction would have left.
  await sandbox.control.chain.forceReduce("usdc", SECOND_BUYER, 100_000_000n);
  await expect(purchase.steps).toContainText("Decline in your wallet. Your entity's commitment has changed", {
    timeout: 20_000,
  });
  await expect(purchase.steps).not.toContainText("It takes 100 USDC back");
  await wallet.release(page);
  const ended = purchase.receipt.getByRole("heading", { name: "Your commitment has ended" });
  await expect(ended).toBeVisible();
  const tells = async () => {
    await expect(purchase.receipt).toContainText("Your entity's total is 0 USDC; 100 USDC was expected.");
    await expect(purchase.receipt).toContainText("This entity cannot commit to this sale again.");
    await expect(purchase.receipt).not.toContainText("The rest stays committed");
  };
  await tells();
  await page.reload();
  await expect(ended).toBeVisible();
  await tells();
});

committed(
  "what the operator takes down, in part and then whole, is not said to have been cancelled by its holder",
  async ({ page, purchase, sandbox, ledger }) => {
    await sandbox.control.chain.forceReduce("usdc", EMMYS, 25_500_000n);
    await purchase.reloadUntil(
      shownText(page, "A part was taken back by the entity or taken down by the sale's operator"),
    );
    await expect(purchase.position).toContainText("110 USDC");
    await expect(purchase.form).toBeVisible();
    await sandbox.control.chain.takeDown(EMMYS);
    await purchase.reloadUntil(shownText(page, "cancelled by the entity or taken down by the sale's operator"));
    await expect(purchase.position).toContainText("Ended");
    await expect(page.getByRole("main")).not.toContainText(/you.{0,20}cancelled/i);
    await expect(shownText(page, "This entity cannot commit again.")).toBeVisible();
    await expect(purchase.form).toHaveCount(0);
    expect(await ledger.balance("usdc", SECOND_BUYER)).toBe(FUNDS);
  },
);

committed("a refund can be claimed once in a sale where buyers claim", async ({ page, purchase, sandbox, ledger }) => {
  await sandbox.control.chain.setClaimRefund(true);
  await sandbox.control.chain.settle(40);
  const claim = page.getByRole("button", { name: "Claim 81.30 USDC" });
  await purchase.reloadUntil(claim);
  await expect(page.getByRole("listitem").filter({ has: claim }), "the step of the claim").toHaveAttribute(
    "aria-current",
    "step",
  );
  const rows = purchase.position.getByRole("list", { name: "Comes back to" }).getByRole("listitem");
  await expect(rows.filter({ hasText: shortenAddress(EMMYS) })).toContainText("75.30 USDC");
  await expect(rows.filter({ hasText: shortenAddress(SECOND_BUYER) })).toContainText("6 USDC");
  await expect(purchase.position).toContainText("Tokens allocated");
  await expectNoAxeViolations(page);
  await claim.click();
  await expect(purchase.receipt.getByRole("heading", { name: "Your refund is paid" })).toBeFocused();
  await expect(purchase.receipt).toContainText("Paid back81.30 USDC");
  expect(await ledger.balance("usdc", EMMYS)).toBe(FUNDS - 50_200_000n);
  expect(await ledger.balance("usdc", SECOND_BUYER)).toBe(FUNDS - 4_000_000n);
  await page.reload();
  await expect(purchase.receipt).toContainText("Paid back81.30 USDC");
  await expect(purchase.position).toBeVisible();
  await expect(claim).toHaveCount(0);
});

committed("in a sale that sends refunds there is no button", async ({ page, purchase, sandbox, ledger }) => {
  await sandbox.control.chain.settle(40);
  await purchase.reloadUntil(shownText(page, "Refunds are sent automatically"));
  await expect(page.getByRole("button", { name: /^Claim/ })).toHaveCount(0);
  await sandbox.control.chain.processRefunds();
  expect(await ledger.balance("usdc", EMMYS)).toBe(FUNDS - 50_200_000n);
  await purchase.reloadUntil(shownText(page, "The amount that was not accepted has been paid back."));
});

test("an entity that is no longer eligible sees its commitment and can cancel it", async ({
  page,
  purchase,
  sandbox,
  ledger,
  openAs,
}) => {
  await commitFor(sandbox.rpcUrl, entityOnChain("tony"), TONYS, 125_500_000n);
  await sandbox.control.chain.setStage("Cancellation");
  await openAs("tony");
  await expect(shownText(page, "Your entity cannot take part.")).toBeVisible();
  await expect(purchase.position).toContainText("125.50 USDC");
  const cancel = page.getByRole("button", { name: "Cancel commitment" });
  await purchase.reloadUntil(cancel);
  await cancel.click();
  await page.getByRole("button", { name: "Cancel permanently" }).click();
  await expect(page.getByRole("heading", { name: "Your commitment is cancelled" })).toBeVisible();
  expect(await ledger.balance("usdc", TONYS)).toBe(FUNDS);
});

test("while the sale is open, an entity that is no longer eligible is told that it cannot add", async ({
  page,
  context,
  app,
  purchase,
  sandbox,
}) => {
  await commitFor(sandbox.rpcUrl, entityOnChain("tony"), TONYS, 125_500_000n);
  await connectContext(context, app.url, "tony");
  await page.goto("/");
  await expect(shownText(page, "Committed. This entity cannot add to it now.")).toBeVisible();
  await expect(purchase.position).toContainText("125.50 USDC");
  await expect(shownText(page, "No wallet is needed at the moment.")).toBeVisible();
});

test("a reload while the wallet asks for a reduction does not let it be asked for twice", async ({
  page,
  context,
  app,
  purchase,
  sandbox,
  ledger,
}) => {
  const wallet = await InjectedWallet.install(context, sandbox.rpcUrl);
  await purchase.openAs(context, app.url, "ada", SOME_WALLET.name);
  await purchase.commit("100");
  await sandbox.control.chain.setStage("Cancellation");
  await sandbox.control.chain.setReduceCommitment(true);
  const reduce = page.getByRole("button", { name: "Reduce commitment" });
  await purchase.reloadUntil(reduce);
  await wallet.holdWhile(page, "eth_sendTransaction", async () => {
    await reduce.click();
    const dialog = page.getByRole("dialog", { name: "Reduce the commitment" });
    await dialog.getByRole("textbox").first().fill("50");
    await dialog.getByRole("button", { name: /^Take back/ }).click();
  });

  await page.reload();
  await expect(shownText(page, "its answer is not known")).toBeVisible();
  await expect(reduce).toHaveCount(0);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "My wallet no longer shows it" }).click();
  await expect(reduce, "the user has looked into the wallet").toBeVisible();
  expect(await ledger.escrow("usdc")).toBe(100_000_000n);
});

test("a claim of what the operator pays back while the wallet asks is to be declined", async ({
  page,
  context,
  app,
  sandbox,
  purchase,
}) => {
  await commitFor(sandbox.rpcUrl, entityOnChain("emmy"), EMMYS, 125_500_000n);
  await sandbox.control.chain.settle(40);
  await sandbox.control.chain.setClaimRefund(true);
  const wallet = await InjectedWallet.install(context, sandbox.rpcUrl, { accounts: [EMMYS] });
  await purchase.openAs(context, app.url, "emmy", SOME_WALLET.name);
  const claim = page.getByRole("button", { name: /^Claim/ });
  await purchase.reloadUntil(claim);
  await wallet.holdWhile(page, "eth_sendTransaction", () => claim.click());
  await sandbox.control.chain.processRefunds();
  await expect(purchase.steps).toContainText(DECLINE["paid-back"], { timeout: 20_000 });
  await wallet.refuse(page, "eth_sendTransaction");
  await wallet.release(page);
  await expect(shownText(page, "You declined in your wallet. Nothing was sent.").first()).toBeVisible();
});
