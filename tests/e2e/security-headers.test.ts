import type { APIResponse } from "@playwright/test";
import { site } from "@/lib/config/site";
import { NOBODY } from "@/tests/support/app/app-environment";
import { expect, test } from "@/tests/support/browser/browser-test";
import { startForeignSite } from "@/tests/support/local-server";

const PAGES = ["/", "/oauth/error?code=oauth/access_denied", "/nowhere"];

function directive(response: APIResponse, name: string): string[] {
  const policy = response.headers()["content-security-policy"] ?? "";
  const found = policy.split("; ").find((part) => part.startsWith(`${name} `));
  return found?.split(" ").slice(1) ?? [];
}

function nonceOf(response: APIResponse): string {
  const [source = ""] = directive(response, "script-src").filter((part) => part.startsWith("'nonce-"));
  return source.slice("'nonce-".length, -1);
}

for (const path of PAGES) {
  test(`${path} runs only scripts that carry the nonce of this one answer`, async ({ context }) => {
    const [first, second] = [await context.request.get(path), await context.request.get(path)];
    expect(nonceOf(first).length).toBeGreaterThanOrEqual(22);
    expect(nonceOf(first)).not.toBe(nonceOf(second));
    expect(directive(first, "script-src")).not.toContain("'unsafe-inline'");
    expect(directive(first, "script-src")).not.toContain("'unsafe-eval'");
    const scripts = (await first.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => !script.includes(`nonce="${nonceOf(first)}"`))).toEqual([]);
  });

  test(`${path} may not be framed or sniffed, and loads nothing from outside hosts`, async ({
    context,
    app,
    sandbox,
  }) => {
    const response = await context.request.get(path);
    const headers = response.headers();
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
      "referrer-policy": path.startsWith("/oauth/") ? "no-referrer" : "strict-origin-when-cross-origin",
    });
    expect(headers["strict-transport-security"]).toMatch(/^max-age=\d{8,}/);
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(directive(response, "frame-ancestors")).toEqual(["'none'"]);
    expect(directive(response, "form-action")).toEqual(["'self'", app.url, sandbox.origin, NOBODY]);
    expect(directive(response, "connect-src")).toEqual(["'self'", sandbox.rpcUrl, ...site.contentSources.connect]);
    expect(directive(response, "base-uri")).toEqual(["'none'"]);
    expect(headers["cache-control"]).toMatch(/no-store/);
  });
}

test("an unknown address is a 404 with a page of this site", async ({ context }) => {
  const response = await context.request.get("/nowhere");
  expect(response.status()).toBe(404);
  expect(await response.text()).toContain("Page not found");
});

test.describe("framed by another site", () => {
  test.use({ expectedProblems: [/frame-ancestors|X-Frame-Options/] });

  test("a page of this site stays empty", async ({ page, app }) => {
    const elsewhere = await startForeignSite(`<iframe src="${app.url}/" onload="document.title = 'framed'"></iframe>`);
    await page.goto(elsewhere.origin);
    await expect(page).toHaveTitle("framed");
    // The browser's own page for an answer that it may not show, and no page of this site.
    await expect.poll(() => page.frames().at(1)?.url()).toMatch(/^chrome-error:/);
    await elsewhere.close();
  });
});

test("scripts and other sites' requests have no access to the session cookie", async ({ context, salePage, page }) => {
  await salePage.open();
  await salePage.signIn();
  const cookie = (await context.cookies()).find(({ name }) => name === "session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => document.cookie)).toBe("");
});
