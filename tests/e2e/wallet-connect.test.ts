import type { Page } from "@playwright/test";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { shortenAddress } from "@/lib/sale/hex";
import { expectNoAxeViolations } from "@/tests/support/browser/axe";
import { expect, serveApp, test as base } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { recordScripts } from "@/tests/support/browser/page-observers";
import { FIRST_BUYER, PurchasePage, SECOND_BUYER } from "@/tests/support/browser/purchase-test";
import { PROJECT_ID, RelayedWallet, startRelay, type TestRelay } from "@/tests/support/browser/relayed-wallet";
import { SaleLedger } from "@/tests/support/purchase/sale-ledger";
import { shownText } from "@/tests/support/browser/shown-text";

interface RelayFixtures {
  /** A wallet on another device. */
  phone: RelayedWallet;
}

/** An app with WalletConnect, whose relay is on this machine. A user is connected, and the page is open. */
const test = base.extend<RelayFixtures, { relay: TestRelay }>({
  relay: [
    async ({}, use) => {
      const relay = await startRelay();
      await use(relay);
      await relay.close();
    },
    { scope: "worker" },
  ],
  app: [
    async ({ sandbox, relay }, use) =>
      serveApp(sandbox, use, { WALLETCONNECT_PROJECT_ID: PROJECT_ID, WALLETCONNECT_RELAY_URL: relay.url }),
    { scope: "worker" },
  ],
  phone: async ({ page, context, app, sandbox, relay }, use) => {
    await connectContext(context, app.url);
    await page.goto("/");
    const phone = await RelayedWallet.open(relay.url, sandbox.rpcUrl);
    await use(phone);
    await phone.close();
  },
});

const SHARED = { chainIds: [SANDBOX_DEFAULT_CHAIN_ID], accounts: [FIRST_BUYER, SECOND_BUYER] };

/** Texts that survive minification and that only the code for the relay contains. */
const RELAY_MARKS = ["irn_publish", "wc_sessionPropose"];

function headerWallet(page: Page, address: string) {
  return page.getByRole("banner").getByRole("button", { name: `Wallet ${shortenAddress(address)}` });
}

/** Chooses WalletConnect, and returns the link that the page shows. */
async function chooseWalletConnect(page: Page): Promise<string> {
  const dialog = page.getByRole("dialog");
  if (!(await dialog.isVisible())) await page.getByRole("button", { name: "Connect wallet" }).click();
  await dialog.getByRole("button", { name: "WalletConnect" }).click();
  await expect(dialog.getByRole("img", { name: "QR code" })).toBeVisible();
  return (await dialog.locator("a[href^='wc:']").getAttribute("href")) ?? "";
}

test("a purchase with a wallet on another device, which a reload keeps and which disconnects in the end", async ({
  page,
  phone,
}) => {
  const purchase = new PurchasePage(page);
  const uri = await chooseWalletConnect(page);
  await expectNoAxeViolations(page);
  await expect(page.getByRole("button", { name: "Copy the link" })).toBeFocused();
  await phone.approve(uri, SHARED);
  await expect(headerWallet(page, FIRST_BUYER)).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(purchase.amount, "the next thing to do").toBeFocused();

  phone.refuse("eth_signTypedData_v4");
  await purchase.amount.fill("125.50");
  await purchase.submit.click();
  await expect(shownText(page, "You declined in your wallet.")).toBeVisible();
  await page.reload();
  await expect(headerWallet(page, FIRST_BUYER)).toBeVisible();
  await purchase.amount.fill("125.50");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  await expect(purchase.position).toContainText("125.50 USDC");
  expect(phone.asked).toEqual(["eth_signTypedData_v4", "eth_signTypedData_v4", "eth_sendTransaction"]);

  await phone.switchTo(SECOND_BUYER, SANDBOX_DEFAULT_CHAIN_ID);
  await expect(headerWallet(page, SECOND_BUYER)).toBeVisible();
  await phone.disconnect();
  await expect(page.getByRole("button", { name: "Connect wallet" }).first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ })).toHaveCount(0);
});

