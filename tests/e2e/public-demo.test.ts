import { shortenAddress } from "@/lib/sale/hex";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { startPublicDemo, type TestDemo } from "@/tests/support/app/demo-visitor";
import { expectNoAxeViolations } from "@/tests/support/browser/axe";
import { expect, SalePage, test as base } from "@/tests/support/browser/browser-test";
import { connectWallet } from "@/tests/support/browser/connect-browser";
import { PurchasePage } from "@/tests/support/browser/purchase-test";

const test = base.extend<object, { demo: TestDemo }>({
  demo: [
    async ({}, use) => {
      const demo = await startPublicDemo();
      await use(demo);
      await demo.close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ demo }, use) => use(demo.url),
});

// While the demo restarts, an open page's requests fail. One pattern: Playwright takes an array of two for a value and its options.
test.use({ expectedProblems: [/ERR_CONNECTION_REFUSED|status of (4|5)\d\d/] });

test("a visitor commits with a wallet of its own, comes back, and is told when the demo has started anew", async ({
  page,
  salePage,
  demo,
  browser,
}) => {
  await page.clock.install();
  const purchase = new PurchasePage(page);
  const strip = page.getByRole("complementary", { name: "Sandbox" });
  await salePage.connectAs("Ada Lovelace");
  await expect(strip).toContainText("Public demo: nothing here is real.");
  await expect(strip.getByRole("link")).toHaveCount(0);
  await connectWallet(page, "Sandbox wallet");
  await expect(purchase.form.getByText("Balance 100,000.00 USDC")).toBeVisible();
  await expectNoAxeViolations(page);
  await purchase.commit("25");
  await expect(purchase.position).toContainText("Committed25 USD");
  await purchase.form.getByRole("radio", { name: "USDT" }).check();
  await purchase.commit("10");

  await page.reload();
  await expect(purchase.position).toContainText("Committed35 USD");
  for (const wallet of FUNDED_WALLETS) await expect(purchase.position).not.toContainText(shortenAddress(wallet));

  await test.step("another visitor sees nothing of it", async () => {
    const other = await browser.newPage({ baseURL: demo.url });
    await new SalePage(other).connectAs("Ada Lovelace");
    await connectWallet(other, "Sandbox wallet");
    await expect(new PurchasePage(other).form.getByText("Balance 100,000.00 USDC")).toBeVisible();
    await expect(new PurchasePage(other).position).toHaveCount(0);
    await other.close();
  });

  await test.step("an open page loads again when the demo's time is over", async () => {
    await demo.restart();
    await page.clock.fastForward("01:01:00");
    await expect(strip).toContainText("The sale was reset a moment ago");
    // A restart ends connections too; the browser plays the same Ada again, with a wallet that is funded again.
    await salePage.beginConnect();
    await salePage.approveAs("Ada Lovelace");
    await expect(purchase.form.getByText("Balance 100,000.00 USDC")).toBeVisible();
    await expect(purchase.position).toHaveCount(0);
    await purchase.commit("5");
    await expect(purchase.position).toContainText("Committed5 USDC");
  });
});
