import { expectNoAxeViolations, expectReadable } from "@/tests/support/browser/axe";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { expect, test } from "@/tests/support/browser/connections-test";
import { FOOTER, pressKey, tabThrough } from "@/tests/support/browser/keyboard";
import { shownText } from "@/tests/support/browser/shown-text";

const LOOKS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 390 },
  { colorScheme: "dark", width: 390 },
] as const;

test("the page with everything on it breaks no accessibility rule, is as wide as the window, and can be read with large text", async ({
  connections,
  page,
  context,
  app,
}) => {
  await connectContext(context, app.url);
  await connections.open();
  for (const name of ["OnceHub", "Interact", "Rakomi"]) await connections.connect(name);
  for (const name of ["Show bookings", "Show profile", "Show identity"]) await connections.button(name).click();
  await expect(shownText(page, "rk|ada")).toBeVisible();
  await expect(page.getByRole("table", { name: "Bookings, page 1" })).toBeVisible();
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 844 });
    await expectNoAxeViolations(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
  await expectReadable(page);
});

test("Tab reaches every control, whose names say what they do", async ({ connections, page }) => {
  await connections.open();
  await connections.signIn();
  const stops = await tabThrough(page);
  const main = ["Connect with Sonar", "Connect OnceHub", "Connect Interact", "Connect Rakomi"];
  const end = [...main, ...FOOTER];
  expect(stops.map(({ name }) => name).slice(-end.length)).toEqual(end);
  expect(stops.filter(({ visible }) => !visible)).toEqual([]);
});

test("connecting, using and disconnecting need no mouse", async ({ connections, page }) => {
  await connections.open();
  await connections.signIn();
  const press = async (name: string) => pressKey(connections.button(name), "Enter");
  await press("Connect Rakomi");
  await press("Approve");
  await press("Show identity");
  await expect(shownText(page, "rk|ada")).toBeVisible();
  // The button that had the focus is gone; the focus stays in the card.
  await expect(connections.card("Rakomi").locator(":focus")).toHaveCount(1);
  await press("Disconnect Rakomi");
  await expect(connections.button("Connect Rakomi")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("connecting and disconnecting work, and what needs JavaScript is not offered", async ({ connections }) => {
    await connections.open();
    await connections.signIn();
    for (const name of ["OnceHub", "Interact", "Rakomi"]) await connections.connect(name);
    await expect(connections.button("Show bookings")).toBeHidden();
    await expect(connections.card("OnceHub").getByText("This page needs JavaScript to show more.")).toBeVisible();
    await expect(connections.button("Store entry")).toBeHidden();
    await expect(connections.card("Interact").getByRole("heading", { name: "Store an entry" })).toBeHidden();
    await connections.button("Disconnect Interact").click();
    await expect(connections.button("Connect Interact")).toBeVisible();
  });
});
