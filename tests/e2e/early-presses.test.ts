import type { BrowserContext, Locator, Page } from "@playwright/test";
import { expect, SIGN_IN, test } from "@/tests/support/browser/browser-test";
import { connectContext, signInContext } from "@/tests/support/browser/connect-browser";

/** 400 kbit/s and a processor eight times slower: the page is seen long before its scripts have run. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const bytesPerSecond = 400_000 / 8;
  await devtools.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 100,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 8 });
}

async function isHydrated(control: Locator): Promise<boolean> {
  return control.evaluate((element) => Object.keys(element).some((name) => name.startsWith("__reactFiber")));
}

/** Opens the start page and presses a control as soon as it can be seen, which is before its script has run. */
async function pressEarly(page: Page, control: Locator): Promise<void> {
  await slowDown(page);
  await page.goto("/", { waitUntil: "commit" });
  await control.waitFor();
  expect(await isHydrated(control), "the press comes before the script").toBe(false);
  await control.click({ noWaitAfter: true });
}

test.describe.configure({ timeout: 120_000 });
const LATE = { timeout: 60_000 };

test("signing in, pressed at once, leads to Sonar", async ({ page, salePage }) => {
  await pressEarly(page, salePage.button(SIGN_IN));
  await page.waitForURL((url) => url.pathname !== "/", LATE);
});

test("the colour menu, pressed at once, opens", async ({ page }) => {
  await pressEarly(page, page.getByRole("button", { name: "Colours" }));
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeVisible(LATE);
});

test("the bar of the finished steps opens at once", async ({ page, context, app }) => {
  await connectContext(context, app.url);
  await pressEarly(page, page.locator("summary").filter({ hasText: "steps are done", visible: true }).first());
  await expect(page.getByRole("button", { name: "Disconnect Sonar" })).toBeVisible();
});

test("connecting a wallet, pressed at once, connects it", async ({ page, context, app }) => {
  await connectContext(context, app.url);
  await pressEarly(page, page.getByRole("button", { name: "Connect wallet" }));
  await expect(page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ })).toBeVisible(LATE);
});

test("connecting a wallet, pressed while the page is still arriving, connects it", async ({
  page,
  context,
  app,
  sandbox,
}) => {
  await connectContext(context, app.url);
  await sandbox.control.setFault({ endpoint: "/externalapi.MyProfile", latencyMs: 3_000 });
  await page.goto("/", { waitUntil: "commit" });
  const button = page.getByRole("button", { name: "Connect wallet" });
  await button.hover();
  const before = await button.elementHandle();
  await page.mouse.down();
  // The part of the page that waited for the profile takes the place of the one that the pointer is on.
  await page.waitForFunction((element) => !element?.isConnected, before);
  await button.waitFor();
  await page.mouse.up();
  await expect(page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ })).toBeVisible(LATE);
});

test("a choice between entities that was made at once counts", async ({ page, context, app }) => {
  await connectContext(context, app.url, "katherine");
  await pressEarly(page, page.getByRole("radio", { name: "Johnson Orbital LLC" }));
  await page.getByRole("button", { name: /^Continue/ }).click();
  await expect(page.getByRole("heading", { name: "Johnson Orbital LLC" })).toBeVisible(LATE);
  await expect(page).toHaveURL(`${app.url}/`);
});

test("a figure's exact value, asked for at once, is shown", async ({ page }) => {
  const total = page.getByRole("region", { name: "Sale at a glance" }).getByRole("button");
  await pressEarly(page, total.first());
  await expect(page.getByText("1,234,021.770075 USDC").filter({ visible: true }).last()).toBeVisible(LATE);
});

/**
 * Runs in a page without scripts: the buttons that would do nothing. A form with an address and a disclosure need no script, a marked control is
 * remembered, and the rest is not shown where scripts do not run.
 */
function deafButtons(): string[] {
  const isHeard = (button: HTMLButtonElement) =>
    button.hasAttribute("data-waits") ||
    (button.type === "submit" && (button.form?.hasAttribute("action") || button.hasAttribute("formaction")));
  return [...document.querySelectorAll("button")]
    .filter((button) => !isHeard(button))
    .map(({ outerHTML }) => outerHTML);
}

test.describe("before any script has run", () => {
  test.use({ javaScriptEnabled: false });

  const VISITORS: Readonly<Record<string, (context: BrowserContext, appUrl: string) => Promise<void>>> = {
    stranger: async () => undefined,
    "signed-in user": signInContext,
    "connected user": (context, appUrl) => connectContext(context, appUrl, "ada"),
    "user with several entities": (context, appUrl) => connectContext(context, appUrl, "katherine"),
  };

  for (const [visitor, prepare] of Object.entries(VISITORS)) {
    test(`every button of a ${visitor}'s page is heard`, async ({ page, context, app }) => {
      await prepare(context, app.url);
      await page.goto("/");
      expect(await page.locator("button").count()).toBeGreaterThan(2);
      expect(await page.evaluate(deafButtons)).toEqual([]);
    });
  }
});
