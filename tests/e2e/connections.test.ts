import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { connectContext, pendingCallback } from "@/tests/support/browser/connect-browser";
import { ConnectionsPage, expect, test } from "@/tests/support/browser/connections-test";
import { shownText } from "@/tests/support/browser/shown-text";

const ALL = ["Sonar", "OnceHub", "Interact", "Rakomi"] as const;

test("connecting OnceHub takes one form, and its bookings are shown page by page", async ({
  connections,
  page,
  app,
  providers,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("OnceHub");
  await expect(page).toHaveURL(`${app.url}/connections`);
  expect(await providers.oncehub.requests("/oauth/token")).toHaveLength(1);
  const card = connections.card("OnceHub");
  await connections.button("Show bookings").click();
  await expect(card.getByRole("row")).toHaveCount(6);
  await expect(card.getByRole("row").nth(1)).toContainText("Introduction call");
  await expect(card.getByRole("row").nth(1)).toContainText("18 Dec 2026, 15:00 UTC");
  await expect(card.getByRole("row").nth(1)).toContainText("Scheduled");
  await connections.button("Next").click();
  await expect(card.getByText("Page 2", { exact: true })).toBeVisible();
  await expect(card.getByRole("row").nth(1)).not.toContainText("18 Dec 2026");
  await connections.button("Previous").click();
  await expect(card.getByRole("row").nth(1)).toContainText("18 Dec 2026, 15:00 UTC");
});

test("a token that has expired at the provider is refreshed without the user", async ({ connections, providers }) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("OnceHub");
  await providers.oncehub.expireAccessTokens();
  await connections.button("Show bookings").click();
  await expect(connections.card("OnceHub").getByRole("row")).toHaveCount(6);
  const paths = (await providers.oncehub.requests()).map(({ path, status }) => `${path} ${status}`);
  expect(paths.slice(-3)).toEqual(["/v2/bookings 401", "/oauth/token 200", "/v2/bookings 200"]);
});

test("the Interact profile is shown, and an entry is stored", async ({ connections }) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("Interact");
  const card = connections.card("Interact");
  await connections.button("Show profile").click();
  await expect(card.getByText("ada@example.com")).toBeVisible();
  await connections.button("Store entry").click();
  await expect(card.getByText("An entry needs a title.")).toBeVisible();
  await card.getByLabel("Title").fill("A note");
  await card.getByLabel("Text").fill("<b>Something</b>");
  await connections.button("Store entry").click();
  await expect(card.getByRole("status").getByText("<b>Something</b>")).toBeVisible();
  for (const label of ["Title", "Text"]) await expect(card.getByLabel(label)).toHaveValue("");
});

test("Rakomi's login is on a host of its own, and the identity comes back", async ({
  connections,
  page,
  providers,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.begin("Rakomi");
  expect(new URL(page.url()).origin).toBe(providers.addresses.RAKOMI_ACCOUNTS_URL);
  await connections.approve();
  await connections.button("Show identity").click();
  await expect(connections.card("Rakomi").getByText("ada@example.com (verified)")).toBeVisible();
  await expect(connections.card("Rakomi").getByText("rk|ada")).toBeVisible();
});

test("of four connections, disconnecting ends one and signing out ends all", async ({
  connections,
  page,
  context,
  app,
  providers,
}) => {
  await connectContext(context, app.url);
  await connections.open();
  for (const name of ALL.slice(1)) await connections.connect(name);
  for (const name of ALL) await expect(connections.card(name).getByText("Connected", { exact: true })).toBeVisible();
  await connections.button("Disconnect Interact").click();
  await expect(connections.button("Connect Interact")).toBeVisible();
  for (const name of ["Sonar", "OnceHub", "Rakomi"]) {
    await expect(connections.card(name).getByText("Connected", { exact: true })).toBeVisible();
  }
  await connections.button("Sign out").click();
  await expect.poll(async () => (await providers.rakomi.requests("/oauth/revoke")).length).toBe(1);
  await page.goto("/connections");
  await connections.signIn();
  await expect(page.getByText("Connected", { exact: true })).toHaveCount(0);
});

test("two connections to two providers in two tabs both finish", async ({ connections, context }) => {
  await connections.open();
  await connections.signIn();
  const other = new ConnectionsPage(await context.newPage());
  await other.open();
  await connections.begin("OnceHub");
  await other.begin("Rakomi");
  await connections.approve();
  await expect(connections.card("OnceHub").getByText("Connected", { exact: true })).toBeVisible();
  await other.approve();
  for (const name of ["OnceHub", "Rakomi"]) {
    await expect(other.card(name).getByText("Connected", { exact: true })).toBeVisible();
  }
});

test("a callback opened in another browser is refused, and its owner can still finish", async ({
  connections,
  page,
  context,
  browser,
  app,
}) => {
  await connections.open();
  await connections.signIn();
  const callback = await pendingCallback(context, app.url, "ada", "oncehub");
  const thief = await browser.newContext({ baseURL: app.url });
  const theirs = new ConnectionsPage(await thief.newPage());
  await theirs.open();
  await theirs.signIn();
  await theirs.page.goto(callback.href);
  await expect(shownText(theirs.page, "Reference: oauth/invalid_state")).toBeVisible();
  await thief.close();
  await page.goto(callback.href);
  await expect(page.getByText("Reference: oauth/invalid_state")).toHaveCount(0);
  await connections.open();
  await expect(connections.card("OnceHub").getByText("Connected", { exact: true })).toBeVisible();
});

test("the browser keeps nothing of a connection, and scripts cannot read its cookie", async ({
  connections,
  page,
  context,
  app,
}) => {
  await connections.open();
  await connections.signIn();
  for (const name of ["OnceHub", "Interact", "Rakomi"]) await connections.connect(name);
  for (const name of ["Show bookings", "Show profile", "Show identity"]) await connections.button(name).click();
  await expect(shownText(page, "rk|ada")).toBeVisible();
  const kept = await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]);
  const ofSandbox = [SANDBOX_DEMO_STORAGE.sale];
  expect(kept).toEqual([ofSandbox, ofSandbox, ""]);
  const cookies = await context.cookies(app.url);
  expect(cookies.map(({ name, httpOnly }) => [name, httpOnly])).toEqual([["session", true]]);
});
