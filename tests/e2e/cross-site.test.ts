import type { Page } from "@playwright/test";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { expectErrorPage } from "@/tests/support/browser/error-page";
import { shownText } from "@/tests/support/browser/shown-text";
import { startForeignSite } from "@/tests/support/local-server";

const CROSS_SITE = {
  code: "request/cross_site",
  message: "That request did not come from this site's own pages.",
};

/** Opens a page of another site that has one button, which posts a form to `target`, and presses the button. */
async function postFromElsewhere(page: Page, target: string): Promise<void> {
  const elsewhere = await startForeignSite(`<form method="post" action="${target}"><button>Win</button></form>`);
  await page.goto(elsewhere.origin);
  await page.getByRole("button", { name: "Win" }).click();
  await page.waitForURL((url) => url.hostname === "localhost");
  await elsewhere.close();
}

test("another site cannot sign anybody in", async ({ page, app, context }) => {
  await postFromElsewhere(page, `${app.url}/auth/sign-in`);
  await expectErrorPage(page, CROSS_SITE);
  expect((await context.cookies()).filter(({ name }) => name === "session")).toEqual([]);
});

for (const path of ["/auth/connect/sonar", "/auth/disconnect/sonar", "/auth/sign-out"]) {
  test(`another site cannot post to ${path}`, async ({ page, app, context, sandbox }) => {
    await connectContext(context, app.url);
    await sandbox.control.clearRequests();
    await postFromElsewhere(page, `${app.url}${path}`);
    await expect(shownText(page, CROSS_SITE.message)).toBeVisible();
    expect((await sandbox.control.requests()).filter((entry) => entry.path.startsWith("/oauth"))).toEqual([]);
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  });
}

const UNTRUSTED: readonly Record<string, string>[] = [
  { Origin: "https://evil.example" },
  { Origin: "null" },
  { Origin: "http://localhost" },
  { "Sec-Fetch-Site": "same-site" },
  {},
];

for (const headers of UNTRUSTED) {
  test(`a post with ${JSON.stringify(headers)} is refused and creates nothing`, async ({ context }) => {
    const answer = await context.request.post("/auth/sign-in", { headers, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    expect(answer.headers().location).toContain("/oauth/error?code=request%2Fcross_site");
    expect(answer.headers()).not.toHaveProperty("set-cookie");
  });
}
