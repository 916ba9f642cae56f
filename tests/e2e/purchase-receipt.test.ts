import type { Page } from "@playwright/test";
import { createTestClient, http } from "viem";
import { site } from "@/lib/config/site";
import { RECEIPT_PREFIX } from "@/lib/purchase/pending";
import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { forgetLayoutShifts, layoutShift, watchLayoutShift } from "@/tests/support/browser/page-observers";
import { expect, PurchasePage, walletOf } from "@/tests/support/browser/purchase-test";
import { commitFor, entityOnChain } from "@/tests/support/purchase/sale-ledger";
import { test } from "@/tests/support/browser/wallet-purchase-test";

/** Records, from the next document on, every sentence that the page's live region says. */
async function recordAnnouncements(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    const note = (node: Node) => {
      if (node instanceof HTMLElement && node.parentElement?.role === "log") said.push(node.textContent);
    };
    new MutationObserver((records) => {
      for (const { addedNodes } of records) addedNodes.forEach(note);
    }).observe(document, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => Reflect.get(window, "said") as string[]);
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate(() =>
    document.activeElement === document.body ? "body" : (document.activeElement?.textContent ?? ""),
  );
}

function storedReceipts(page: Page): Promise<string[]> {
  return page.evaluate((prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix)), RECEIPT_PREFIX);
}

const SCREENS = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } };

for (const [screen, viewport] of Object.entries(SCREENS))
  test.describe(`on a ${screen}`, () => {
    test.use({ viewport });

    test("a purchase moves nothing, is heard as a story, keeps the focus, and leaves a receipt in the form's place", async ({
      page,
      context,
      app,
      sandbox,
      purchase,
    }) => {
      const wallet = await InjectedWallet.install(context, sandbox.rpcUrl);
      const said = await recordAnnouncements(page);
      await watchLayoutShift(page);
      await purchase.openAs(context, app.url, "ada", SOME_WALLET.name);
      await purchase.amount.fill("125.50");
      const arrival = await layoutShift(page);
      expect(arrival.sum, `until the form is there: ${JSON.stringify(arrival.shifts)}`).toBeLessThanOrEqual(0.1);
      await forgetLayoutShifts(page);
      const ownTitle = await page.title();

      await wallet.hold(page, "eth_signTypedData_v4");
      // Pressing it may scroll, which is the user's doing.
      await purchase.submit.hover();
      const before = { scroll: await page.evaluate(() => scrollY), top: (await purchase.form.boundingBox())?.y };
      await purchase.submit.click();
      await expect(purchase.steps.getByText("Sign the USDC permission")).toBeVisible();
      // The form makes room at the press. A browser excuses that for half a second only, which a slow machine exceeds.
      await forgetLayoutShifts(page);
      await expect(purchase.steps).toContainText("take 125.50 USDC and no more");
      await expect(
        page.getByText("Your transaction is in progress."),
        "the step does not ask for an amount",
      ).toBeVisible();
      expect(await focusedText(page)).toContain("Sending your commitment");
      await expect(page).toHaveTitle(`Confirm in your wallet · ${site.name}`);
      await wallet.release(page);

      await expect(purchase.confirmed).toBeFocused();
      await expect(page).toHaveTitle(ownTitle);
      await expect(purchase.position).toContainText("125.50 USDC");
      expect(await page.evaluate(() => scrollY), "the page does not scroll by itself").toBe(before.scroll);
      expect((await purchase.receipt.boundingBox())?.y, "the form's place").toBeCloseTo(before.top ?? 0, -1);
      const { sum, shifts } = await layoutShift(page);
      expect(sum, JSON.stringify(shifts)).toBeLessThanOrEqual(0.02);
      expect((await said()).slice(-4)).toEqual([
        "Step 1 of 2: sign the USDC permission in your wallet.",
        "Step 2 of 2: confirm the transaction in your wallet.",
        "Sent. Waiting for confirmation.",
        "Confirmed. You committed 125.50 USDC.",
      ]);
    });
  });

