import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { recordDataRequests } from "@/tests/support/browser/page-observers";

const LIST = "/externalapi.ListAvailableEntities";

/** The visible markup, without the data in scripts. */
function withoutScripts(html: string): string {
  return html.replaceAll(/<script\b.*?<\/script>/gs, "");
}

test.beforeEach(async ({ context, app, sandbox }) => {
  await connectContext(context, app.url);
  await sandbox.control.clearRequests();
});

test("the document itself holds the entities, the profile and the investments", async ({ context }) => {
  const document = await context.request.get("/");
  const markup = withoutScripts(await document.text());
  for (const text of ["Ada Lovelace", "Eligible for this sale.", "ada@example.com", "Analytical Engines"])
    expect(markup).toContain(text);
});

test("the entities are visible before the page has fetched anything, and asked for once upstream", async ({
  page,
  sandbox,
}) => {
  const requests = recordDataRequests(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(requests).toEqual([]);
  const upstream = (await sandbox.control.requests()).map(({ path }) => path);
  expect(upstream.filter((path) => path === LIST)).toHaveLength(1);
  expect(upstream.filter((path) => path === "/externalapi.MyProfile")).toHaveLength(1);
  expect(upstream.filter((path) => path === "/externalapi.ReadEntityInvestmentHistory")).toHaveLength(1);
});

test("the first requests after the document are the polls of public data: the sale, often while there is a form, and the commitments", async ({
  page,
}) => {
  const requests = recordDataRequests(page);
  await page.clock.install();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  const commitments = page.waitForResponse("**/api/commitments");
  // A poll follows the answer of the one before: the clock must not leap over the answers.
  for (let read = 1; read <= 5; read++) {
    const sale = page.waitForResponse("**/api/sale");
    await page.clock.runFor(2_500);
    expect((await sale).status()).toBe(200);
  }
  await page.clock.runFor(2_500);
  expect((await commitments).status()).toBe(200);
  expect(new Set(requests)).toEqual(new Set(["GET /api/sale", "GET /api/commitments"]));
  const polls = (path: string) => requests.filter((request) => request === `GET ${path}`).length;
  expect(2 * polls("/api/commitments"), "the sale is polled more often").toBeLessThan(polls("/api/sale"));
});

test.describe("with JavaScript switched off", () => {
  test.use({ javaScriptEnabled: false });

  test("the document still holds the entities", async ({ page, sandbox }) => {
    await page.goto("/");
    await expect(page.locator("body")).toContainText("Ada Lovelace");
    await expect(page.locator("body")).toContainText("Analytical Engines");
    expect(await sandbox.control.requests(LIST)).toHaveLength(1);
  });
});
