import { expect, test } from "@/tests/support/browser/own-app-test";
import { shownText } from "@/tests/support/browser/shown-text";

const PUBLIC_DATA = "/sonar/v1/public/read-commitment-data";

test.use({ expectedProblems: [/Failed to load resource: .*\/api\/commitments\)/] });

test.beforeEach(async ({ ownApp }) => {
  // The figures are shared by all visitors of a process: only a new one has none.
  await ownApp.killAndRestart();
});

test("the panel says that the figures cannot be read, and shows them when trying again works", async ({
  page,
  sandbox,
}) => {
  await sandbox.control.setFault({ endpoint: PUBLIC_DATA, effect: { kind: "status", status: 500 } });
  await page.goto("/");
  const panel = page.getByRole("region", { name: "The sale" });
  await expect(panel.getByRole("alert")).toContainText("Sonar had an internal error.");
  await expect(panel.getByText("Committed over time")).toHaveCount(0);
  await sandbox.control.clearFaults();
  // For a second after a failure, Echo is left alone.
  await expect(async () => {
    await panel.getByRole("button", { name: "Try again" }).click({ timeout: 1_000 });
    await expect(shownText(page, "by 321 participants")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(panel.getByRole("alert")).toHaveCount(0);
});

test("the last figures stay when a poll fails, and are marked as old", async ({ page }) => {
  await page.clock.install();
  await page.goto("/");
  const panel = page.getByRole("region", { name: "The sale" });
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.route("**/api/commitments", (route) => route.abort());
  await page.clock.runFor(16_000);
  await expect(panel.getByText("This may be out of date.")).toBeVisible();
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  await page.unroute("**/api/commitments");
  await panel.getByRole("status").getByRole("button", { name: "Try again" }).click();
  await expect(panel.getByText("This may be out of date.")).toHaveCount(0);
});

test("many visitors at once lead to one request to Echo for the figures", async ({ page, context, sandbox }) => {
  await sandbox.control.setFault({ endpoint: PUBLIC_DATA, latencyMs: 300 });
  await Promise.all([1, 2, 3, 4, 5].map(() => context.request.get("/api/commitments")));
  await page.goto("/");
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  expect(await sandbox.control.requests(PUBLIC_DATA)).toHaveLength(1);
});
