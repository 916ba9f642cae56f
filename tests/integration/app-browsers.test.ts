import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appUser, type AppBench, type AppUser } from "@/tests/support/app/app-bench";
import { beginConnect, connectAs, HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";
import { openLoginBench, signInAt, type LoginBench } from "@/tests/support/app/login-bench";
import { approve } from "@/tests/support/sandbox/sandbox-user";

/** One person in several browsers: with an identity provider, a person has the same id in each. */
describe("a user who is signed in with two browsers", () => {
  let login: LoginBench;
  let bench: AppBench;

  beforeAll(async () => {
    login = await openLoginBench();
    ({ bench } = login);
  });
  beforeEach(() => bench.reset());
  afterAll(() => login.close());

  async function signedInAs(account: string): Promise<AppUser> {
    const browser = new HttpBrowser();
    await signInAt(login, browser, account);
    return appUser(bench.app.url, browser);
  }

  const submit = ({ browser }: AppUser, path: string, fields = {}) => browser.submit(bench.app.url + path, fields);
  const entities = ({ call }: AppUser) => call("getEntities", {});
  const accountPage = async ({ browser }: AppUser) => (await browser.get(`${bench.app.url}/account`)).text();
  const handles = (page: string) => [...page.matchAll(/name="browser" value="([\w-]+)"/g)].map(([, handle]) => handle);

  it("stays connected in the other when it signs out of one", async () => {
    const [one, other] = [await signedInAs("ada"), await signedInAs("ada")];
    await connectAs(one.browser, bench.app.url);
    expect(await entities(other)).toMatchObject({ ok: true });
    await submit(one, "/auth/sign-out");
    expect(await entities(one)).toMatchObject({ error: { code: "session/missing" } });
    expect(await entities(other)).toMatchObject({ ok: true });
  });

  it("is disconnected with the last one", async () => {
    const [one, other] = [await signedInAs("ada"), await signedInAs("ada")];
    await connectAs(one.browser, bench.app.url);
    await submit(one, "/auth/sign-out");
    await submit(other, "/auth/sign-out");
    expect(await entities(await signedInAs("ada"))).toMatchObject({ error: { code: "connection/not_connected" } });
  });

  it("can sign out everywhere at once, and nobody else is signed out", async () => {
    const [one, other, eve] = [await signedInAs("ada"), await signedInAs("ada"), await signedInAs("eve")];
    await connectAs(one.browser, bench.app.url);
    await connectAs(eve.browser, bench.app.url);
    expect(redirectOf(await submit(other, "/auth/sign-out", { everywhere: "1" }))?.pathname).toBe("/");
    for (const user of [one, other]) expect(await entities(user)).toMatchObject({ error: { code: "session/missing" } });
    expect(await entities(eve)).toMatchObject({ ok: true });
    expect(await entities(await signedInAs("ada"))).toMatchObject({ error: { code: "connection/not_connected" } });
  });

  it("sees both, and can sign out of the other one", async () => {
    const [one, other, eve] = [await signedInAs("ada"), await signedInAs("ada"), await signedInAs("eve")];
    const page = await accountPage(one);
    expect(page).toContain("This browser");
    expect(handles(page)).toHaveLength(1);
    const [handle = ""] = handles(page);
    await submit(eve, "/auth/sign-out", { browser: handle });
    expect(await entities(other)).toMatchObject({ error: { code: "connection/not_connected" } });
    expect(redirectOf(await submit(one, "/auth/sign-out", { browser: handle }))?.pathname).toBe("/account");
    expect(await entities(other)).toMatchObject({ error: { code: "session/missing" } });
    expect(handles(await accountPage(one))).toEqual([]);
    expect(handles(await accountPage(eve))).toEqual([]);
  });

  it("is disconnected when it signs out here and, at the same moment, out of the other", async () => {
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await signedInAs("ada"), await signedInAs("ada")];
      await connectAs(one.browser, bench.app.url);
      const [handle = ""] = handles(await accountPage(one));
      await Promise.all([submit(one, "/auth/sign-out", { browser: handle }), submit(one, "/auth/sign-out")]);
      await submit(other, "/auth/sign-out");
      expect(await entities(await signedInAs("ada"))).toMatchObject({ error: { code: "connection/not_connected" } });
      await bench.reset();
    }
  });

  it("cannot finish in one what was begun in the other: the state is consumed by neither, and works where it began", async () => {
    const [one, other] = [await signedInAs("ada"), await signedInAs("ada")];
    const callback = await approve(await beginConnect(one.browser, bench.app.url));
    const elsewhere = redirectOf(await other.browser.get(callback));
    expect(elsewhere?.searchParams.get("code")).toBe("oauth/invalid_state");
    expect(await entities(other)).toMatchObject({ error: { code: "connection/not_connected" } });
    expect(redirectOf(await one.browser.get(callback))?.pathname).toBe("/");
    expect(await entities(one)).toMatchObject({ ok: true });
  });

  it("cannot finish after signing in anew what was begun before", async () => {
    const user = await signedInAs("ada");
    const callback = await approve(await beginConnect(user.browser, bench.app.url));
    await signInAt(login, user.browser, "ada");
    const late = redirectOf(await user.browser.get(callback));
    expect(late?.searchParams.get("code")).toBe("oauth/invalid_state");
  });
});
