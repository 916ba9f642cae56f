import { expect, SalePage, SIGN_IN, test } from "@/tests/support/browser/browser-test";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

test("two tabs that connect at the same time both finish", async ({ salePage, page, context, sandbox }) => {
  await salePage.open();
  await salePage.signIn();
  const other = new SalePage(await context.newPage());
  await other.open();
  await salePage.beginConnect();
  await other.beginConnect();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await other.approveAs("Ada Lovelace");
  await expect(other.page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  expect((await sandbox.control.requests(EXCHANGE)).map(({ status }) => status)).toEqual([200, 200]);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("one callback opened in two tabs at once is exchanged once, and both tabs end well", async ({
  page,
  context,
  app,
  sandbox,
}) => {
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  const other = await context.newPage();
  // The second tab arrives while the first one's code is being exchanged.
  await sandbox.control.setFault({ endpoint: EXCHANGE, latencyMs: 500 });
  await Promise.all([page.goto(callback.href), other.goto(callback.href)]);
  const ends = [page, other].map((tab) =>
    tab.getByRole("heading", { name: /Ada Lovelace|Your connection is unchanged/ }),
  );
  for (const end of ends) await expect(end).toBeVisible();
  expect((await sandbox.control.requests(EXCHANGE)).map(({ status }) => status)).toEqual([200]);
  await Promise.all([page.goto("/"), other.goto("/")]);
  for (const tab of [page, other]) await expect(tab.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("signing out in one tab removes the account's data from the other", async ({ salePage, page, context, app }) => {
  await connectContext(context, app.url);
  const other = await context.newPage();
  await other.goto("/");
  await expect(other.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await page.goto("/");
  await salePage.signOut();
  await expect(other.getByRole("button", { name: SIGN_IN, exact: true })).toBeVisible();
  await expect(other.getByText("Ada Lovelace")).toHaveCount(0);
});

test("disconnecting and connecting again in one tab appears in the other", async ({ salePage, page, context, app }) => {
  await connectContext(context, app.url);
  const other = await context.newPage();
  await other.goto("/");
  await page.goto("/");
  await salePage.disconnect();
  await expect(other.getByRole("button", { name: "Connect with Sonar" })).toBeVisible();
  await salePage.beginConnect();
  await salePage.approveAs("Ada Lovelace");
  await expect(other.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("tabs that show the same do not reload each other", async ({ page, context, app }) => {
  await connectContext(context, app.url);
  await page.goto("/");
  await page.evaluate(() => document.body.setAttribute("data-seen", "yes"));
  const other = await context.newPage();
  await other.goto("/");
  await other.waitForLoadState("networkidle");
  await expect(page.locator("body")).toHaveAttribute("data-seen", "yes");
});
