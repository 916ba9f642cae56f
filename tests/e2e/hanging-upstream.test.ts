import type { Page } from "@playwright/test";
import { expect, SIGN_IN, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { openFinishedSteps, shownText } from "@/tests/support/browser/shown-text";
import type { TestSandbox } from "@/tests/support/sandbox/test-sandbox";

const LIST = "/externalapi.ListAvailableEntities";

// Leaving a document while it is streaming ends its streams, which React reports in that document's console: #419 for the markup, #412 for the data.
test.use({ expectedProblems: [/React error #(412|419)/] });

/** Opens the page's shell while Sonar does not answer the request for the entities, for as long as this app waits (10 s). */
async function openWhileSonarHangs(page: Page, sandbox: TestSandbox): Promise<void> {
  await sandbox.control.setFault({ endpoint: LIST, effect: { kind: "hang" } });
  await page.goto("/", { waitUntil: "commit" });
  await expect(page.getByText("Loading your entities.")).toBeAttached();
  await expect
    .poll(async () => (await sandbox.control.requests(LIST)).map(({ status }) => status))
    .toEqual([undefined]);
}

test.beforeEach(async ({ context, app, sandbox }) => {
  await connectContext(context, app.url);
  await sandbox.control.clearRequests();
});

test("signing out works at once while the page waits for Sonar", async ({ page, sandbox, salePage }) => {
  await openWhileSonarHangs(page, sandbox);
  await salePage.button("Sign out").click({ noWaitAfter: true });
  await expect(salePage.button(SIGN_IN)).toBeVisible();
  await page.reload();
  await expect(salePage.button(SIGN_IN)).toBeVisible();
});

test("disconnecting works at once while the page waits for Sonar", async ({ page, sandbox, salePage }) => {
  await openWhileSonarHangs(page, sandbox);
  await openFinishedSteps(page);
  await salePage.button("Disconnect Sonar").click({ noWaitAfter: true });
  await expect(salePage.button("Connect with Sonar")).toBeVisible();
});

test("signing out works at once while an action waits for Sonar", async ({ page, sandbox, salePage }) => {
  await sandbox.control.setFault({ endpoint: LIST, effect: { kind: "status", status: 500 } });
  await page.goto("/");
  await sandbox.control.setFault({ endpoint: LIST, effect: { kind: "hang" } });
  await salePage.button("Try again").click();
  await expect
    .poll(async () => (await sandbox.control.requests(LIST)).map(({ status }) => status))
    .toEqual([500, undefined]);
  await salePage.button("Sign out").click({ noWaitAfter: true });
  await expect(salePage.button(SIGN_IN)).toBeVisible();
});

test("after a few seconds the page says that Sonar is slow, and goes on waiting", async ({ page, sandbox }) => {
  await openWhileSonarHangs(page, sandbox);
  await expect(shownText(page, "Sonar is slow right now. Still waiting.").first()).toBeVisible();
  await expect(page.getByText("Loading your entities.")).toBeAttached();
});

test("everything that does not need the missing answer is shown meanwhile", async ({ page, sandbox }) => {
  await openWhileSonarHangs(page, sandbox);
  await expect(shownText(page, "Analytical Engines")).toBeVisible();
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  await expect(page.getByText("Loading your entities.")).toBeAttached();
});

test("another tab is served while one waits for Sonar", async ({ page, context, sandbox }) => {
  await openWhileSonarHangs(page, sandbox);
  await sandbox.control.clearFaults();
  const other = await context.newPage();
  await other.goto("/");
  await expect(other.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("a hanging refresh does not delay signing out, and nothing of it is written back", async ({
  page,
  sandbox,
  salePage,
  app,
  context,
}) => {
  await sandbox.control.expireAccessTokens();
  const endpoint = "/oauth.RefreshAccessToken";
  await sandbox.control.setFault({ endpoint, effect: { kind: "hang" } });
  await page.goto("/", { waitUntil: "commit" });
  await expect.poll(async () => (await sandbox.control.requests(endpoint)).length).toBe(1);
  await salePage.button("Sign out").click({ noWaitAfter: true });
  await expect(salePage.button(SIGN_IN)).toBeVisible();
  await sandbox.control.clearFaults();
  await connectContext(context, app.url, "grace");
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Grace Hopper" })).toBeVisible();
});
