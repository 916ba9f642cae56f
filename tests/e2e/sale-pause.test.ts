import { DECLINE } from "@/lib/purchase/decline";
import { PHASE_WORDS } from "@/lib/sale/phase";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { expect, test } from "@/tests/support/browser/own-app-test";
import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { PurchasePage } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";

const { sentence } = PHASE_WORDS["paused-by-site"];

test.use({ upstreamTimeoutMs: 10_000 });

let commands: OperatorCommands;

test.beforeAll(async () => {
  commands = await compileOperatorCommands();
});
test.afterAll(() => commands.remove());

/** Runs `npm run sale -- ACTION` for the app with this file. */
async function sale(action: "pause" | "resume", databaseFile: string): Promise<void> {
  const { exitCode, output } = await commands.run("sale", [action], { DATABASE_URL: `file:${databaseFile}` });
  expect(exitCode, output).toBe(0);
}

test.afterEach(({ ownApp }) => sale("resume", ownApp.databaseFile));

test("an open page says that commitments are paused in the form's place, and later shows the form with what was typed", async ({
  page,
  context,
  sandbox,
  ownApp,
}) => {
  const purchase = new PurchasePage(page, sandbox.control);
  await purchase.openAs(context, ownApp.url, "ada");
  await purchase.amount.fill("250");
  await sale("pause", ownApp.databaseFile);
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByText(sentence)).toBeVisible();
  await expect(purchase.form).toHaveCount(0);
  await expect(page.getByRole("log", { name: "Announcements" })).toContainText(sentence);
  // The field that had the focus is gone: a keyboard must not start again at the top of the page.
  await expect(page.locator("body")).not.toBeFocused();
  await sale("resume", ownApp.databaseFile);
  await expect(purchase.amount).toHaveValue("250");
});

test("a press that comes before the page knows is refused with a sentence of its own, and nothing is sent", async ({
  page,
  context,
  sandbox,
  ownApp,
}) => {
  const purchase = new PurchasePage(page, sandbox.control);
  await purchase.openAs(context, ownApp.url, "ada");
  await purchase.tickTerms();
  await purchase.amount.fill("250");
  const before: unknown = await (await context.request.get("/api/sale")).json();
  await page.route("**/api/sale", (route) => route.fulfill({ json: before }));
  await sale("pause", ownApp.databaseFile);
  await purchase.submit.click();
  await expect(shownText(page, "This site has paused new commitments.")).toBeVisible();
  await expect(shownText(page, "Nothing was sent.")).toBeVisible();
  expect(await sandbox.control.chain.state()).toMatchObject({ entities: 0 });
});

test("a wallet that asks meanwhile is to be declined, for the contract could still take the amount", async ({
  page,
  context,
  sandbox,
  ownApp,
}) => {
  const wallet = await InjectedWallet.install(context, sandbox.rpcUrl);
  const purchase = new PurchasePage(page, sandbox.control);
  await purchase.openAs(context, ownApp.url, "ada", SOME_WALLET.name);
  await purchase.tickTerms();
  await purchase.amount.fill("250");
  await wallet.holdWhile(page, "eth_sendTransaction", () => purchase.submit.click());
  await sale("pause", ownApp.databaseFile);
  await expect(purchase.steps).toContainText(DECLINE["paused-by-site"]);
  await expect(purchase.steps).not.toContainText("would cost a network fee");
  await wallet.refuse(page, "eth_sendTransaction");
  await wallet.release(page);
  await expect(shownText(page, "You declined in your wallet. Nothing was sent.").first()).toBeVisible();
});
