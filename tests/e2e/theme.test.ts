import type { Page } from "@playwright/test";
import { site } from "@/lib/config/site";
import { expect, test } from "@/tests/support/browser/browser-test";

const LIGHT_SURFACE = "rgb(247, 247, 245)";
const DARK_SURFACE = "rgb(16, 16, 18)";

function html(theme: string): string {
  return `<html lang="${site.locale}" data-theme="${theme}"`;
}

async function chooseColours(page: Page, name: "System" | "Light" | "Dark"): Promise<void> {
  await page.getByRole("button", { name: "Colours" }).click();
  await page.getByRole("menuitemradio", { name }).click();
}

test("without a choice the colours follow the system", async ({ page }) => {
  await page.goto("/");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveCSS("background-color", DARK_SURFACE);
  await page.emulateMedia({ colorScheme: "light" });
  await expect(page.locator("html")).toHaveCSS("background-color", LIGHT_SURFACE);
});

test("a choice of colours wins over the system at once and on every page", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await chooseColours(page, "Dark");
  await expect(page.locator("html")).toHaveCSS("background-color", DARK_SURFACE);
  await page.goto("/oauth/error?code=oauth/access_denied");
  await expect(page.locator("html")).toHaveCSS("background-color", DARK_SURFACE);
  await page.getByRole("button", { name: "Colours" }).click();
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeChecked();
});

test("the document itself contains the choice, so that no page flashes in other colours", async ({ page, context }) => {
  expect(await (await context.request.get("/")).text()).toContain(html("system"));
  await page.goto("/");
  await chooseColours(page, "Dark");
  expect(await (await context.request.get("/")).text()).toContain(html("dark"));
  await chooseColours(page, "System");
  expect(await (await context.request.get("/")).text()).toContain(html("system"));
});

test("a theme cookie with another value changes nothing", async ({ context, app }) => {
  await context.addCookies([{ name: "theme", value: '"><script>alert(1)</script>', url: app.url }]);
  expect(await (await context.request.get("/")).text()).toContain(html("system"));
});
