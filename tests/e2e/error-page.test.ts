import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext, signInContext } from "@/tests/support/browser/connect-browser";
import { shownText } from "@/tests/support/browser/shown-text";

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "constructor",
  "__proto__",
  "a".repeat(3_000),
];

for (const parameter of ["code", "reason", "message", "error_description", "state"]) {
  test(`the query parameter "${parameter}" is never shown`, async ({ page }) => {
    for (const value of HOSTILE) {
      const query = new URLSearchParams({ [parameter]: value });
      const document = await page.request.get(`/oauth/error?${query.toString()}`);
      expect(document.status()).toBe(200);
      expect(await document.text()).not.toContain("<script>alert(1)");
    }
    await page.goto(`/oauth/error?${new URLSearchParams({ [parameter]: "<i>call 555-0100</i>" }).toString()}`);
    await expect(shownText(page, "Something went wrong on this site.")).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("555-0100");
    await expect(page.locator("main i")).toHaveCount(0);
  });
}

test("a code given twice is no code", async ({ page }) => {
  await page.goto("/oauth/error?code=oauth/access_denied&code=oauth/invalid_grant");
  await expect(shownText(page, "Reference: request/unexpected")).toBeVisible();
});

test("a failure that only the operator can resolve offers the way home and no retry", async ({
  page,
  context,
  app,
}) => {
  await signInContext(context, app.url);
  await page.goto("/oauth/error?code=oauth/invalid_client");
  await expect(page.getByRole("main")).toContainText(
    "Please report this to the operator of this site. Include the code shown here.",
  );
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  await page.getByRole("link", { name: "Back to the sale" }).click();
  await expect(page).toHaveURL(`${app.url}/`);
});

test("a visitor is offered signing in, which works although the page sends no referrer", async ({
  page,
  app,
  salePage,
}) => {
  const document = await page.goto("/oauth/error?code=oauth/access_denied");
  expect(document?.headers()["referrer-policy"]).toBe("no-referrer");
  await salePage.signIn();
  await expect(page).toHaveURL(`${app.url}/`);
});

test("Connect again on the error page leads to Sonar although the page sends no referrer", async ({
  page,
  context,
  app,
  salePage,
}) => {
  await signInContext(context, app.url);
  await page.goto("/oauth/error?code=oauth/invalid_grant");
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("signing out from the error page works although the page sends no referrer", async ({
  page,
  context,
  app,
  salePage,
}) => {
  await connectContext(context, app.url);
  await page.goto("/oauth/error?code=oauth/invalid_state");
  await salePage.signOut();
  await expect(page).toHaveURL(`${app.url}/`);
});

for (const [code, title] of [
  ["sale/wrong_contract", "What went wrong"],
  ["api/forbidden", "What went wrong"],
  ["session/refused", "Not signed in"],
  ["session/not_ended", "Signed out in this browser only"],
  ["session/not_everywhere", "Signed out in this browser only"],
  ["oauth/invalid_client", "Not connected"],
] as const) {
  test(`the page of ${code} is headed "${title}"`, async ({ page }) => {
    await page.goto(`/oauth/error?code=${code}`);
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
  });
}
