import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { FIRST_BUYER, returnToPage } from "@/tests/support/browser/purchase-test";
import { finishedSteps, shownEntities } from "@/tests/support/browser/shown-text";

const LIST = "/externalapi.ListAvailableEntities";

test("several entities keep their best-first order over reloads although Sonar's order changes", async ({
  page,
  context,
  app,
}) => {
  await connectContext(context, app.url, "katherine");
  const orders: string[] = [];
  for (let load = 0; load < 3; load += 1) {
    await page.goto("/");
    orders.push((await shownEntities(page)).map(({ name, badge }) => `${name}: ${badge}`).join(", "));
  }
  const bestFirst = "Katherine Johnson: Eligible, Johnson Orbital LLC: Eligible, Katherine Johnson: Not started";
  expect(orders).toEqual([bestFirst, bestFirst, bestFirst]);
});

test("a setup link opens Sonar in a new tab that cannot control this one", async ({ page, context, app, sandbox }) => {
  await connectContext(context, app.url, "alan");
  await page.goto("/");
  const link = page.getByRole("link", { name: "Continue on Sonar" });
  await expect(link).toHaveAttribute("href", `${sandbox.origin}/sonar/${SANDBOX_SALE_UUID}/home`);
  await expect(link).toHaveAttribute("rel", /noopener/);
  const [opened] = await Promise.all([context.waitForEvent("page"), link.click()]);
  await expect(opened.getByRole("heading")).toContainText("verification");
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  await expect(page).toHaveURL(`${app.url}/`);
});

test("a label full of markup is shown as text and runs nothing", async ({ page, context, app }) => {
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  await connectContext(context, app.url, "labels");
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "</script><script>alert(2)</script>" })).toBeVisible();
  await expect(page.locator("main img")).toHaveCount(0);
  expect(dialogs).toEqual([]);
});

test("nothing is wider than a phone, whatever a label holds", async ({ page, context, app }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const persona of ["labels", "katherine"]) {
    await connectContext(context, app.url, persona);
    await page.goto("/");
    await expect(page.getByRole("list", { name: "Your entities" })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  }
});

test("the page says that there is no entity only after a second read of the list", async ({
  page,
  context,
  app,
  sandbox,
}) => {
  await connectContext(context, app.url, "nobody");
  await sandbox.control.clearRequests();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "No entity yet" })).toBeVisible();
  expect(await sandbox.control.requests(LIST)).toHaveLength(3);
  const link = page.getByRole("link", { name: "Set up on Sonar" });
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", /noopener/);
});

test("an entity that Sonar lists only at the third read is there at once for the user", async ({
  page,
  context,
  app,
  sandbox,
}) => {
  await connectContext(context, app.url, "slow");
  await sandbox.control.clearRequests();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Konrad Zuse" })).toBeVisible();
  await expect(page.getByText("No entity yet")).toHaveCount(0);
  expect(await sandbox.control.requests(LIST)).toHaveLength(3);
});

test("a state that this app does not know offers nothing to press", async ({ page, context, app }) => {
  await connectContext(context, app.url, "unlisted");
  await page.goto("/");
  const card = page.getByRole("list", { name: "Your entities" });
  await expect(card).toContainText("does not know yet");
  await expect(card.getByRole("link")).toHaveCount(0);
  await expect(card.getByRole("button")).toHaveCount(0);
});

test("between two eligible entities nothing is sent before the choice, which the next visit remembers", async ({
  page,
  context,
  app,
  sandbox,
}) => {
  await connectContext(context, app.url, "katherine");
  // A wallet that was connected at an earlier visit, so that only the choice is missing.
  await context.addCookies([{ name: "wallet", value: FIRST_BUYER, url: app.url }]);
  await sandbox.control.clearRequests();
  const asked = async () => {
    const paths = (await sandbox.control.requests()).map(({ path }) => path);
    return paths.filter((path) => /PrePurchaseCheck|GenerateSalePurchasePermit/.test(path));
  };
  await page.goto("/");
  const choice = page.getByRole("form", { name: "Who takes part?" });
  await expect(choice.getByRole("radio")).toHaveCount(2);
  await expect(choice.getByRole("radio", { checked: true })).toHaveCount(0);
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("form", { name: "Commitment" })).toHaveCount(0);
  expect(await asked()).toEqual([]);
  await choice.getByRole("radio", { name: "Johnson Orbital LLC" }).check();
  expect(await asked()).toEqual([]);
  await choice.getByRole("button", { name: "Continue as Johnson Orbital LLC" }).click();
  await expect(finishedSteps(page).getByText("Johnson Orbital LLC")).toBeVisible();
  await page.reload();
  await expect(finishedSteps(page).getByText("Johnson Orbital LLC")).toBeVisible();
});

test("another account that is connected in another tab puts nobody in place of who takes part", async ({
  page,
  context,
  app,
}) => {
  await connectContext(context, app.url, "ada");
  await context.addCookies([{ name: "wallet", value: FIRST_BUYER, url: app.url }]);
  await page.goto("/");
  await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  await connectContext(context, app.url, "grace");
  const choice = page.getByRole("form", { name: "Who takes part?" });
  await expect(async () => {
    // A page whose scripts have only just begun misses it.
    await returnToPage(page);
    await expect(choice.getByRole("radio")).toHaveCount(1, { timeout: 2_000 });
  }).toPass();
  await expect(choice.getByRole("radio", { checked: true })).toHaveCount(0);
  await expect(page.getByRole("form", { name: "Commitment" })).toHaveCount(0);
});
