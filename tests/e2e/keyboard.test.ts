import type { Page } from "@playwright/test";
import { site } from "@/lib/config/site";
import { expect, SIGN_IN, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { FOOTER, linkStops, pressKey, SUPPORT, tabThrough } from "@/tests/support/browser/keyboard";
import { shownText } from "@/tests/support/browser/shown-text";

const SKIP = "Skip to your participation";
const HEADER_BEGIN = ["Scenarios", "Controls (opens in a new tab)", site.name, ...linkStops(site.navigation)];
const HEADER = [...HEADER_BEGIN, "Connections"];
/** Who is signed in may have done something in the sale. */
const SIGNED_IN_HEADER = [...HEADER_BEGIN, "Activity", "Connections"];
/** The total in short, with its exact form for screen readers. */
const TOTAL: unknown = expect.stringMatching(/^[\d.]+ M[\d,.]+ /);
const SALE = ["Add to calendar", "Copy contract address", "Committed over time, point by point", "Show as table"];

/** A chart can be read by keyboard once it is drawn, which it is when it comes into view. */
async function drawChart(page: Page): Promise<void> {
  await page.locator("[data-chart]").scrollIntoViewIfNeeded();
  await expect(page.locator("[data-chart=drawn]")).toBeVisible();
}

async function expectTabStops(page: Page, names: readonly unknown[]): Promise<void> {
  const stops = await tabThrough(page);
  // A time tells its exact moment on demand, and how many there are depends on the list.
  const controls = stops.filter(({ name }) => !name.endsWith("UTC"));
  expect(controls.map(({ name }) => name)).toEqual(names);
  expect(stops.filter(({ visible }) => !visible)).toEqual([]);
}

test("Tab reaches every control of the start page, and the focus can be seen", async ({ page }) => {
  await page.goto("/");
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  // A logo without a size of its own must be seen too.
  await expect(page.getByRole("link", { name: site.name, exact: true })).toBeVisible();
  await drawChart(page);
  await expectTabStops(page, [SKIP, ...HEADER, "Colours", TOTAL, SIGN_IN, ...SALE, ...FOOTER]);
});

test("Tab reaches every control of a connected user's page, and the focus can be seen", async ({
  page,
  context,
  app,
}) => {
  await connectContext(context, app.url, "frances");
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Continue on Sonar" })).toBeVisible();
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  const bar = expect.stringMatching(/^2 of \d steps are done/);
  const controls = [
    "Account. Signed in as Demo user",
    "Sign out",
    "Colours",
    TOTAL,
    bar,
    "Continue on Sonar (opens in a new tab)",
  ];
  await drawChart(page);
  await expectTabStops(page, [SKIP, ...SIGNED_IN_HEADER, ...controls, ...SALE, ...FOOTER]);
});

test("the first Tab stop skips the header", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: SKIP })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: SIGN_IN })).toBeFocused();
});

test("Tab reaches the error page's one button", async ({ page }) => {
  await page.goto("/oauth/error?code=oauth/access_denied");
  await expectTabStops(page, ["Skip to the main content", ...HEADER, "Colours", "Sign in", ...SUPPORT, ...FOOTER]);
});

test("signing in, connecting and signing out need no mouse", async ({ page, salePage }) => {
  await salePage.open();
  await pressKey(salePage.button(SIGN_IN), "Space");
  await pressKey(page.getByRole("radio", { name: /^Ada Lovelace/ }), "ArrowDown");
  await pressKey(salePage.button("Approve"), "Enter");
  await expect(page.getByRole("heading", { name: "Grace Hopper" })).toBeVisible();
  await pressKey(salePage.button("Sign out"), "Enter");
  await expect(salePage.button(SIGN_IN)).toBeVisible();
});

test("the bar of the finished steps opens and closes by keyboard", async ({ page, context, app }) => {
  await connectContext(context, app.url);
  await page.goto("/");
  const finished = page.getByRole("list", { name: "Finished steps" });
  await pressKey(page.locator("summary").filter({ hasText: "steps are done", visible: true }), "Enter");
  await expect(finished.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  await expect(finished.getByRole("button", { name: "Disconnect Sonar" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(finished).toBeHidden();
});

test("the colour menu opens, moves and closes by keyboard, and returns the focus", async ({ page }) => {
  await page.goto("/");
  const button = page.getByRole("button", { name: "Colours" });
  await pressKey(button, "Enter");
  await expect(page.getByRole("menuitemradio", { name: "System" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitemradio", { name: "Light" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(button).toBeFocused();
});

/** Runs in the page, before anything else does: the keyboard's user is quicker than the rest of the document. */
function focusAtOnce(name: string): void {
  const observer = new MutationObserver(() => {
    const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === name);
    if (!button) return;
    observer.disconnect();
    button.focus();
  });
  observer.observe(document, { childList: true, subtree: true });
}

test("the focus stays on a button while the rest of the page arrives", async ({ page, salePage }) => {
  await page.addInitScript(focusAtOnce, SIGN_IN);
  await salePage.open();
  await page.waitForLoadState("networkidle");
  await expect(shownText(page, "by 321 participants")).toBeVisible();
  await expect(salePage.button(SIGN_IN)).toBeFocused();
});
