import { gzipSync } from "node:zlib";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext, connectWallet } from "@/tests/support/browser/connect-browser";
import { recordScripts } from "@/tests/support/browser/page-observers";

/** Texts that survive minification and that only wagmi and viem contain. */
const WALLET_MARKS = ["eip6963:requestProvider", "https://wagmi.sh", "https://viem.sh", "wallet_addEthereumChain"];

function marksIn(scripts: ReadonlyMap<string, string>): string[] {
  const text = [...scripts.values()].join("\n");
  return WALLET_MARKS.filter((mark) => text.includes(mark));
}

function gzippedKilobytes(scripts: ReadonlyMap<string, string>): string {
  const bytes = [...scripts.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
  return `${Math.round(bytes / 1000)} kB in ${scripts.size} scripts`;
}

for (const who of ["a visitor", "a connected user without a wallet"]) {
  test(`${who} loads no code for wallets`, async ({ page, context, app }) => {
    if (who !== "a visitor") await connectContext(context, app.url);
    const scripts = recordScripts(page);
    await page.goto("/", { waitUntil: "networkidle" });
    const loaded = await scripts.read();
    test.info().annotations.push({ type: "gzip", description: gzippedKilobytes(loaded) });
    expect(loaded.size).toBeGreaterThan(3);
    expect(marksIn(loaded)).toEqual([]);
  });
}

test("connecting a wallet loads that code, and the page stays as it is", async ({ page, context, app }) => {
  await connectContext(context, app.url);
  const scripts = recordScripts(page);
  await page.goto("/", { waitUntil: "networkidle" });
  // The mark on the element would be gone if React created its component again.
  await page.locator("main").evaluate((main) => main.setAttribute("data-same", ""));
  const before = await scripts.read();
  await connectWallet(page, "Sandbox wallet");
  await expect(page.getByRole("button", { name: /^Wallet 0x/ })).toBeVisible();
  const after = await scripts.read();
  expect(marksIn(after)).toEqual(WALLET_MARKS);
  expect([...after.values()].join(), "WalletConnect is off").not.toContain("irn_publish");
  test.info().annotations.push({
    type: "gzip",
    description: `${gzippedKilobytes(new Map([...after].filter(([url]) => !before.has(url))))} for wallets`,
  });
  await expect(page.locator("main[data-same]")).toBeVisible();
});
