import { readFile } from "node:fs/promises";
import { nodeClient } from "@/sandbox/chain/node-client";
import type { AppProcess } from "@/tests/support/app/app-process";
import { serveApp } from "@/tests/support/browser/browser-test";
import { expect, PurchasePage, test } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { startLaggingNode, type LaggingNode } from "@/tests/support/purchase/lagging-node";
import type { TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

/** Serves the app with a node of its own that can stop or grow old. Browsers have another one, which is well. */
async function serveBehind(
  sandbox: TestSandboxWithChain,
  use: (app: AppProcess, node: LaggingNode) => Promise<void>,
): Promise<void> {
  const node = await startLaggingNode(sandbox.rpcUrl);
  const settings = { RPC_URLS: node.rpcUrl, PUBLIC_RPC_URLS: sandbox.rpcUrl };
  await serveApp(sandbox, (app) => use(app, node), settings).finally(() => node.close());
}

/** Longer than a latest block may be old, in seconds. */
const LONG_AGO = 3_600;

test("a commitment that the server's node does not have yet is said to be missing, in the list and where the file is asked for", async ({
  page,
  context,
  sandbox,
}) => {
  // Each look at a node that is behind waits for it.
  test.setTimeout(120_000);
  await serveBehind(sandbox, async (app, node) => {
    const purchase = new PurchasePage(page, sandbox.control);
    await purchase.openAs(context, app.url, "ada");
    await expect(purchase.amount).toBeVisible();
    node.stoppedAt = await nodeClient(sandbox.rpcUrl).getBlockNumber();
    await purchase.amount.fill("25.50");
    await purchase.submit.click();
    await expect(purchase.confirmed).toBeVisible();

    await page.getByRole("banner").getByRole("link", { name: "Activity" }).click();
    await expect(shownText(page, "Newer entries may be missing")).toBeVisible();
    await expect(shownText(page, "Nothing yet.")).toBeHidden();
    await page.reload();
    await expect(shownText(page, "Newer entries may be missing")).toBeVisible();
    await page.getByRole("link", { name: "Download CSV" }).click();
    const refused = page.getByRole("alert").filter({ hasText: "The file was not made" });
    await expect(refused).toBeVisible();
    // Another try, too, asks for the block that it lacks.
    await refused.getByRole("button").or(refused.getByRole("link")).click();
    await expect(refused).toBeVisible();
    expect(new URL(page.url()).searchParams.get("block")).toMatch(/^\d+$/);

    // So does another try for a receipt, which would otherwise be denied.
    const block = await nodeClient(sandbox.rpcUrl).getBlockNumber();
    await page.goto(`${app.url}/activity/0x12-1?block=${block}`);
    const early = shownText(page, "This entry was not found yet");
    await expect(early).toBeVisible();
    await page.getByRole("link", { name: "Try again" }).click();
    await page.waitForURL(({ searchParams }) => searchParams.get("block") === String(block));
    await expect(early).toBeVisible();
    await page.goto(`${app.url}/activity`);

    node.stoppedAt = undefined;
    await expect(page.getByRole("link", { name: "Committed" })).toBeVisible({ timeout: 15_000 });
    await expect(shownText(page, "Newer entries may be missing")).toBeHidden();
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV" }).click();
    expect(await readFile(await (await file).path(), "utf8")).toContain("25.5");
  });
});

test("a page says of what time it is while the newest block that the server knows is old, and no longer than that", async ({
  page,
  context,
  sandbox,
}) => {
  await serveBehind(sandbox, async (app, node) => {
    node.seemsOlderBy = LONG_AGO;
    await new PurchasePage(page, sandbox.control).openAs(context, app.url, "ada");
    const notice = shownText(page, "This page may be out of date");
    await expect(notice).toBeVisible();
    await page.goto(`${app.url}/activity`);
    await expect(shownText(page, "Newer entries may be missing")).toBeVisible();
    await page.goto(app.url);
    await expect(notice).toBeVisible();
    expect(app.logs()).toContain('"chain.outdated"');
    node.seemsOlderBy = 0;
    await expect(notice).toBeHidden({ timeout: 15_000 });
  });
});
