import type { Locator, Page } from "@playwright/test";
import { SCENARIOS } from "@/sandbox/scenarios/all-scenarios";
import { expectNoAxeViolations } from "@/tests/support/browser/axe";
import { expect, saleTest as test } from "@/tests/support/browser/purchase-test";

// The scenarios that make calls fail, and an address that opens nothing.
test.use({ expectedProblems: [/status of (404|5\d\d)/] });

function strip(page: Page): Locator {
  return page.getByRole("complementary", { name: "Sandbox" });
}

/** Who is connected, and the state of the sale; the sentences of the menu come after it. */
function facts(page: Page): Locator {
  return strip(page).getByRole("paragraph").first();
}

async function press(page: Page, title: string): Promise<void> {
  await strip(page).getByText("Scenarios").click();
  await strip(page).getByRole("button", { name: title, exact: true }).click();
}

/** What a person finds in each scenario. */
const FOUND: Readonly<Record<string, (page: Page) => Locator>> = {
  ready: (page) => page.getByRole("form", { name: /Commitment|Terms/ }),
  committed: (page) => page.getByRole("region", { name: "Your position" }).getByText("250").first(),
  "two-entities": (page) => facts(page).getByText("Katherine Johnson"),
  auction: (page) => page.getByRole("main").getByText("0.0645").first(),
  "not-open": (page) => facts(page).getByText("Not open"),
  "opens-later": (page) => facts(page).getByText("Dorothy Vaughan"),
  paused: (page) => facts(page).getByText("Open, paused"),
  cancellation: (page) => page.getByRole("button", { name: "Cancel commitment" }),
  reduction: (page) => page.getByRole("button", { name: "Reduce commitment" }),
  settled: (page) => page.getByRole("button", { name: /^Claim/ }).first(),
  "permit-expired": (page) => facts(page).getByText("Annie Easley"),
  "wrong-network": (page) => page.getByRole("button", { name: /^Switch to/ }).first(),
  "sonar-down": (page) => page.getByRole("button", { name: /again/i }).first(),
  slow: (page) => page.getByRole("form", { name: /Commitment|Terms/ }),
  revoked: (page) => page.getByRole("button", { name: "Connect again" }),
};

test("one press in the app's strip opens each scenario: signed in, connected, with the wallet", async ({ page }) => {
  test.slow();
  await page.goto("/");
  for (const { name, title } of SCENARIOS) {
    await press(page, title);
    await expect(FOUND[name]?.(page) ?? page.getByText("no such scenario"), name).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("button", { name: "Sign out" }), name).toBeVisible();
    const wallet = page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ });
    await expect(wallet, name).toHaveCount(1);
  }
});

test("the address that a call answers with opens the scenario once, whoever was here before", async ({
  page,
  sandbox,
  app,
}) => {
  await page.goto(await sandbox.control.scenario("committed", app.url, "emmy"));
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(facts(page).getByText("Emmy Noether")).toBeVisible();
  const url = await sandbox.control.scenario("ready", app.url);
  await page.goto(url);
  await expect(facts(page).getByText("Ada Lovelace")).toBeVisible();
  await expect(page.getByRole("region", { name: "Your position" })).toHaveCount(0);
  await page.goto(url);
  await expect(page).toHaveURL(/\/oauth\/error\?code=api/);
});

test("no other site can start a scenario or sign anybody in", async ({ context, app, sandbox }) => {
  await sandbox.control.chain.setPaused(true);
  const forged: Record<string, string>[] = [{ Origin: "https://evil.example" }, { "Sec-Fetch-Site": "same-site" }];
  for (const headers of forged) {
    const answer = await context.request.post(`${app.url}/sandbox/scenarios/ready`, { headers, maxRedirects: 0 });
    expect(answer.headers()["location"]).toContain("request%2Fcross_site");
  }
  const opened = await context.request.get(`${app.url}/sandbox/open?ticket=made-up`, { maxRedirects: 0 });
  expect(opened.headers()["location"]).toContain("code=api%2Fnot_found");
  expect((await context.request.head(`${app.url}/sandbox/open?ticket=made-up`)).status()).toBe(405);
  expect((await context.cookies()).map(({ name }) => name)).not.toContain("session");
  expect((await sandbox.control.chain.state()).paused, "nothing was reset").toBe(true);
});

