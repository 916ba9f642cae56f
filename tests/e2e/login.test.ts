import { readFileSync } from "node:fs";
import Libsql from "libsql";
import { failure } from "@/lib/result";
import type { FailureCode } from "@/lib/failures";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { appUrl, startApp } from "@/tests/support/app/app-process";
import { expectNoViolationsInAnyLook } from "@/tests/support/browser/axe";
import { expect, SalePage, secondBrowserTest } from "@/tests/support/browser/browser-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { freePort } from "@/tests/support/local-server";
import { nameOf, startOpenIdServer, type OpenIdServer } from "@/tests/support/oauth/openid-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";
import type { Page } from "@playwright/test";

interface Site {
  url: string;
  provider: OpenIdServer;
  database: InstanceType<typeof Libsql>;
}

/** An app that signs people in at an identity provider, and its database. */
const test = secondBrowserTest.extend<object, { site: Site }>({
  site: [
    async ({ sandbox: { port: sandboxPort, rpcUrl } }, use) => {
      const [port, folder] = [await freePort(), temporaryFolder()];
      const registration = { clientId: "the-sale", clientSecret: "a secret", clientAuth: "basic" } as const;
      const provider = await startOpenIdServer({ ...registration, redirectUri: `${appUrl(port)}/auth/login/callback` });
      const databaseFile = `${folder.path}/app.db`;
      const env = {
        ...appEnvironment({ databaseUrl: `file:${databaseFile}`, sandboxPort, rpcUrl }),
        DEMO_SIGN_IN: "0",
        LOGIN_ISSUER: provider.issuer,
        LOGIN_CLIENT_ID: registration.clientId,
        LOGIN_CLIENT_SECRET: registration.clientSecret,
      };
      const app = await startApp({ port, env });
      const database = new Libsql(databaseFile, { timeout: 1_000 });
      await use({ url: app.url, provider, database });
      database.close();
      await app.stop();
      await provider.close();
      folder.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ site }, use) => use(site.url),
});

// The provider's pages ask for a font of another host, which this browser cannot reach.
test.use({ expectedProblems: [/fonts\.googleapis\.com/] });

test.beforeEach(({ site: { provider, database } }) => {
  provider.faults = {};
  for (const table of ["sessions", "transactions", "connections"]) database.exec(`DELETE FROM ${table}`);
});

/** Presses a button that leads to the provider, as a form of this site: what the page's own button does is up to the fork. */
async function beginLogin(page: Page): Promise<void> {
  await page.goto("/");
  await page.evaluate(() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/auth/login" });
    document.body.append(form);
    form.submit();
  });
  await page.getByPlaceholder("Enter any login").waitFor();
}

async function logInAs(page: Page, account: string): Promise<void> {
  await page.getByPlaceholder("Enter any login").fill(account);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
}

/** Goes through the provider's pages as one of its accounts. It asks each browser once to consent. */
async function authenticateAs(page: Page, account: string): Promise<void> {
  await logInAs(page, account);
  await page.getByRole("button", { name: "Continue" }).click();
}

function stored({ database, provider }: Site) {
  const count = (table: string) => database.prepare(`SELECT * FROM ${table}`).all().length;
  const users = database.prepare("SELECT replace(user_id, ?, '') AS name FROM sessions").all(`${provider.issuer}|`);
  return { users, requests: count("transactions"), connections: count("connections") };
}

async function expectNotSignedIn(page: Page, code: FailureCode, reason?: "unreachable"): Promise<void> {
  await expect(page.getByRole("heading", { name: "Not signed in" })).toBeVisible();
  const { message, suggestion } = failure(code, { reason });
  await expect(shownText(page, message)).toBeVisible();
  await expect(shownText(page, suggestion)).toBeVisible();
  await expect(new SalePage(page).button("Sign in")).toBeVisible();
}

const NOTHING = { users: [], requests: 0, connections: 0 };

test("“Sign in” leads to the identity provider and back", async ({ page, site, salePage }) => {
  const isOwn = !readFileSync("lib/authenticate.ts", "utf8").includes("beginLogin(");
  test.skip(isOwn, "this site has a sign-in of its own");
  await salePage.open();
  await salePage.button("Sign in").click();
  await page.waitForURL((url) => url.pathname !== "/");
  expect(new URL(page.url()).origin).toBe(site.provider.issuer);
  await authenticateAs(page, "ada");
  await expect(page).toHaveURL(`${site.url}/`);
  await expect(page.getByRole("banner")).toContainText(`Signed in as ${nameOf("ada")}`);
});

test("signing in makes one session, and the header says whose", async ({ page, site, salePage }) => {
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await salePage.button("Connect with Sonar").waitFor();
  await expect(page.getByRole("banner")).toContainText(`Signed in as ${nameOf("ada")}`);
  expect(stored(site)).toEqual({ ...NOTHING, users: [{ name: "ada" }] });
});

test("an answer with another state is refused", async ({ page, site }) => {
  site.provider.faults.intercept = (callback) => {
    callback.searchParams.set("state", "s".repeat(43));
    return callback.href;
  };
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await expectNotSignedIn(page, "login/unknown_state");
  expect(stored(site)).toEqual(NOTHING);
});

