import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { encodeFunctionData, type Address } from "viem";
import type { Browser, Page } from "@playwright/test";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { saleAbi } from "@/lib/sale/abi";
import { shortenAddress } from "@/lib/sale/hex";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient, send } from "@/sandbox/chain/node-client";
import { expectNoViolationsInAnyLook } from "@/tests/support/browser/axe";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { expect, FIRST_BUYER, reloadUntil, SECOND_BUYER, test } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { commitFor, entityOnChain } from "@/tests/support/purchase/sale-ledger";

/** Calls the sale as one of the sandbox's funded wallets. */
async function callSale(rpcUrl: string, from: Address, data: `0x${string}`): Promise<void> {
  await send(nodeClient(rpcUrl), { from, to: SANDBOX_SALE, data });
}

/** The rows of the list: what happened and how much, the newest first. */
async function rows(page: Page): Promise<string[]> {
  const table = page.getByRole("table", { name: "Activity" });
  const all = await table
    .getByRole("row")
    .filter({ has: page.getByRole("link") })
    .all();
  return Promise.all(
    all.map(async (row) => {
      const title = await row.getByRole("link").first().locator("span").first().textContent();
      return `${title} ${await row.getByRole("cell").nth(1).locator(".tabular-nums").textContent()}`;
    }),
  );
}

/** Expects the same list at once, after a reload, and in another browser of Ada's, which it returns. */
async function expectEverywhere(page: Page, browser: Browser, appUrl: string, list: readonly string[]): Promise<Page> {
  await page.goto(`${appUrl}/activity`);
  await expect.poll(() => rows(page)).toEqual(list);
  await page.reload();
  await expect.poll(() => rows(page)).toEqual(list);
  const other = await browser.newContext({ baseURL: appUrl });
  await connectContext(other, appUrl, "ada");
  const elsewhere = await other.newPage();
  await elsewhere.goto("/activity");
  await expect.poll(() => rows(elsewhere)).toEqual(list);
  return elsewhere;
}

async function download(page: Page): Promise<Record<string, string>[]> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^activity-\d{4}-\d\d-\d\d\.csv$/);
  return parse(await readFile(await file.path(), "utf8"), { bom: true, columns: true });
}

