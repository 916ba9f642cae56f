import type { Page } from "@playwright/test";
import { shortenAddress } from "@/lib/sale/hex";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { expectNoAxeViolations } from "@/tests/support/browser/axe";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext, connectWallet } from "@/tests/support/browser/connect-browser";
import { deferred } from "@/tests/support/deferred";
import { finishedSteps } from "@/tests/support/browser/shown-text";

const [first = "", second = ""] = FUNDED_WALLETS.map(shortenAddress);

function headerWallet(page: Page, address: string) {
  return page.getByRole("banner").getByRole("button", { name: `Wallet ${address}` });
}

async function chooseInMenu(page: Page, role: "menuitem" | "menuitemradio", name: string): Promise<void> {
  await page
    .getByRole("banner")
    .getByRole("button", { name: /^Wallet 0x/ })
    .click();
  await page.getByRole(role, { name }).click();
}

// A request that a test aborts. One pattern: Playwright takes an array of two for a value and its options.
test.use({ expectedProblems: [/ERR_FAILED/] });

test.beforeEach(async ({ page, context, app }) => {
  await connectContext(context, app.url);
  await page.goto("/");
});

test("the sandbox's wallet can be connected, change its account and be disconnected", async ({ page }) => {
  await expect(page.getByRole("banner").getByRole("button", { name: /^Wallet/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Connect wallet" }).click();
  await expect(headerWallet(page, first), "the only wallet needs no choice").toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(finishedSteps(page).getByText(first)).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Amount/ }), "the next thing to do").toBeFocused();
  await expect(page.getByRole("log")).toContainText("Wallet connected.");

  await chooseInMenu(page, "menuitem", "Use another wallet");
  await expect(page.getByRole("dialog", { name: "Connect a wallet" })).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("button", { name: "Sandbox wallet" })).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await chooseInMenu(page, "menuitemradio", second);
  await expect(headerWallet(page, second)).toBeVisible();
  await chooseInMenu(page, "menuitem", "Disconnect wallet");
  await expect(page.getByRole("button", { name: "Connect wallet" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Connect wallet" })).toBeVisible();
  await expect(headerWallet(page, second)).toHaveCount(0);
});

test("after a reload the document already names the wallet, and the header does not move when it is back", async ({
  page,
  context,
}) => {
  await connectWallet(page, "Sandbox wallet");
  await chooseInMenu(page, "menuitemradio", second);
  await expect(headerWallet(page, second)).toBeVisible();

  const header = /<header.*?<\/header>/s.exec(await (await context.request.get("/")).text())?.[0];
  expect(header).toContain(second);
  const measured = deferred<void>();
  await page.route("**/*.js", async (route) => {
    await measured.promise;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  await expect(page.getByRole("banner").getByText("Reconnecting wallet")).toBeVisible();
  // Wait for styles and fonts: a position measured before them would differ.
  await page.waitForFunction(() => {
    const styles = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
    return styles.length > 0 && styles.every(({ sheet }) => sheet !== null);
  });
  await page.evaluate(() => document.fonts.ready);
  const place = await page.getByRole("banner").getByText(second).boundingBox();
  measured.resolve();
  await expect(headerWallet(page, second)).toBeVisible();
  expect(await page.getByRole("banner").getByText(second).boundingBox()).toEqual(place);
});

test("a reload that interrupts another one does not forget the wallet", async ({ page, sandbox }) => {
  await connectWallet(page, "Sandbox wallet");
  await expect(headerWallet(page, first)).toBeVisible();
  // What a browser does with the requests of a page that it leaves, while the page still runs.
  await page.route(`${sandbox.rpcUrl}/**`, (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("banner").getByText("Reconnecting wallet")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Connect wallet" })).toBeVisible();
  await page.unroute(`${sandbox.rpcUrl}/**`);
  await page.reload();
  await expect(headerWallet(page, first)).toBeVisible();
});

test("a wallet on another network is named, and the step leads back", async ({ page }) => {
  await connectWallet(page, "Sandbox wallet");
  await chooseInMenu(page, "menuitem", "Switch to another network");
  await expect(headerWallet(page, `${first}, on a different network than the sale`)).toBeVisible();
  await page.getByRole("button", { name: "Switch to Sandbox chain" }).click();
  await expect(finishedSteps(page).getByText(first)).toBeVisible();
});

test("a cookie that contains no address is ignored", async ({ page, context, app }) => {
  await context.addCookies([{ name: "wallet", value: "%22%3E%3Cscript%3E", url: app.url }]);
  await page.reload();
  await expect(page.getByRole("button", { name: "Connect wallet" })).toBeVisible();
  await expect(page.getByRole("banner").getByText("Reconnecting wallet")).toHaveCount(0);
});
