import { expect, SIGN_IN, test } from "@/tests/support/browser/browser-test";
import { openFinishedSteps, shownText } from "@/tests/support/browser/shown-text";

test("signing in, connecting and approving as Ada ends at her entity", async ({ salePage, page, app }) => {
  await salePage.connectAs("Ada Lovelace");
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await openFinishedSteps(page);
  await expect(page.getByRole("listitem").filter({ hasText: "Ada Lovelace" }).last()).toContainText("Eligible");
  await expect(shownText(page, "ada@example.com")).toBeVisible();
  await expect(shownText(page, "Your entity can take part.")).toBeVisible();
  await expect(shownText(page, "Analytical Engines")).toBeVisible();
  await expect(page.getByRole("banner").getByText("Sonar connected")).toBeVisible();
});

test("the page offers exactly one primary step at a time, and never a link into the flow", async ({
  salePage,
  page,
}) => {
  const steps = page.getByRole("list", { name: "Steps" });
  await salePage.open();
  await expect(steps.getByRole("button")).toHaveText([SIGN_IN]);
  await salePage.signIn();
  await expect(steps.getByRole("button")).toHaveText(["Connect with Sonar"]);
  await expect(page.locator("a[href*='/auth/'], a[href*='/oauth/authorize']")).toHaveCount(0);
});

test("one press signs in and begins connecting, and a refusal on Sonar leaves the user signed in", async ({
  salePage,
  page,
  context,
}) => {
  await salePage.open();
  await salePage.button(SIGN_IN).click();
  await salePage.deny();
  await expect(salePage.button("Connect again")).toBeVisible();
  expect((await context.cookies()).map(({ name }) => name)).toContain("session");
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

/** Runs in the page: presses twice before any answer can arrive, and returns for each press if it was prevented. */
function pressTwice(button: HTMLElement): boolean[] {
  const heldBack: boolean[] = [];
  document.addEventListener("submit", (event) => {
    heldBack.push(event.defaultPrevented);
    event.preventDefault();
  });
  button.click();
  button.click();
  return heldBack;
}

test("a second press of Connect is prevented while the first is pending", async ({ salePage, page }) => {
  await salePage.open();
  await salePage.signIn();
  await page.waitForLoadState("networkidle");
  const connect = salePage.button("Connect with Sonar");
  expect(await connect.evaluate(pressTwice)).toEqual([false, true]);
  await expect(connect).toHaveAttribute("aria-busy", "true");
});

test("going back from the consent page leaves a button that can be pressed again", async ({ salePage, page }) => {
  await salePage.open();
  await salePage.signIn();
  await salePage.beginConnect();
  await page.goBack();
  await salePage.beginConnect();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("disconnecting removes the entities from the page and keeps the user signed in", async ({ salePage, page }) => {
  await salePage.connectAs("Ada Lovelace");
  await salePage.disconnect();
  await expect(page.getByText("Ada Lovelace")).toHaveCount(0);
  await expect(page.getByText("ada@example.com")).toHaveCount(0);
  await expect(salePage.button("Sign out")).toBeVisible();
  await page.reload();
  await expect(salePage.button("Connect with Sonar")).toBeVisible();
});

test("after signing out and in again nothing of the earlier user remains", async ({ salePage, page }) => {
  await salePage.connectAs("Ada Lovelace");
  await salePage.signOut();
  await expect(page.getByText("Ada Lovelace")).toHaveCount(0);
  await salePage.signIn();
  await expect(page.getByText("Ada Lovelace")).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText("Ada Lovelace")).toHaveCount(0);
});
