import type { Page } from "@playwright/test";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { recordDataRequests } from "@/tests/support/browser/page-observers";
import { openFinishedSteps, shownText } from "@/tests/support/browser/shown-text";
import type { TestSandbox } from "@/tests/support/sandbox/test-sandbox";

const LIST = "/externalapi.ListAvailableEntities";
const REFRESH = "/oauth.RefreshAccessToken";

test.beforeEach(async ({ context, app, sandbox }) => {
  await connectContext(context, app.url);
  await sandbox.control.clearRequests();
});

/** The step in its place; until then, the stream holds further copies of it. */
function entityStep(page: Page) {
  return page.locator("[data-step=entity]").filter({ visible: true });
}

async function requestsTo(sandbox: TestSandbox, path: string): Promise<number> {
  return (await sandbox.control.requests(path)).length;
}

test("a failed read of the entities is explained in their place, and retrying shows them", async ({
  page,
  sandbox,
}) => {
  await sandbox.control.setFault({ endpoint: LIST, effect: { kind: "status", status: 500 } });
  await page.goto("/");
  const step = entityStep(page);
  await expect(step.getByText("Your entities could not be loaded.")).toBeVisible();
  await expect(step.getByRole("alert")).toContainText("Sonar had an internal error.");
  await expect(shownText(page, "Analytical Engines")).toBeVisible();
  await sandbox.control.clearFaults();
  await step.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await expect(step.getByRole("alert")).toHaveCount(0);
});

test("a failed read is not repeated automatically", async ({ page, sandbox }) => {
  await sandbox.control.setFault({ endpoint: LIST, effect: { kind: "status", status: 503 } });
  const requests = recordDataRequests(page);
  await page.goto("/");
  await expect(entityStep(page).getByRole("alert")).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(requests).toEqual([]);
  expect(await requestsTo(sandbox, LIST)).toBe(1);
});

test("failed investments are explained in their own place and do not affect the entities", async ({
  page,
  sandbox,
}) => {
  const endpoint = "/externalapi.ReadEntityInvestmentHistory";
  await sandbox.control.setFault({ endpoint, effect: { kind: "malformed-json" } });
  await page.goto("/");
  const investments = page.getByRole("region", { name: "Earlier investments" });
  await expect(investments.getByRole("alert")).toContainText("something this site cannot read");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await sandbox.control.clearFaults();
  await investments.getByRole("button", { name: "Try again" }).click();
  await expect(investments.getByText("Analytical Engines")).toBeVisible();
});

test("a refresh that fails with 500 keeps the connection, and retrying works once Sonar does", async ({
  page,
  sandbox,
  salePage,
}) => {
  await sandbox.control.expireAccessTokens();
  await sandbox.control.setFault({ endpoint: REFRESH, effect: { kind: "status", status: 500 } });
  await page.goto("/");
  const step = entityStep(page);
  await expect(step.getByRole("alert")).toBeVisible();
  await openFinishedSteps(page);
  await expect(salePage.button("Disconnect Sonar")).toBeVisible();
  await page.getByText("Close", { exact: true }).filter({ visible: true }).click();
  await expect(salePage.button("Connect again")).toHaveCount(0);
  await sandbox.control.clearFaults();
  await step.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

for (const status of [400, 401]) {
  test(`a refresh that is refused with ${status} asks once to connect again, and asks Sonar once`, async ({
    page,
    sandbox,
    salePage,
  }) => {
    await sandbox.control.expireAccessTokens();
    await sandbox.control.setFault({ endpoint: REFRESH, effect: { kind: "status", status } });
    const requests = recordDataRequests(page);
    await page.goto("/");
    await expect(page.getByText("Your connection has ended.")).toHaveCount(1);
    await expect(salePage.button("Connect again")).toHaveCount(1);
    await page.waitForLoadState("networkidle");
    expect(requests).toEqual([]);
    expect(await requestsTo(sandbox, REFRESH)).toBe(1);
    await page.reload();
    await expect(salePage.button("Connect with Sonar")).toBeVisible();
    expect(await requestsTo(sandbox, REFRESH)).toBe(1);
  });
}

test("a user who withdrew consent on Sonar can connect again with one press", async ({ page, sandbox, salePage }) => {
  await sandbox.control.revokeEverything();
  await page.goto("/");
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});