test("the menu of scenarios closes with Escape and by a press beside it, and breaks no accessibility rule", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto("/");
  const menu = strip(page).getByText("Scenarios");
  const first = strip(page).getByRole("button", { name: "Ready to commit" });
  await menu.click();
  await expect(first).toBeVisible();
  await expectNoAxeViolations(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.keyboard.press("Escape");
  await expect(first).toBeHidden();
  await menu.click();
  await page.mouse.click(10, 600);
  await expect(first).toBeHidden();
});

test("the strip follows what the page reads of the sale", async ({ page, sandbox, app }) => {
  await page.goto(await sandbox.control.scenario("ready", app.url));
  await expect(facts(page)).toContainText("Open");
  await sandbox.control.chain.setStage("Cancellation");
  await expect(facts(page)).toContainText("Cancellation", { timeout: 20_000 });
});

test("the controls say what is now so, show the reset state after a reset, and open a scenario in one press", async ({
  page,
  sandbox,
}) => {
  await page.setViewportSize({ width: 320, height: 900 });
  await page.goto(sandbox.origin);
  const said = page.getByRole("status").last();
  await expect(page.getByRole("button", { name: "Set stage" })).toBeEnabled();
  const names = await page
    .getByRole("button")
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label") ?? button.textContent?.trim()));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

  await page.getByRole("checkbox", { name: "Paused", exact: true }).check();
  await expect(said).toHaveText("The sale is paused.");
  await page.getByRole("combobox", { name: "Stage" }).selectOption("Settlement");
  await page.getByRole("button", { name: "Set stage" }).click();
  await expect(said).toHaveText("The sale is in the stage Settlement.");
  await page.getByRole("spinbutton", { name: /^Lifetime of new access tokens/ }).fill("77");
  await page.getByRole("button", { name: "To 1 minute before the close" }).click();
  await expect(said).toContainText("The chain's clock is at ");
  await expect(page.getByRole("button", { name: "To the opening of later windows" })).toBeDisabled();
  await page.getByRole("button", { name: "Reset all" }).click();
  await expect(said).toHaveText("Everything is reset; users stay connected.");
  await expect(page.getByRole("checkbox", { name: "Paused", exact: true })).not.toBeChecked();
  await expect(page.getByRole("combobox", { name: "Stage" })).toHaveValue("Commitment");
  await expect(page.getByRole("spinbutton", { name: /^Lifetime of new access tokens/ })).toHaveValue("3600");
  await expect(page.getByRole("button", { name: "To the opening of later windows" })).toBeEnabled();
  await expectNoAxeViolations(page);

  await page.getByRole("button", { name: "Auction with three bids" }).click();
  await expect(facts(page)).toContainText("Ada Lovelace");
  await page.goto(sandbox.origin);
  await page.getByText("Entities with bids, and who holds which wallet").click();
  const rows = page.getByRole("group", { name: "Entities with bids" }).getByRole("row");
  await expect(rows.filter({ hasText: "Ross Aerospace Ltd (Mary Ross)" })).toContainText("60,000.00");
  await expect(page.getByRole("group", { name: "Wallets" })).toContainText("nobody yet");
  await page.getByRole("button", { name: "Show its permit" }).click();
  await expect(page.getByRole("group", { name: "Permit" })).toContainText('"MaxPrice": 20');
  await page.getByRole("button", { name: /^Show the bodies of request \d+, .*ExchangeAuthorizationCodeV2/ }).click();
  await expect(page.getByRole("group", { name: /^Request \d+: POST/ })).toContainText('"code_verifier": "(cut)"');
});

test("the consent page is searched, and a choice that is hidden is never made", async ({
  page,
  app: _app,
  salePage,
}) => {
  await salePage.open();
  await salePage.signIn();
  await salePage.beginConnect();
  const search = page.getByRole("searchbox", { name: "Search personas" });
  await expect(page.getByRole("radio", { name: /^Ada Lovelace/ })).toBeChecked();
  await search.fill("blocked review");
  await expect(page.getByRole("radio")).toHaveCount(2);
  await expect(page.getByRole("radio", { name: /^Donald Knuth/ })).toBeChecked();
  await search.fill("no such person");
  await expect(page.getByText("No persona matches.")).toBeVisible();
  await search.fill("emmy");
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(facts(page)).toContainText("Emmy Noether");
});
