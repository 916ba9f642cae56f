import { expect, test } from "@/tests/support/browser/connections-test";
import { expectErrorPage } from "@/tests/support/browser/error-page";
import { shownText } from "@/tests/support/browser/shown-text";

test("a failing provider is named where its data would be, and retrying recovers", async ({
  connections,
  providers,
}) => {
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

test("a provider that refuses even new tokens must be connected again, which works", async ({
  connections,
  providers,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("OnceHub");
  await providers.oncehub.setFault({ endpoint: "/v2/bookings", effect: { kind: "status", status: 401 }, times: 2 });
  await connections.button("Show bookings").click();
  await connections.card("OnceHub").getByRole("button", { name: "Connect again" }).click();
  await connections.approve();
  await connections.button("Show bookings").click();
  await expect(connections.card("OnceHub").getByRole("row")).toHaveCount(6);
  const paths = (await providers.oncehub.requests()).map(({ path, status }) => `${path} ${status}`);
  expect(paths.filter((path) => path === "/v2/bookings 401")).toHaveLength(2);
});

test("a missing permission is named where it is needed, and the other call works", async ({ connections, page }) => {
  await connections.open();
  await connections.signIn();
  await connections.begin("Interact");
  await page.getByLabel("Store entries in your account").uncheck();
  await connections.approve();
  const card = connections.card("Interact");
  await card.getByLabel("Title").fill("A note");
  await connections.button("Store entry").click();
  await expect(card.getByRole("alert")).toContainText("a permission may be missing");
  await connections.button("Show profile").click();
  await expect(card.getByText("Ada Lovelace")).toBeVisible();
});

test("a connection that was revoked at the provider can be made again", async ({ connections, providers }) => {
  await connections.open();
  await connections.signIn();
  await connections.connect("Interact");
  await providers.interact.revokeEverything();
  const card = connections.card("Interact");
  await connections.button("Show profile").click();
  await expect(card.getByText("Ended", { exact: true })).toBeVisible();
  await expect(card.getByText("Connected", { exact: true })).toBeHidden();
  await card.getByRole("button", { name: "Connect again" }).click();
  await connections.approve();
  await connections.button("Show profile").click();
  await expect(card.getByText("ada@example.com")).toBeVisible();
});

const REFUSALS = [
  [
    "invalid_grant",
    "oauth/invalid_grant",
    "This connection attempt was not accepted: it has expired or was already used.",
  ],
  ["invalid_client", "oauth/invalid_client", "Rakomi does not accept this site's registration."],
  ["invalid_request", "oauth/invalid_request", "Rakomi did not understand this site's request."],
  ["unsupported_grant_type", "oauth/unsupported_grant_type", "Rakomi does not support the way this site connects."],
] as const;

for (const [error, code, message] of REFUSALS) {
  test(`${error} at the exchange is explained on a page of its own`, async ({ connections, page, providers }) => {
    await connections.open();
    await connections.signIn();
    await connections.begin("Rakomi");
    await providers.rakomi.setFault({ endpoint: "/oauth/token", effect: { kind: "oauth-error", error } });
    await connections.approve();
    await expectErrorPage(page, { code, message, provider: "rakomi" });
  });
}

test("a page where tokens should be is explained as the provider's internal error", async ({
  connections,
  page,
  providers,
}) => {
  await connections.open();
  await connections.signIn();
  await connections.begin("Rakomi");
  await providers.rakomi.setFault({ endpoint: "/oauth/token", effect: { kind: "html", status: 502 } });
  await connections.approve();
  await expectErrorPage(page, {
    code: "oauth/network_error",
    reason: "server_error",
    message: "Rakomi had an internal error.",
    provider: "rakomi",
  });
});

test("denying is explained, and connecting again leads to the same provider", async ({ connections, page }) => {
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
  await expect(shownText(page, "Allow this app to use your Interact account?")).toBeVisible();
  await connections.approve();
  await expect(connections.card("Interact").getByText("Connected", { exact: true })).toBeVisible();
});