test("a receipt stays over a reload and shows in a second tab, until it is closed, and never for the next user", async ({
  page,
  context,
  app,
  purchase,
  openAs,
}) => {
  await openAs("ada");
  await purchase.amount.fill("125.50");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.receipt).toContainText("Ada Lovelace");
  await page.reload();
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.form).toHaveCount(0);

  const other = new PurchasePage(await context.newPage());
  await other.page.goto(`${app.url}/`);
  await expect(other.confirmed).toBeVisible();
  await other.receipt.getByRole("button", { name: "Add more" }).click();
  await expect(other.amount).toBeFocused();
  await expect(purchase.receipt).toHaveCount(0);
  await other.amount.fill("10");
  await other.submit.click();
  await expect(other.receipt).toContainText("Your entity's total135.50 USDC");
  await expect(purchase.receipt, "the first tab has it, and the new position").toContainText("Committed10 USDC");
  await expect(purchase.position).toContainText("135.50 USDC");

  expect(await storedReceipts(page)).toHaveLength(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: /^Sign in/ })).toBeVisible();
  await expect.poll(() => storedReceipts(page)).toEqual([]);
});

test("on paper, the page is its receipt alone, with the ids in full", async ({ page, purchase, openAs }) => {
  await openAs("ada");
  await purchase.amount.fill("125.50");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.receipt).toContainText(/0x[0-9a-f]{64}/);
  await expect(purchase.receipt.getByRole("button")).toHaveCount(0);
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(purchase.position).toBeHidden();
  await expect(page.getByRole("contentinfo")).toBeHidden();
});

/** Returns a function that replaces every block from now on by others without transactions, and more of them. */
async function reorganisation(rpcUrl: string): Promise<() => Promise<void>> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
  const id = await node.snapshot();
  return async () => {
    await node.revert({ id });
    await node.mine({ blocks: 16 });
  };
}

test("a receipt whose block the network replaced says so after a reload, and the amount can be committed again", async ({
  page,
  purchase,
  openAs,
  sandbox,
  ledger,
}) => {
  await openAs("ada");
  const reorganise = await reorganisation(sandbox.rpcUrl);
  await purchase.amount.fill("125.50");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  await reorganise();
  expect(await ledger.escrow("usdc")).toBe(0n);
  await page.reload();
  await expect(purchase.receipt.getByRole("heading", { name: "Your commitment has changed" })).toBeVisible();
  await expect(purchase.receipt).toContainText("Your position is what counts.");
  await expect(purchase.receipt).not.toContainText("What happens next");
  await expect(purchase.confirmed).toHaveCount(0);
  await expect(purchase.amount, "beside the receipt").toBeVisible();
  await purchase.closeReceipt();
  await expect(purchase.amount).toBeVisible();
});

test("a cancellation whose block the network replaced says so after a reload, and can be sent again", async ({
  page,
  purchase,
  openAs,
  sandbox,
  ledger,
}) => {
  await commitFor(sandbox.rpcUrl, entityOnChain("emmy"), walletOf("emmy"), 125_500_000n);
  await openAs("emmy");
  await sandbox.control.chain.setStage("Cancellation");
  const cancel = page.getByRole("button", { name: "Cancel commitment" });
  await purchase.reloadUntil(cancel);
  const reorganise = await reorganisation(sandbox.rpcUrl);
  const confirm = async () => {
    await cancel.click();
    await page.getByRole("button", { name: "Cancel permanently" }).click();
    await expect(purchase.receipt.getByRole("heading", { name: "Your commitment is cancelled" })).toBeVisible();
  };
  await confirm();
  await reorganise();
  expect(await ledger.escrow("usdc")).toBe(125_500_000n);
  await page.reload();
  await expect(purchase.receipt.getByRole("heading", { name: "Your commitment has changed" })).toBeVisible();
  await expect(purchase.receipt).not.toContainText(/What happens next|It went to/);
  await confirm();
  await expect(purchase.receipt).toContainText("Paid back125.50 USDC");
  expect(await ledger.escrow("usdc")).toBe(0n);
});

test.describe("while the server restarts", () => {
  test.use({ expectedProblems: [/status of 503/] });

  test("a position that cannot be read after the confirmation is said to be so, and is read soon after the server is back", async ({
    page,
    app,
    purchase,
    wallet,
  }) => {
    await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
    await page.route(`${app.url}/**`, (route) =>
      route.request().method() === "POST" ? route.fulfill({ status: 503, body: "Restarting" }) : route.continue(),
    );
    await wallet.release(page);
    await expect(purchase.confirmed).toBeVisible();
    await expect(page.getByText("Your current commitment could not be read yet. Trying again.")).toBeVisible();
    await purchase.closeReceipt();
    await expect(purchase.position).toContainText("your current position could not be read yet");
    await expect(purchase.amount).toBeHidden();
    await expect(page.getByText("Choose how much to commit.")).toBeHidden();

    await page.unroute(`${app.url}/**`);
    await expect(purchase.position).toContainText("125.50 USDC", { timeout: 15_000 });
    await expect(purchase.amount).toBeVisible();
  });
});
