import { expect, test } from "@/tests/support/browser/browser-test";
import { pressKey } from "@/tests/support/browser/keyboard";
import { layoutShift, watchLayoutShift } from "@/tests/support/browser/page-observers";
import { shownText } from "@/tests/support/browser/shown-text";

const PHONE = { width: 390, height: 700 };

/** A fifth of the limit for "good" (https://web.dev/articles/cls). */
const STILL = 0.02;

test.describe("on a phone, where the chart is below the viewport", () => {
  test.use({ viewport: PHONE });

  test("it is drawn after scrolling to it, without layout shifts", async ({ page }) => {
    await watchLayoutShift(page);
    await page.goto("/");
    const chart = page.getByRole("img", { name: /^Chart: the total committed grew from/ });
    await expect(page.getByText("by 321 participants")).toBeAttached();
    await page.waitForLoadState("networkidle");
    await expect(chart).toHaveAttribute("data-chart", "waiting");
    await chart.scrollIntoViewIfNeeded();
    await expect(chart).toHaveAttribute("data-chart", "drawn");
    await expect(chart.locator("canvas")).toBeVisible();
    const { sum, shifts } = await layoutShift(page);
    expect(sum, JSON.stringify(shifts)).toBeLessThan(STILL);
  });
});

test("the same figures can be read in a table, by keyboard", async ({ page }) => {
  await page.goto("/");
  await pressKey(shownText(page, "Show as table"), "Enter");
  const table = page.getByRole("region", { name: "Commitments over time" });
  await expect(table.getByRole("row")).toHaveCount(101);
  await expect(table.getByRole("row").nth(1)).toContainText("1,234,021.770075");
  await page.keyboard.press("Tab");
  await expect(table).toBeFocused();
});

test("each point can be read by arrow keys and under the pointer, and nothing moves", async ({ page }) => {
  await watchLayoutShift(page);
  await page.goto("/");
  const reader = page.getByRole("slider", { name: "Committed over time, point by point" });
  // It comes with the chart, which is drawn once it is in view.
  await page.getByRole("img", { name: /^Chart/ }).scrollIntoViewIfNeeded();
  await reader.focus();
  await page.keyboard.press("End");
  await expect(reader).toHaveAttribute("aria-valuetext", /1,234,021\.770075/);
  await expect(reader.getByText(/1,234,021\.770075/)).toBeVisible();
  await page.keyboard.press("Home");
  await expect(reader).toHaveAttribute("aria-valuenow", "1");
  await expect(reader.getByText(/1,234,021\.770075/)).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(reader).toBeEmpty();
  const box = await reader.boundingBox();
  await reader.hover({ position: { x: (box?.width ?? 0) / 2, y: 60 } });
  await expect(reader).toHaveAttribute("aria-valuenow", /^\d\d$/);
  // At the right of the curve's end, where its last point is the nearest one.
  await reader.hover({ position: { x: (box?.width ?? 0) - 5, y: 60 } });
  await expect(reader).toHaveAttribute("aria-valuenow", "100");
  await expect(reader).not.toBeEmpty();
  const { sum, shifts } = await layoutShift(page);
  expect(sum, JSON.stringify(shifts)).toBeLessThan(STILL);
});

test("the chart takes on the colours of the theme", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const chart = page.locator("[data-chart=drawn]");
  const pixels = () => chart.locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  // The terms come first: even a large screen may not reach the chart.
  await page.getByRole("img", { name: /^Chart/ }).scrollIntoViewIfNeeded();
  await chart.waitFor();
  const light = await pixels();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(pixels).not.toBe(light);
});