test("an answer of another issuer is refused", async ({ page, site }) => {
  site.provider.faults.intercept = (callback) => {
    callback.searchParams.set("iss", "https://evil.example.com");
    return callback.href;
  };
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await expectNotSignedIn(page, "login/issuer_mismatch");
  expect(stored(site)).toEqual(NOTHING);
});

test("an answer that is opened in another browser signs in nobody, in neither browser", async ({
  page,
  site,
  secondBrowser,
}) => {
  let seen = "";
  site.provider.faults.intercept = (callback) => {
    seen = callback.href;
    return `${site.provider.issuer}/.well-known/openid-configuration`;
  };
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await page.waitForURL(/openid-configuration/);
  const other = await secondBrowser.newPage();
  await other.goto(seen);
  await expectNotSignedIn(other, "login/other_browser");
  await page.goto(seen);
  await expectNotSignedIn(page, "login/replayed");
  expect(stored(site)).toEqual(NOTHING);
});

test("an answer that is used again changes nothing, also after signing out", async ({ page, site, salePage }) => {
  let seen = "";
  site.provider.faults.intercept = (callback) => (seen = callback.href);
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await salePage.button("Connect with Sonar").waitFor();
  await page.goto(seen);
  await expect(page.getByRole("heading", { name: "You are still signed in" })).toBeVisible();
  await expect(shownText(page, failure("login/replayed").message)).toBeVisible();
  expect(stored(site)).toEqual({ ...NOTHING, users: [{ name: "ada" }] });
  await salePage.signOut();
  await page.goto(seen);
  await expectNotSignedIn(page, "login/replayed");
  expect(stored(site)).toEqual(NOTHING);
});

test("an expired id token is refused", async ({ page, site }) => {
  const now = Math.floor(Date.now() / 1_000);
  site.provider.faults.claims = (claims) => ({ ...claims, iat: now - 7_200, exp: now - 3_600 });
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await expectNotSignedIn(page, "login/token_expired");
  expect(stored(site)).toEqual(NOTHING);
});

test("a provider that is down is said to be so", async ({ page, site }) => {
  site.provider.faults.down = true;
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await expectNotSignedIn(page, "login/unavailable", "unreachable");
  expect(stored(site)).toEqual(NOTHING);
});

test("a user who cancels at the provider is told that nothing happened", async ({ page, site }) => {
  await beginLogin(page);
  await page.getByRole("link", { name: "Cancel" }).click();
  await expectNotSignedIn(page, "login/access_denied");
  expect(stored(site)).toEqual(NOTHING);
});

test("the account's page lists a user's browsers, and signs out of another one, or of all", async ({
  page,
  site,
  secondBrowser,
}) => {
  const other = await secondBrowser.newPage();
  for (const one of [page, other]) {
    await beginLogin(one);
    await authenticateAs(one, "ada");
    await one.getByRole("link", { name: `Account. Signed in as ${nameOf("ada")}` }).click();
    await expect(one.getByRole("heading", { name: "Where you are signed in" })).toBeVisible();
  }
  await page.reload();
  const browsers = page.getByRole("main").getByRole("listitem");
  await expect(browsers).toHaveCount(2);
  await expect(browsers.filter({ hasText: "This browser" })).toHaveCount(1);
  await expectNoViolationsInAnyLook(page);
  await browsers.filter({ hasText: "Last used" }).getByRole("button", { name: "Sign out" }).click();
  await expect(browsers).toHaveCount(1);
  await expect(page).toHaveURL(`${site.url}/account`);
  expect(stored(site).users).toEqual([{ name: "ada" }]);
  await other.reload();
  await expect(other.getByText("Sign in to see where you are signed in.")).toBeVisible();

  await beginLogin(other);
  await logInAs(other, "ada");
  await other.getByRole("link", { name: "Account" }).click();
  await other.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(other.getByRole("banner").getByRole("link", { name: "Account" })).toHaveCount(0);
  expect(stored(site)).toEqual(NOTHING);
});

test("the next person at this browser signs in as themselves and sees nothing of the one before", async ({
  page,
  context,
  site,
  salePage,
}) => {
  await beginLogin(page);
  await authenticateAs(page, "ada");
  await salePage.beginConnect();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
  expect(stored(site)).toEqual({ users: [{ name: "ada" }], requests: 0, connections: 1 });
  await salePage.signOut();
  expect(stored(site)).toEqual(NOTHING);
  const cookies = (await context.cookies(site.url)).map(({ name }) => name);
  expect(cookies.filter((name) => name !== "login")).toEqual([]);
  const kept = await page.evaluate(() => ({ ...localStorage, ...sessionStorage }));
  expect(JSON.stringify(kept)).not.toMatch(/ada|0x/i);

  // The provider asks for the login again, although it still has a session of its own for the person before.
  await beginLogin(page);
  await authenticateAs(page, "bob");
  await salePage.button("Connect with Sonar").waitFor();
  await expect(page.getByRole("banner")).toContainText(`Signed in as ${nameOf("bob")}`);
  // The rest of the sandbox's line names Ada in a scenario that anybody may open.
  await expect(page.getByRole("complementary", { name: "Sandbox" })).toContainText("Nobody connected");
  for (const part of ["banner", "main", "contentinfo"] as const)
    await expect(page.getByRole(part)).not.toContainText(/Ada/);
  expect(stored(site)).toEqual({ ...NOTHING, users: [{ name: "bob" }] });
});
