import { connectContext } from "@/tests/support/browser/connect-browser";
import { expect, test } from "@/tests/support/browser/own-app-test";

test("a user stays signed in and connected when the server is killed and started again", async ({
  page,
  context,
  ownApp,
  sandbox,
}) => {
  await connectContext(context, ownApp.url);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  // A file whose loading the kill interrupts (for example the icon) would be reported as a problem of the page.
  await page.waitForLoadState("networkidle");
  await ownApp.killAndRestart();
  await sandbox.control.clearRequests();
  const html = await (await context.request.get("/")).text();
  expect(html).toContain("Ada Lovelace");
  expect(await sandbox.control.requests("/externalapi.ListAvailableEntities")).toHaveLength(1);
  expect(await sandbox.control.requests("/oauth.ExchangeAuthorizationCodeV2")).toEqual([]);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("an authorization that began before the server was killed is completed afterwards", async ({
  page,
  salePage,
  ownApp,
}) => {
  await salePage.open();
  await salePage.signIn();
  await salePage.beginConnect();
  await ownApp.killAndRestart();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});
