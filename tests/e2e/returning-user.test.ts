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

test("the first requests after the document are the polls of public data, after ten seconds and five more", async ({
  page,
}) => {
  const requests = recordDataRequests(page);
  await page.clock.install();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.clock.runFor(9_000);
  expect(requests).toEqual([]);
  for (const [seconds, path] of [
    [2, "/api/sale"],
    [5, "/api/commitments"],
  ] as const) {
    const poll = page.waitForResponse(`**${path}`);
    await page.clock.runFor(seconds * 1_000);
    expect((await poll).status()).toBe(200);
  }
  expect(requests).toEqual(["GET /api/sale", "GET /api/commitments"]);
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
