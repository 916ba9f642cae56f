import { createTestClient, http } from "viem";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { expect, FIRST_BUYER, returnToPage, SECOND_BUYER, walletOf } from "@/tests/support/browser/purchase-test";
import { connectContext, connectWallet } from "@/tests/support/browser/connect-browser";
import { openFinishedSteps, shownText } from "@/tests/support/browser/shown-text";
import { test } from "@/tests/support/browser/wallet-purchase-test";

test.describe("a wallet that leaves a question open", () => {
  // Before the page is loaded, which the fixture of the wallet does.
  test.beforeEach(({ page }) => page.clock.install());

  test("a wallet that no longer answers the page is said so, with a way out", async ({ page, purchase, wallet }) => {
    await wallet.hold(page, "eth_chainId");
    await purchase.submit.click();
    await expect(purchase.steps.locator("[aria-current=step]"), "a step is in progress from the press on").toHaveCount(
      1,
    );
    await page.clock.runFor(20_000);
    await expect(shownText(page, /^Your wallet does not answer\. Nothing was sent\./)).toBeVisible();
    await page.getByRole("button", { name: "Reload this page" }).click();
    await purchase.commit("125.50");
  });

  test("a request that stays unanswered for long says what to do if the wallet shows nothing", async ({
    page,
    purchase,
    wallet,
  }) => {
    await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
    const advice = purchase.steps.getByText("Does your wallet show nothing?");
    await expect(advice).toBeHidden();
    await page.clock.runFor(65_000);
    await expect(advice).toBeVisible();
    await wallet.release(page);
    await expect(purchase.confirmed).toBeVisible();
  });
});

test("a commitment that the sale has stopped accepting is to be declined in the wallet", async ({
  page,
  purchase,
  wallet,
  sandbox,
  ledger,
}) => {
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await expect(purchase.steps).toContainText("Confirm in your wallet.");
  await sandbox.control.chain.setPaused(true);
  await expect(purchase.steps).toContainText("Decline in your wallet.");
  await expect(purchase.steps).not.toContainText("It commits 125.50 USDC");
  await wallet.refuse(page, "eth_sendTransaction");
  await wallet.release(page);
  await expect(shownText(page, "You declined in your wallet. Nothing was sent.").first()).toBeVisible();
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);
});

test("a commitment that is confirmed after its permit has expired costs its fee, and the wallet is asked for nothing more", async ({
  page,
  purchase,
  wallet,
  sandbox,
  ledger,
}) => {
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  const asked = await wallet.asked(page);
  await createTestClient({ mode: "anvil", transport: http(sandbox.rpcUrl) }).increaseTime({ seconds: 700 });
  await wallet.release(page);
  await expect(
    shownText(page, /^The chain rejected your transaction\. Only its network fee was paid\. .*permit expired/).first(),
  ).toBeVisible();
  const askedUser = (methods: readonly string[]) => methods.filter((name) => /^eth_s(end|ign)/.test(name));
  expect(askedUser(await wallet.asked(page))).toEqual(askedUser(asked));
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
});

test("the form of another entity waits while the wallet is asked for one of them", async ({
  page,
  context,
  app,
  purchase,
  sandbox,
}) => {
  const accounts = [walletOf("katherine"), SECOND_BUYER];
  const wallet = await InjectedWallet.install(context, sandbox.rpcUrl, { accounts });
  await connectContext(context, app.url, "katherine");
  await page.goto(`${app.url}/`);
  const choose = async (name: string) => {
    await openFinishedSteps(page);
    await page.getByRole("radio", { name }).check();
    await page.getByRole("button", { name: `Continue as ${name}` }).click();
  };
  await choose("Johnson Orbital LLC");
  await connectWallet(page, SOME_WALLET.name);
  await purchase.amount.fill("125.50");
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await choose("Katherine Johnson");
  const reason = purchase.form.getByText("Another transaction from this page is in progress.");
  await expect(reason).toBeVisible();
  await wallet.release(page);
  await expect(reason).toBeHidden();
});

test("an entity that Sonar lists no longer while its wallet is asked keeps its steps, its receipt and its position", async ({
  page,
  purchase,
  wallet,
  sandbox,
}) => {
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await expect(purchase.steps).toContainText("Confirm in your wallet.");
  await sandbox.control.setFault({ endpoint: ECHO.entities, effect: { kind: "no-entities" } });
  await returnToPage(page);
  await openFinishedSteps(page);
  await expect(shownText(page, "Taking part as Ada Lovelace. Sonar does not list it at the moment.")).toBeVisible();
  await expect(purchase.steps).toContainText("Confirm in your wallet.");
  await wallet.release(page);
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.position).toContainText("so your current position cannot be read.");
  const again = purchase.position.getByRole("button", { name: "Try again" });
  // A read of the page's own must not find the entity before the press.
  await expect(again).toBeEnabled();
  await sandbox.control.clearFaults();
  await again.click();
  await expect(purchase.position).toContainText("125.50 USDC");
});

test("a connection that ends while the wallet is asked takes neither the steps nor the receipt away", async ({
  page,
  purchase,
  wallet,
  sandbox,
}) => {
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await expect(purchase.steps).toContainText("Confirm in your wallet.");
  await sandbox.control.setFault({ endpoint: ECHO.refresh, effect: { kind: "oauth-error", error: "invalid_grant" } });
  await sandbox.control.expireAccessTokens();
  await returnToPage(page);
  await expect(page.getByRole("button", { name: "Connect again" })).toBeVisible();
  await expect(purchase.steps).toContainText("Confirm in your wallet.");
  await wallet.release(page);
  await expect(purchase.confirmed).toBeVisible();
});
