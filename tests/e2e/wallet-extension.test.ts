import type { Page } from "@playwright/test";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { shortenAddress } from "@/lib/sale/hex";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { expect, test as base } from "@/tests/support/browser/browser-test";
import { connectContext, connectWallet } from "@/tests/support/browser/connect-browser";
import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { pressKey } from "@/tests/support/browser/keyboard";
import { finishedSteps, shownText } from "@/tests/support/browser/shown-text";

const REQUEST = "eth_requestAccounts";
const [, two, three] = FUNDED_WALLETS;
const [first = "", second = "", third = ""] = FUNDED_WALLETS.map(shortenAddress);

/** A connected user whose browser has a wallet; the page is open. */
const test = base.extend<{ wallet: InjectedWallet }>({
  wallet: async ({ page, context, app, sandbox }, use) => {
    const wallet = await InjectedWallet.install(context, sandbox.rpcUrl);
    await connectContext(context, app.url);
    await page.goto("/");
    await use(wallet);
  },
});

function headerWallet(page: Page, address: string) {
  return page.getByRole("banner").getByRole("button", { name: `Wallet ${address}` });
}

function connectButton(page: Page) {
  return page.getByRole("button", { name: "Connect wallet" });
}

test("a wallet that announces itself is connected and survives a reload", async ({ page, wallet }) => {
  await connectWallet(page, SOME_WALLET.name);
  await expect(headerWallet(page, first)).toBeVisible();
  await page.reload();
  await expect(headerWallet(page, first)).toBeVisible();
  expect(await wallet.asked(page), "a reload asks the user nothing").not.toContain(REQUEST);
});

test("accounts and chain follow what happens in the wallet", async ({ page, wallet }) => {
  await connectWallet(page, SOME_WALLET.name);
  await wallet.change(page, { accounts: [two ?? "0x"] });
  await expect(headerWallet(page, second)).toBeVisible();
  await wallet.change(page, { chainId: 1 });
  await expect(headerWallet(page, `${second}, on a different network than the sale`)).toBeVisible();
  await wallet.change(page, { chainId: SANDBOX_DEFAULT_CHAIN_ID });
  await expect(finishedSteps(page).getByText(second)).toBeVisible();
});

test("of several wallets one is chosen; Escape closes the dialog and returns the focus", async ({
  page,
  wallet: _wallet,
}) => {
  await pressKey(connectButton(page), "Enter");
  await expect(page.getByRole("dialog", { name: "Connect a wallet" })).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("button", { name: SOME_WALLET.name })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(connectButton(page)).toBeFocused();
});

test("a wallet that is locked is disconnected, also for the next page load", async ({ page, wallet }) => {
  await connectWallet(page, SOME_WALLET.name);
  await expect(headerWallet(page, first)).toBeVisible();
  await wallet.change(page, { locked: true });
  await expect(connectButton(page)).toBeVisible();
  await connectWallet(page, SOME_WALLET.name);
  await expect(page.getByRole("alert").filter({ hasText: "Your wallet is locked." })).toBeVisible();
  await page.reload();
  await expect(connectButton(page)).toBeVisible();
});

test("a wallet that is gone after a reload is forgotten", async ({ page, wallet, context }) => {
  await connectWallet(page, SOME_WALLET.name);
  await expect(headerWallet(page, first)).toBeVisible();
  await wallet.change(page, { permitted: false });
  await expect(connectButton(page)).toBeVisible();
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("wallet");
});

test("a declined connection is explained where it was requested", async ({ page, wallet }) => {
  await wallet.refuse(page, REQUEST);
  await connectWallet(page, SOME_WALLET.name);
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("alert")).toHaveText(
    "You declined in your wallet. Your address was not shared with this site.",
  );
  await dialog.getByRole("button", { name: SOME_WALLET.name }).click();
  await expect(headerWallet(page, first)).toBeVisible();
});