test("a code that expires, and a wallet that declines or lacks the chain, are told; another press shows another code", async ({
  page,
  phone,
}) => {
  await page.clock.install();
  await page.reload();
  const expired = await chooseWalletConnect(page);
  await page.clock.fastForward("05:01");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("The code has expired.");
  const first = await chooseWalletConnect(page);
  expect(first).not.toBe(expired);
  await page.getByRole("button", { name: "Other wallets" }).click();
  expect(await chooseWalletConnect(page), "the code that a wallet may be reading stays valid").toBe(first);
  await phone.reject(first, 5000, "User rejected.");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText(
    "Your address was not shared with this site.",
  );
  const second = await chooseWalletConnect(page);
  expect(second).not.toBe(first);
  await phone.reject(second, 5100, "Unsupported chains.");
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText(
    "Your wallet does not support Sandbox chain.",
  );
  await phone.approve(await chooseWalletConnect(page), { ...SHARED, chainIds: [1] });
  await expect(headerWallet(page, FIRST_BUYER)).toHaveAccessibleName(/on a different network than the sale/);
  await page.getByRole("button", { name: "Switch to Sandbox chain" }).click();
  await expect(
    page.getByRole("alert").filter({ hasText: "Your wallet did not switch to Sandbox chain." }),
  ).toBeVisible();
  expect(phone.asked, "it has no method for it").toEqual([]);
});

test("before WalletConnect is chosen, none of its code is loaded and the relay hears nothing", async ({
  page,
  phone: _phone,
  relay,
}) => {
  const before = relay.connections();
  const scripts = recordScripts(page);
  await page.reload();
  await page.getByRole("button", { name: "Connect wallet" }).click();
  await expect(page.getByRole("dialog").getByRole("button", { name: "WalletConnect" })).toBeVisible();
  const unused = [...(await scripts.read()).values()].join();
  expect(RELAY_MARKS.filter((mark) => unused.includes(mark))).toEqual([]);
  expect(relay.connections()).toBe(before);
  await chooseWalletConnect(page);
  const used = [...(await scripts.read()).values()].join();
  expect(RELAY_MARKS.filter((mark) => used.includes(mark))).toEqual(RELAY_MARKS);
});

test("a relay that hangs is not taken for a wallet that cannot sign: nothing is asked for in its place", async ({
  page,
  phone,
  relay,
}) => {
  const purchase = new PurchasePage(page);
  await phone.approve(await chooseWalletConnect(page), SHARED);
  await expect(headerWallet(page, FIRST_BUYER)).toBeVisible();
  await purchase.amount.fill("50");
  relay.setHanging(true);
  await purchase.submit.click();
  await expect(shownText(page, "WalletConnect does not answer.")).toBeVisible({ timeout: 40_000 });
  relay.setHanging(false);
  expect(phone.asked).toEqual([]);
  await page.reload();
  await expect(headerWallet(page, FIRST_BUYER)).toBeVisible();
  await purchase.amount.fill("50");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  expect(
    phone.asked.filter((method) => method === "eth_signTypedData_v4"),
    "it can sign",
  ).not.toEqual([]);
});

const ENDED = "it may still send it";

for (const [by, end] of [
  ["the wallet", (_page: Page, phone: RelayedWallet) => phone.disconnect()],
  [
    "the page",
    async (page: Page) => {
      await headerWallet(page, FIRST_BUYER).click();
      await page.getByRole("menuitem", { name: "Disconnect wallet" }).click();
    },
  ],
] as const)
  test(`a session that ${by} ends while the wallet shows the transaction is not said to have sent nothing, for the wallet still can`, async ({
    page,
    phone,
    sandbox,
  }) => {
    const ledger = await SaleLedger.open(sandbox.rpcUrl);
    const purchase = new PurchasePage(page);
    await phone.approve(await chooseWalletConnect(page), SHARED);
    const confirm = phone.hold("eth_sendTransaction");
    await purchase.amount.fill("125.50");
    await purchase.submit.click();
    await expect.poll(() => phone.asked).toContain("eth_sendTransaction");
    await end(page, phone);
    await expect(shownText(page, ENDED).first()).toBeVisible({ timeout: 15_000 });
    await expect(shownText(page, "Nothing was sent.")).toHaveCount(0);
    confirm();
    await expect.poll(() => ledger.escrow("usdc")).toBe(125_500_000n);
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(purchase.position).toContainText("125.50 USDC");
  });
