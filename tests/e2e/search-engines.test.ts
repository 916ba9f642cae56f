import { expect, test } from "@/tests/support/browser/browser-test";

test("the pages of the sandbox ask not to be listed", async ({ page }) => {
  for (const path of ["/", "/connections", "/oauth/error?code=oauth/access_denied"]) {
    await page.goto(path);
    await expect(page.locator('meta[name="robots"]').first()).toHaveAttribute("content", "noindex");
  }
});
