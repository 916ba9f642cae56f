import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { ANSWER_LIMIT_MS } from "@/lib/http/answer-limit";
import { expect, FIRST_BUYER, waitingTransactions, whileNothingIsMined } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { test } from "@/tests/support/browser/wallet-purchase-test";

for (const method of ["eth_signTypedData_v4", "eth_sendTransaction"]) {
  test(`declining ${method} sends nothing, and the user can try again`, async ({ page, wallet, purchase, ledger }) => {
    await wallet.refuse(page, method);
    await purchase.submit.click();
    await expect(shownText(page, "You declined in your wallet. Nothing was sent.").first()).toBeVisible();
    expect(await ledger.sent(FIRST_BUYER)).toBe(0);
    await purchase.backToForm();
    await expect(purchase.amount).toHaveValue("125.50");
    await purchase.submit.click();
    await expect(purchase.confirmed).toBeVisible();
    expect(await ledger.escrow("usdc")).toBe(125_500_000n);
  });
}

test("a network switch during a wallet request is explained, and nothing is sent", async ({
  page,
  wallet,
  purchase,
  ledger,
}) => {
  await wallet.hold(page, "eth_signTypedData_v4");
  await purchase.submit.click();
  await expect(async () => expect(await wallet.asked(page)).toContain("eth_signTypedData_v4")).toPass();
  await wallet.change(page, { chainId: 1 });
  await wallet.release(page);
  await expect(shownText(page, "Your wallet is on a different network than the sale.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch to Sandbox chain" })).toBeVisible();
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);
  await wallet.change(page, { chainId: SANDBOX_DEFAULT_CHAIN_ID });
  await purchase.backToForm();
  await expect(purchase.amount).toHaveValue("125.50");
});

test("a double press sends one transaction", async ({ wallet: _wallet, purchase, ledger }) => {
  await purchase.submit.dblclick();
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
});

test("a page that is reloaded while its transaction is pending continues to wait and does not send it again", async ({
  page,
  wallet: _wallet,
  purchase,
  ledger,
  sandbox,
}) => {
  const { rpcUrl } = sandbox;
  await whileNothingIsMined(rpcUrl, async () => {
    await purchase.submit.click();
    await expect.poll(() => waitingTransactions(rpcUrl)).toBe(1);
    await page.reload();
    await expect(shownText(page, "Waiting for confirmation")).toBeVisible();
    await expect(purchase.form, "nothing else can be sent").toHaveCount(0);
  });
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.position).toContainText("125.50 USDC");
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
});

test("a wallet that the issuer of USDT has blocked reads why, pays for nothing, and can pay with USDC", async ({
  page,
  wallet,
  purchase,
  ledger,
  sandbox,
}) => {
  await sandbox.control.chain.setBlocked("usdt", FIRST_BUYER, true);
  await page.getByRole("radio", { name: "USDT" }).check();
  await purchase.submit.click();
  const refusal = "The issuer of USDT has blocked this wallet, so it cannot pay with USDT. Nothing was sent.";
  await expect(shownText(page, `${refusal} You can pay with USDC instead.`)).toBeVisible();
  expect(await wallet.asked(page)).not.toContain("eth_sendTransaction");
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);
  await page.getByRole("button", { name: "Back to the form" }).click();
  await page.getByRole("radio", { name: "USDC" }).check();
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.escrow("usdc")).toBe(125_500_000n);
});

test("an action of this site that gets no answer ends after a limit, sends and loses nothing, and can be tried again", async ({
  page,
  app,
  wallet: _wallet,
  purchase,
  ledger,
}) => {
  await page.clock.install();
  let lost = 0;
  await page.route(`${app.url}/**`, (route) => {
    const request = route.request();
    // The page reads by itself too, and may do so at this moment: the form's bounds, Sonar's check (of a sale) and the positions (of no entity).
    const body = request.postData() ?? "";
    const isOfPress = body.includes('"entityID"') && !/"purpose":"form"|"saleUUID"/.test(body);
    if (!isOfPress) return route.continue();
    lost += 1;
    return new Promise(() => undefined);
  });
  await purchase.submit.click();
  await expect.poll(() => lost).toBe(1);
  await page.unroute(`${app.url}/**`);
  await page.clock.fastForward(ANSWER_LIMIT_MS + 1);
  await expect(shownText(page, "This site did not answer in time.").first()).toBeVisible();
  await expect(purchase.amount).toHaveValue("125.50");
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.sent(FIRST_BUYER)).toBe(1);
});

test.describe("without a connection to the chain", () => {
  test.use({ expectedProblems: [/ERR_FAILED|Failed to load resource/] });

  test("a browser that temporarily cannot reach the chain sends nothing and loses nothing", async ({
    page,
    wallet: _wallet,
    purchase,
    ledger,
    sandbox,
  }) => {
    await page.route(`${sandbox.rpcUrl}/**`, (route) => route.abort());
    await purchase.submit.click();
    await expect(shownText(page, "The chain could not be reached.").first()).toBeVisible();
    await purchase.backToForm();
    await expect(purchase.amount).toHaveValue("125.50");
    expect(await ledger.sent(FIRST_BUYER)).toBe(0);
    await page.unroute(`${sandbox.rpcUrl}/**`);
    await purchase.submit.click();
    await expect(purchase.confirmed).toBeVisible();
  });
});