test("a request that waits in the wallet may be answered after the dialog was closed", async ({ page, wallet }) => {
  await wallet.hold(page, REQUEST);
  await connectWallet(page, SOME_WALLET.name);
  await expect(shownText(page, `Open ${SOME_WALLET.name} and approve the connection.`)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(shownText(page, `Waiting for ${SOME_WALLET.name}.`)).toBeVisible();
  await wallet.release(page);
  await expect(headerWallet(page, first)).toBeVisible();
});

test("an answer that comes after the user chose another wallet changes nothing", async ({ page, wallet }) => {
  await wallet.hold(page, REQUEST);
  await connectWallet(page, SOME_WALLET.name);
  await page.getByRole("dialog").getByRole("button", { name: "Sandbox wallet" }).click();
  await expect(finishedSteps(page).getByText(first)).toBeVisible();
  await wallet.change(page, { accounts: [three ?? "0x"] });
  await wallet.release(page);
  await expect.poll(() => wallet.asked(page)).toContain("wallet_revokePermissions");
  await expect(headerWallet(page, first)).toBeVisible();
});

test("of two wallets, the one that is not connected does not take over", async ({ page, wallet, context, sandbox }) => {
  const other = { name: "Other Wallet", rdns: "test.other", accounts: [three ?? "0x"] };
  const otherWallet = await InjectedWallet.install(context, sandbox.rpcUrl, other);
  await page.reload();
  await connectWallet(page, SOME_WALLET.name);
  await expect(headerWallet(page, first)).toBeVisible();
  await otherWallet.change(page, { permitted: true });
  await wallet.change(page, { accounts: [two ?? "0x"] });
  await expect(headerWallet(page, second)).toBeVisible();

  await page
    .getByRole("banner")
    .getByRole("button", { name: /^Wallet 0x/ })
    .click();
  await page.getByRole("menuitem", { name: "Use another wallet" }).click();
  await page.getByRole("dialog").getByRole("button", { name: other.name }).click();
  await expect(headerWallet(page, third)).toBeVisible();
});

test("a chain that the wallet does not know is added to it", async ({ page, wallet }) => {
  await wallet.change(page, { chainId: 1, knownChains: [1] });
  await connectWallet(page, SOME_WALLET.name);
  await page.getByRole("button", { name: "Switch to Sandbox chain" }).click();
  await expect(finishedSteps(page).getByText(first)).toBeVisible();
  expect(await wallet.asked(page)).toContain("wallet_addEthereumChain");
});

test("a wallet that answers and stays is shown the network to enter by hand", async ({ page, wallet }) => {
  await wallet.change(page, { chainId: 1, stays: true });
  await connectWallet(page, SOME_WALLET.name);
  await page.getByRole("button", { name: "Switch to Sandbox chain" }).click();
  await expect(
    page.getByRole("alert").filter({ hasText: "Your wallet did not switch to Sandbox chain." }),
  ).toBeVisible();
  await expect(page.getByLabel("Network details")).toContainText(String(SOME_WALLET.chainId));
  expect(await wallet.asked(page)).toContain("wallet_addEthereumChain");
  await wallet.change(page, { chainId: SOME_WALLET.chainId });
  await expect(finishedSteps(page).getByText(first)).toBeVisible();
});

test("announcements that are broken spoil no other wallet", async ({ page, wallet: _wallet, context }) => {
  await context.addInitScript(() => {
    const icon = "data:image/png;base64,AA==";
    const info = { uuid: "1", name: "Broken", icon, rdns: "test.broken" };
    const provider = { request: () => Promise.resolve(null) };
    const details: unknown[] = [
      null,
      {},
      { info: { ...info, icon: 7 }, provider },
      { info: { ...info, name: undefined }, provider },
      { info, provider: null },
    ];
    const announce = () => {
      for (const detail of details) window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    };
    window.addEventListener("eip6963:requestProvider", announce);
    window.addEventListener("load", announce);
  });
  await page.reload();
  await connectWallet(page, SOME_WALLET.name);
  await expect(headerWallet(page, first)).toBeVisible();
});

test("a declined network switch is explained and can be repeated", async ({ page, wallet }) => {
  await wallet.change(page, { chainId: 1 });
  await connectWallet(page, SOME_WALLET.name);
  await wallet.refuse(page, "wallet_switchEthereumChain");
  const button = page.getByRole("button", { name: "Switch to Sandbox chain" });
  await button.click();
  await expect(shownText(page, "You declined the switch. Your wallet is still on the other network.")).toBeVisible();
  await button.click();
  await expect(finishedSteps(page).getByText(first)).toBeVisible();
});

base("a wallet that does not announce itself is found at window.ethereum", async ({ page, context, app, sandbox }) => {
  await InjectedWallet.install(context, sandbox.rpcUrl, { announced: false });
  await connectContext(context, app.url);
  await page.goto("/");
  await connectWallet(page, "Browser wallet");
  await expect(headerWallet(page, first)).toBeVisible();
  await page.reload();
  await expect(headerWallet(page, first)).toBeVisible();
});
