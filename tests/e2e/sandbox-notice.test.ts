import { expect, test } from "@/tests/support/browser/browser-test";

test.use({ expectedProblems: [/status of 404 .*\/nowhere\)/] });

test("every page says that the sandbox is on and links to its controls", async ({ page, sandbox }) => {
  for (const path of ["/", "/oauth/error?code=oauth/access_denied", "/nowhere"]) {
    await page.goto(path);
    const strip = page.getByRole("complementary", { name: "Sandbox" });
    await expect(strip).toContainText("nothing here is real");
    await expect(strip.getByRole("link", { name: "Controls (opens" })).toHaveAttribute("href", sandbox.origin);
  }
});

test("the pages of the sandbox ask not to be listed", async ({ page }) => {
  for (const path of ["/", "/connections", "/oauth/error?code=oauth/access_denied"]) {
    await page.goto(path);
    await expect(page.locator('meta[name="robots"]').first()).toHaveAttribute("content", "noindex");
  }
});
