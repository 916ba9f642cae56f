import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";

const FORM_ROUTES = ["/auth/sign-in", "/auth/sign-out", "/auth/connect/sonar", "/auth/disconnect/sonar"];
const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

test("HEAD on a callback is refused and does not use it up", async ({ page, context, app, sandbox }) => {
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  const answer = await context.request.head(callback.href, { maxRedirects: 0 });
  expect(answer.status()).toBe(405);
  expect(answer.headers().allow).toBe("GET");
  expect(await sandbox.control.requests(EXCHANGE)).toEqual([]);
  await page.goto(callback.href);
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});

test("a callback's answer is not cached, and its address is not sent to other sites", async ({ context, app }) => {
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  const answer = await context.request.get(callback.href, { maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  expect(answer.headers()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
});

for (const path of FORM_ROUTES) {
  test(`GET ${path} is refused, so that no link can do what the button does`, async ({ context, app, page }) => {
    await connectContext(context, app.url);
    const answer = await context.request.get(path, { maxRedirects: 0 });
    expect(answer.status()).toBe(405);
    expect(answer.headers()).not.toHaveProperty("set-cookie");
    await page.goto("/");
    await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  });
}

test("connecting to a service that does not exist is an error page, not a crash", async ({ context, app }) => {
  await signInContext(context, app.url);
  const answer = await context.request.post("/auth/connect/nobody", { headers: { Origin: app.url } });
  expect(new URL(answer.url()).search).toBe("?code=connection%2Funknown_provider");
  expect(await answer.text()).toContain("There is no service by that name.");
});
