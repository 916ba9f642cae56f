import { expect, secondBrowserTest as test } from "@/tests/support/browser/browser-test";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";
import { expectConnectionUnchanged, expectErrorPage } from "@/tests/support/browser/error-page";
import { openFinishedSteps } from "@/tests/support/browser/shown-text";

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

const INVALID_STATE = {
  code: "oauth/invalid_state",
  message: "This connection attempt is already over, or was started in another browser.",
};
const INVALID_CALLBACK = {
  code: "oauth/invalid_callback",
  message: "The address that brought you back is incomplete.",
};
const DENIED = { code: "oauth/access_denied", message: "You chose not to give access." };

function without(callback: URL, parameter: string): string {
  const url = new URL(callback);
  url.searchParams.delete(parameter);
  return url.href;
}

test("denying access is explained, requests no token, and connecting again works from there", async ({
  salePage,
  page,
  sandbox,
}) => {
  await salePage.open();
  await salePage.signIn();
  await salePage.beginConnect();
  await salePage.deny();
  await expectErrorPage(page, DENIED);
  await expect(page.getByRole("heading", { name: "Not connected" })).toBeVisible();
  expect(await sandbox.control.requests(EXCHANGE)).toEqual([]);
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("a used callback is refused and leaves the connection unchanged", async ({ page, context, app, sandbox }) => {
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  await page.goto(callback.href);
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await page.goto(callback.href);
  await expectErrorPage(page, INVALID_STATE);
  await expectConnectionUnchanged(page, "Ada Lovelace");
  expect(await sandbox.control.requests(EXCHANGE)).toHaveLength(1);
});

test("a callback opened in a browser without a session leads to signing in there, and is not used up", async ({
  page,
  context,
  secondBrowser,
  app,
  sandbox,
}) => {
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  const stranger = await secondBrowser.newPage();
  await stranger.goto(callback.href);
  await expectErrorPage(stranger, { code: "session/missing", message: "You are not signed in." });
  await expect(stranger.getByRole("main").getByRole("button")).toHaveText("Sign in");
  expect(await sandbox.control.requests(EXCHANGE)).toEqual([]);
  await page.goto(callback.href);
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("a callback opened by another signed-in user connects them to nothing, and is not used up", async ({
  page,
  context,
  secondBrowser,
  app,
  sandbox,
}) => {
  await connectContext(secondBrowser, app.url, "grace");
  await sandbox.control.clearRequests();
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  const other = await secondBrowser.newPage();
  await other.goto(callback.href);
  await expectErrorPage(other, INVALID_STATE);
  await expectConnectionUnchanged(other, "Grace Hopper");
  expect(await sandbox.control.requests(EXCHANGE)).toEqual([]);
  await page.goto(callback.href);
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

for (const parameter of ["code", "state"]) {
  test(`a callback without ${parameter} is refused, also beside an earlier connection`, async ({
    page,
    context,
    app,
    sandbox,
  }) => {
    await connectContext(context, app.url);
    await sandbox.control.clearRequests();
    await page.goto(without(await pendingCallback(context, app.url, "grace"), parameter));
    await expectErrorPage(page, INVALID_CALLBACK);
    expect(await sandbox.control.requests(EXCHANGE)).toEqual([]);
    await expectConnectionUnchanged(page, "Ada Lovelace");
  });
}

test("denying while connected leaves the earlier connection unchanged", async ({
  page,
  context,
  app,
  salePage,
  sandbox,
}) => {
  await connectContext(context, app.url);
  const callback = await pendingCallback(context, app.url, "grace");
  await sandbox.control.clearRequests();
  const denied = new URL(without(callback, "code"));
  denied.searchParams.set("error", "access_denied");
  denied.searchParams.set("error_description", "<b>call 555-0100</b>");
  await page.goto(denied.href);
  await expectErrorPage(page, DENIED);
  await expect(page.getByText("555-0100")).toHaveCount(0);
  await expectConnectionUnchanged(page, "Ada Lovelace");
  await openFinishedSteps(page);
  await expect(salePage.button("Disconnect Sonar")).toBeVisible();
  expect(await sandbox.control.requests(EXCHANGE)).toEqual([]);
});
