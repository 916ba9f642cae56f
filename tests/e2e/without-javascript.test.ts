import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { expectErrorPage } from "@/tests/support/browser/error-page";

test.use({ javaScriptEnabled: false });

test("signing in, connecting, disconnecting and signing out work without JavaScript", async ({
  salePage,
  page,
  app,
}) => {
  await salePage.connectAs("Ada Lovelace");
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(page.locator("body")).toContainText("Ada Lovelace");
  await salePage.disconnect();
  await expect(page.locator("body")).not.toContainText("Ada Lovelace");
  await salePage.signOut();
  await expect(salePage.button("Sign out")).toHaveCount(0);
});

test("signing out ends the connection without JavaScript too", async ({ salePage, page, context, app, sandbox }) => {
  await connectContext(context, app.url);
  await page.goto("/");
  await salePage.signOut();
  await sandbox.control.clearRequests();
  await salePage.signIn();
  await expect(page.locator("body")).not.toContainText("Ada Lovelace");
  expect(await sandbox.control.requests("/externalapi.ListAvailableEntities")).toEqual([]);
});

test("denying and connecting again work without JavaScript", async ({ salePage, page }) => {
  await salePage.open();
  await salePage.signIn();
  await salePage.beginConnect();
  await salePage.deny();
  await expectErrorPage(page, { code: "oauth/access_denied", message: "You chose not to give access." });
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.locator("body")).toContainText("Ada Lovelace");
});

test("controls that only work with JavaScript are not offered without it", async ({ salePage, page }) => {
  await salePage.open();
  await expect(page.getByRole("button", { name: "Colours" })).toBeHidden();
});

test("a sentence says what needs JavaScript, and nothing says that it is still loading", async ({ salePage, page }) => {
  await salePage.open();
  // Playwright's search for text passes over what is in this element.
  const notice = page.locator("noscript");
  await expect(notice.locator("p").last()).toBeVisible();
  const sentence = await notice
    .locator("p")
    .last()
    .evaluate(({ textContent }) => textContent);
  expect(sentence).toMatch(/^You can sign in, connect Sonar, .* switch JavaScript on and reload this page\.$/);
  await expect(page.getByText(/^Loading/).filter({ visible: true })).toHaveCount(0);
});
