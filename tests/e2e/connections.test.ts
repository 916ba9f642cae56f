import { connectContext, pendingCallback } from "@/tests/support/connect-context";
import { ConnectionsPage } from "@/tests/support/connections-page";
import { expect, test } from "@/tests/support/connections-test";
import { expectErrorPage } from "@/tests/support/error-page";

const ALL = ["Sonar", "OnceHub", "Interact", "Rakomi"] as const;

test("(2, 3, 23) connecting OnceHub takes one form, and its bookings are shown page by page", async ({
  connections,
  page,
  app,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("OnceHub");
  await expect(page).toHaveURL(`${app.url}/connections`);
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

test("(4) a token that has expired there is not the user's business", async ({ connections, providers }) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("OnceHub");
  await providers.oncehub.expireAccessTokens();
  await connections.button("Show bookings").click();
  await expect(connections.card("OnceHub").getByRole("row")).toHaveCount(6);
  const paths = (await providers.oncehub.requests()).map(({ path, status }) => `${path} ${status}`);
  expect(paths.slice(-3)).toEqual(["/v2/bookings 401", "/oauth/token 200", "/v2/bookings 200"]);
});

test("(7) trouble at a provider is told where it is, and trying again recovers", async ({ connections, providers }) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("OnceHub");
  await providers.oncehub.setFault({
    endpoint: "/v2/bookings",
    effect: { kind: "rate-limit", retryAfterSeconds: 1 },
    times: 1,
  });
  await connections.button("Show bookings").click();
  await expect(connections.card("OnceHub").getByRole("alert")).toContainText("Too many requests");
  await connections.button("Try again").click();
  await expect(connections.card("OnceHub").getByRole("row")).toHaveCount(6);
});

test("(12) the Interact profile is shown, and an entry is stored", async ({ connections }) => {
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
});

test("(13) a permission that was left out is told where it is missing, and the other call works", async ({
  connections,
  page,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.begin("Interact");
  await page.getByLabel("Store entries in your account").uncheck();
  await connections.approve();
  const card = connections.card("Interact");
  await card.getByLabel("Title").fill("A note");
  await connections.button("Store entry").click();
  await expect(card.getByRole("alert")).toContainText("Your connection does not allow this.");
  await connections.button("Show profile").click();
  await expect(card.getByText("Ada Lovelace")).toBeVisible();
});

test("(14) a connection that was revoked there is offered to be made again, and is", async ({
  connections,
  providers,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("Interact");
  await providers.interact.revokeEverything();
  await connections.button("Show profile").click();
  await connections.card("Interact").getByRole("button", { name: "Connect again" }).click();
  await connections.approve();
  await connections.button("Show profile").click();
  await expect(connections.card("Interact").getByText("ada@example.com")).toBeVisible();
});

test("(16, 17) Rakomi's login is on a host of its own, and the identity comes back", async ({
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

const ANSWERS = [
  ["invalid_grant", "oauth/invalid_grant", "The sign-in code was not accepted: it has expired or was already used."],
  ["invalid_client", "oauth/invalid_client", "The service does not accept this site's registration."],
  ["invalid_request", "oauth/invalid_request", "The service did not understand this site's request."],
  [
    "unsupported_grant_type",
    "oauth/unsupported_grant_type",
    "The service does not support the way this site connects.",
  ],
] as const;

for (const [error, code, message] of ANSWERS) {
  test(`(19, 29) ${error} at the exchange is explained on a page of its own`, async ({
    connections,
    page,
    providers,
  }) => {
    await connections.open();
    await connections.signIn();
    await connections.begin("Rakomi");
    await providers.rakomi.setFault({ endpoint: "/oauth/token", effect: { kind: "oauth-error", error } });
    await connections.approve();
    await expectErrorPage(page, { code, message, provider: "rakomi" });
  });
}

test("(27) denying is explained, and connecting again leads to the same provider", async ({ connections, page }) => {
  await connections.open();
  await connections.signIn();
  await connections.begin("Interact");
  await connections.button("Deny").click();
  await expectErrorPage(page, {
    code: "oauth/access_denied",
    message: "You chose not to give access.",
    provider: "interact",
  });
  await connections.button("Connect again").click();
  await expect(page.getByText("Allow this app to use your Interact account?")).toBeVisible();
  await connections.approve();
  await expect(connections.card("Interact").getByText("Connected", { exact: true })).toBeVisible();
});

test("(28) four are connected at once; one is disconnected and three stay; signing out ends all", async ({
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

test("(28) two flows for two providers in two tabs both finish", async ({ connections, context }) => {
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

test("(25) another browser's callback is refused, and its owner can still finish", async ({
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
  await expect(theirs.page.getByText("Reference oauth/invalid_state")).toBeVisible();
  await thief.close();
  await page.goto(callback.href);
  await expect(page.getByText("Reference oauth/invalid_state")).toHaveCount(0);
  await connections.open();
  await expect(connections.card("OnceHub").getByText("Connected", { exact: true })).toBeVisible();
});
