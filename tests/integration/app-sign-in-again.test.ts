import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appUser, storedConnections } from "@/tests/support/app/app-bench";
import { beginConnect, connectAs, HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";
import { linesUpTo } from "@/tests/support/app/log-lines";
import { openLoginBench, signInAt, type LoginBench } from "@/tests/support/app/login-bench";
import { decide } from "@/tests/support/oauth/openid-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";

let login: LoginBench;

beforeAll(async () => {
  login = await openLoginBench();
  return () => login.close();
});
beforeEach(() => login.bench.reset());

/** A page that was opened before signing in still has its "Sign in" button: what the provider answers when that is pressed. */
async function staleTab(browser: HttpBrowser, account: string): Promise<URL> {
  const target = redirectOf(await browser.submit(new URL("/auth/login", login.bench.app.url)));
  if (!target) throw new Error("Signing in led nowhere");
  return decide(target, "approve", account);
}

function userId(account: string): string {
  return `${login.provider.issuer}|${account}`;
}

/** Somebody who is signed in and connected. */
async function connected(account = "ada") {
  const { app } = login.bench;
  const browser = new HttpBrowser();
  await signInAt(login, browser, account);
  await connectAs(browser, app.url, "ada");
  return appUser(app.url, browser);
}

const sessions = () => login.bench.database.kysely.selectFrom("sessions").select(["user_id", "id_hash"]).execute();

async function audited(account: string) {
  const rows = await login.bench.database.kysely.selectFrom("audit").selectAll().orderBy("at").execute();
  return rows.filter(({ user_id }) => user_id === userId(account)).map(({ event, details }) => `${event} ${details}`);
}

it("the same person's second sign-in keeps the connection and replaces the session", async () => {
  const { app } = login.bench;
  const { browser, call } = await connected();
  const before = browser.cookies.header(new URL(app.url));
  const [old] = await sessions();
  const start = app.logs().length;
  const answer = await browser.get(await staleTab(browser, "ada"));
  expect(redirectOf(answer)?.pathname).toBe("/");
  expect(await storedConnections(login.bench)).toEqual([{ provider: "sonar", userId: userId("ada") }]);
  expect(await call("getEntities", {})).toMatchObject({ ok: true });
  const [current, ...others] = await sessions();
  expect([current?.user_id, others]).toEqual([userId("ada"), []]);
  expect(current?.id_hash).not.toBe(old?.id_hash);
  // A copy of the old cookie is worthless, and the person's own choices in this browser stay.
  const copy = await appUser(app.url, new HttpBrowser()).browser.get(app.url, { headers: { Cookie: before } });
  expect(await copy.text()).not.toContain("Sign out");
  expect(answer.headers.getSetCookie().join()).not.toMatch(/wallet=|entity=/);
  const lines = (await linesUpTo(app, start, "sign-in")).filter(({ msg }) => /^(sign-|session\.)/.test(msg));
  expect(lines.map(({ msg }) => msg)).toEqual(["session.replaced", "sign-in"]);
  expect(lines[0]?.session).not.toBe(lines[1]?.session);
  await expect.poll(() => audited("ada")).toHaveLength(3);
  expect((await audited("ada"))[2]).toBe('sign-in {"replaced":true}');
});

it("an authorization that the old session has begun ends with it", async () => {
  const { app } = login.bench;
  const browser = new HttpBrowser();
  await signInAt(login, browser, "ada");
  const callback = await approve(await beginConnect(browser, app.url), "ada");
  await browser.get(await staleTab(browser, "ada"));
  expect(redirectOf(await browser.get(callback))?.searchParams.get("code")).toBe("oauth/invalid_state");
  expect(await storedConnections(login.bench)).toEqual([]);
});

const finished = async (browser: HttpBrowser, callbacks: readonly URL[]) => {
  const answers = await Promise.all(callbacks.map((callback) => browser.get(callback)));
  expect(answers.map((answer) => redirectOf(answer)?.pathname)).toEqual(callbacks.map(() => "/"));
};

async function signOut(browser: HttpBrowser): Promise<void> {
  await browser.submit(new URL("/auth/sign-out", login.bench.app.url));
}

describe("two tabs that finish signing in at the same moment", () => {
  const BEFORE: [title: string, before: () => Promise<HttpBrowser>][] = [
    ["where nobody is signed in", () => Promise.resolve(new HttpBrowser())],
    ["where the same person is signed in", async () => (await connected()).browser],
  ];

  it.each(BEFORE)("%s, leave nothing behind when one of them signs out", async (_title, before) => {
    const browser = await before();
    await finished(browser, [await staleTab(browser, "ada"), await staleTab(browser, "ada")]);
    await connectAs(browser, login.bench.app.url, "ada");
    expect(await storedConnections(login.bench)).toHaveLength(1);
    await signOut(browser);
    expect(await sessions()).toEqual([]);
    expect(await storedConnections(login.bench)).toEqual([]);
  });

  it("are one browser in the list, and another browser stays signed in", async () => {
    const { browser } = await connected();
    const other = new HttpBrowser();
    await signInAt(login, other, "ada");
    await finished(browser, [await staleTab(browser, "ada"), await staleTab(browser, "ada")]);
    const page = await (await browser.get(`${login.bench.app.url}/account`)).text();
    expect(page.match(/name="browser"/g)).toHaveLength(1);
    await signOut(browser);
    expect(await sessions()).toHaveLength(1);
    expect(await appUser(login.bench.app.url, other).call("getEntities", {})).toMatchObject({ ok: true });
  });
});

it("another browser of the person stays signed in", async () => {
  const { browser } = await connected();
  const other = new HttpBrowser();
  await signInAt(login, other, "ada");
  await browser.get(await staleTab(browser, "ada"));
  expect(await appUser(login.bench.app.url, other).call("getEntities", {})).toMatchObject({ ok: true });
  expect(await sessions()).toHaveLength(2);
});

it("somebody else's sign-in in the same browser ends the session and its connections", async () => {
  const { browser, call } = await connected();
  const answer = await browser.get(await staleTab(browser, "bob"));
  expect(answer.headers.getSetCookie().join()).toMatch(/wallet=;/);
  expect(await storedConnections(login.bench)).toEqual([]);
  expect((await sessions()).map(({ user_id }) => user_id)).toEqual([userId("bob")]);
  expect(await call("getEntities", {})).toMatchObject({ error: { code: "connection/not_connected" } });
  await expect.poll(() => audited("ada")).toHaveLength(3);
  expect((await audited("ada"))[2]).toBe("sign-out {}");
});