test("the activity is the same after a reload and in another browser, and follows a commitment, an addition, a reduction, a cancellation and a refund", async ({
  page,
  context,
  browser,
  app,
  sandbox,
}) => {
  const { chain } = sandbox.control;
  await connectContext(context, app.url, "ada");
  await page.goto("/activity");
  await expect(page).toHaveTitle(/^Activity/);
  await expect(shownText(page, "Nothing yet.")).toBeVisible();
  expect(await download(page)).toEqual([]);

  await commitFor(sandbox.rpcUrl, entityOnChain("ada"), FIRST_BUYER, 100_000_000n);
  await commitFor(sandbox.rpcUrl, entityOnChain("ada"), FIRST_BUYER, 125_500_000n);
  await commitFor(sandbox.rpcUrl, entityOnChain("grace"), SECOND_BUYER, 77_000_000n);
  const committed = ["Added 25.50 USDC", "Committed 100 USDC"];
  await (await expectEverywhere(page, browser, app.url, committed)).context().close();

  await chain.setReduceCommitment(true);
  await chain.setStage("Cancellation");
  const back = [{ wallet: FIRST_BUYER, token: SANDBOX_TOKENS.usdc, amount: 5_500_000n }];
  const abi = saleAbi;
  await callSale(
    sandbox.rpcUrl,
    FIRST_BUYER,
    encodeFunctionData({ abi, functionName: "reduceCommitment", args: [back] }),
  );
  await callSale(sandbox.rpcUrl, SECOND_BUYER, encodeFunctionData({ abi, functionName: "cancelBid" }));
  await chain.forceReduce("usdc", FIRST_BUYER, 20_000_000n);
  await chain.settle(40);
  await chain.processRefunds();
  await page.reload();
  const all = [
    "Refund sent 60 USDC",
    "Allocated 40 USDC",
    "Taken down 20 USDC",
    "Reduced 5.50 USDC",
    "Added 25.50 USDC",
    "Committed 100 USDC",
  ];
  await expect.poll(() => rows(page)).toEqual(all);
  expect(await page.getByRole("main").innerHTML(), "nobody else's entries").not.toContain(SECOND_BUYER);
  await expectNoViolationsInAnyLook(page);

  const file = await download(page);
  expect(file.map(({ Type, Paid, Received, Accepted }) => [Type, Paid, Received, Accepted])).toEqual([
    ["Refund sent", "", "60", ""],
    ["Allocated", "", "", "40"],
    ["Taken down", "", "20", ""],
    ["Reduced", "", "5.5", ""],
    ["Added", "25.5", "", ""],
    ["Committed", "100", "", ""],
  ]);
  expect(new Set(file.map(({ Wallet }) => Wallet))).toEqual(new Set([FIRST_BUYER]));

  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  await expect(page.getByText(FIRST_BUYER).first()).toBeVisible();
  await expect(page.getByText(file[0]?.["Transaction"] ?? "-", { exact: true }).last()).toBeVisible();
  await page.emulateMedia({ media: "screen" });

  await page.getByRole("link", { name: "Reduced" }).click();
  await expect(page).toHaveTitle(/^Receipt/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Reduced: 5.50 USDC");
  await expect(shownText(page, file[3]?.["Transaction"] ?? "-")).toBeVisible();
  await expectNoViolationsInAnyLook(page);
});

test("a cancellation is in the activity after a reload and in another browser, with its receipt", async ({
  page,
  browser,
  app,
  sandbox,
}) => {
  await page.goto(await sandbox.control.scenario("cancellation", app.url));
  const cancel = page.getByRole("button", { name: "Cancel commitment" });
  await reloadUntil(page, cancel);
  await cancel.click();
  await page.getByRole("button", { name: "Cancel permanently" }).click();
  await expect(page.getByRole("heading", { name: "Your commitment is cancelled" })).toBeVisible();
  const ended = ["Cancelled 250 USDC", "Committed 250 USDC"];
  const elsewhere = await expectEverywhere(page, browser, app.url, ended);
  const file = await download(elsewhere);
  expect(file.map(({ Type, Paid, Received }) => [Type, Paid, Received])).toEqual([
    ["Cancelled", "", "250"],
    ["Committed", "250", ""],
  ]);
  await elsewhere.getByRole("link", { name: "Cancelled" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1 })).toHaveText("Cancelled: 250 USDC");
  await expect(shownText(elsewhere, file[0]?.["Transaction"] ?? "-")).toBeVisible();
  await elsewhere.context().close();
});

test("another user sees neither these entries nor their receipts, and a file needs a connection", async ({
  page,
  context,
  browser,
  app,
  sandbox,
}) => {
  await commitFor(sandbox.rpcUrl, entityOnChain("ada"), FIRST_BUYER, 100_000_000n);
  await connectContext(context, app.url, "ada");
  await page.goto("/activity");
  const receipt = page.getByRole("link", { name: "Committed" });
  await expect(receipt).toBeVisible();
  const path = (await receipt.getAttribute("href")) ?? "";
  await page.goto(path);
  await expect(shownText(page, FIRST_BUYER)).toBeVisible();

  const other = await browser.newContext({ baseURL: app.url });
  const stranger = await other.newPage();
  await stranger.goto("/activity/export");
  await expect(stranger).toHaveURL(/\/activity\?file=session/);
  await expect(stranger.getByRole("main").getByRole("button", { name: /^Sign in/ })).toBeVisible();
  await connectContext(other, app.url, "grace");
  await stranger.goto(path);
  await expect(shownText(stranger, "There is no such entry")).toBeVisible();
  await stranger.goto("/activity");
  await expect(shownText(stranger, "Nothing yet.")).toBeVisible();
  await expect(stranger.getByRole("main")).not.toContainText(shortenAddress(FIRST_BUYER));
  await other.close();
});

test("a chain that cannot be reached is a failure with a way out", async ({ page, context, app, sandbox }) => {
  await commitFor(sandbox.rpcUrl, entityOnChain("ada"), FIRST_BUYER, 100_000_000n);
  await connectContext(context, app.url, "ada");
  await sandbox.control.setFault({ endpoint: "*", effect: { kind: "status", status: 500 } });
  await page.goto("/activity");
  await expect(page.getByRole("alert").filter({ hasText: "had an internal error" })).toBeVisible();
  await page.goto("/activity/export");
  await expect(page).toHaveURL(/\/activity\?file=api/);
  await sandbox.control.clearFaults();
  await page.getByRole("button", { name: "Try again" }).first().click();
  await reloadUntil(page, page.getByRole("link", { name: "Committed" }));
});
