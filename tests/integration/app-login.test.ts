import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppBench } from "@/tests/support/app/app-bench";
import { NOBODY } from "@/tests/support/app/app-environment";
import { startApp } from "@/tests/support/app/app-process";
import { HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";
import { LOGIN_CLIENT, openLoginBench, type LoginBench } from "@/tests/support/app/login-bench";
import { freePort } from "@/tests/support/local-server";
import { decide, nameOf, signingKey, type OpenIdFaults, type OpenIdServer } from "@/tests/support/oauth/openid-server";

let login: LoginBench;
let provider: OpenIdServer;
let bench: AppBench;

beforeAll(async () => {
  login = await openLoginBench();
  ({ provider, bench } = login);
});
beforeEach(() => bench.reset());
afterEach(() => void (provider.faults = {}));
afterAll(() => login.close());

/** Begins signing in; returns the provider's address. */
async function begin(browser: HttpBrowser, returnTo = ""): Promise<URL> {
  const target = redirectOf(await browser.submit(new URL("/auth/login", bench.app.url), { returnTo }));
  if (!target) throw new Error("Signing in led nowhere");
  return target;
}

/** A callback as the provider sends it for `account`, changed by a test. */
async function callbackOf(browser: HttpBrowser, account = "ada"): Promise<URL> {
  return decide(await begin(browser), "approve", account);
}

/** The path, with its query, that a callback leads to. */
async function after(browser: HttpBrowser, callback: URL): Promise<string> {
  const target = redirectOf(await browser.get(callback));
  return target ? target.pathname + target.search : "";
}

async function signedInAs(account: string, browser = new HttpBrowser()): Promise<HttpBrowser> {
  expect(await after(browser, await callbackOf(browser, account))).toBe("/");
  return browser;
}

function userId(account: string): string {
  return `${provider.issuer}|${account}`;
}

async function stored() {
  const { kysely: db } = bench.database;
  const sessions = await db.selectFrom("sessions").select("user_id").execute();
  const requests = await db.selectFrom("transactions").select("provider").execute();
  return { users: sessions.map(({ user_id }) => user_id).sort(), requests: requests.length };
}

async function page(browser: HttpBrowser): Promise<string> {
  return (await browser.get(bench.app.url)).text();
}

it("asks the provider for a login, with state, nonce and PKCE, bound to this browser for ten minutes", async () => {
  const browser = new HttpBrowser();
  const answer = await browser.submit(new URL("/auth/login", bench.app.url));
  const { origin, searchParams } = redirectOf(answer) ?? new URL(NOBODY);
  expect(origin).toBe(provider.issuer);
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: LOGIN_CLIENT.clientId,
    redirect_uri: `${bench.app.url}/auth/login/callback`,
    response_type: "code",
    scope: "openid profile email",
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: "S256",
    prompt: "login",
  });
  expect(searchParams.get("nonce")).not.toBe(searchParams.get("code_challenge"));
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^login=[^;]+; /);
  expect(cookie).toMatch(/Max-Age=600;.*HttpOnly;.*SameSite=lax/i);
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

it("signs in: one session of the provider's user, whose name is in the cookie only", async () => {
  const browser = await signedInAs("ada");
  expect(await stored()).toEqual({ users: [userId("ada")], requests: 0 });
  expect(await page(browser)).toContain(nameOf("ada"));
  const everything = await bench.database.kysely.selectFrom("sessions").selectAll().execute();
  expect(JSON.stringify(everything)).not.toContain(nameOf("ada"));
});

it("takes the name from the id token where it has one, and cuts it", async () => {
  const browser = new HttpBrowser();
  provider.faults = { claims: (claims) => ({ ...claims, name: `${"long ".repeat(400)}\u202e` }) };
  await after(browser, await callbackOf(browser));
  expect(await page(browser)).toContain(`title="${"long ".repeat(20).trim()}"`);
});

it("returns to the page that signing in began on, and to no other site", async () => {
  const browser = new HttpBrowser();
  expect(await after(browser, await decide(await begin(browser, "/connections?a=1")))).toBe("/connections?a=1");
  expect(await after(browser, await decide(await begin(browser, "//evil.example.com")))).toBe("/");
});

it("a person has the same id in every browser, and several sign-ins may be open side by side", async () => {
  const browser = new HttpBrowser();
  const begun: URL[] = [];
  for (let tab = 0; tab < 8; tab++) begun.push(await begin(browser));
  for (const url of begun.toReversed()) expect(await after(browser, await decide(url))).toBe("/");
  await signedInAs("ada");
  expect(await stored()).toEqual({ users: [userId("ada"), userId("ada")], requests: 0 });
});

it("after signing out, somebody else sees nothing of the person before", async () => {
  const browser = await signedInAs("ada");
  await browser.submit(new URL("/auth/sign-out", bench.app.url));
  expect(await stored()).toEqual({ users: [], requests: 0 });
  await signedInAs("bob", browser);
  expect(await stored()).toEqual({ users: [userId("bob")], requests: 0 });
  const shown = await page(browser);
  expect(shown).toContain(nameOf("bob"));
  expect(shown).not.toContain(nameOf("ada"));
});

it("signing in as somebody else ends the session before, in the same browser", async () => {
  const browser = await signedInAs("ada");
  await signedInAs("bob", browser);
  expect((await stored()).users).toEqual([userId("bob")]);
});

/** Answers the callback's address after doing what goes wrong. */
type Attempt = (browser: HttpBrowser) => Promise<{ browser?: HttpBrowser; callback: URL }>;

function changed(change: (params: URLSearchParams) => void): Attempt {
  return async (browser) => {
    const callback = await callbackOf(browser);
    change(callback.searchParams);
    return { callback };
  };
}

function faulty(faults: OpenIdFaults): Attempt {
  return async (browser) => {
    const callback = await callbackOf(browser);
    provider.faults = faults;
    return { callback };
  };
}

function withClaims(changes: Record<string, unknown>): Attempt {
  return faulty({ claims: (claims) => ({ ...claims, ...changes }) });
}

const now = Math.floor(Date.now() / 1_000);
const FAILURES: [title: string, failure: string, attempt: Attempt][] = [
  ["another state", "login/unknown_state", changed((params) => params.set("state", "s".repeat(43)))],
  ["no state", "login/unknown_state", changed((params) => params.delete("state"))],
  ["two states", "login/unknown_state", changed((params) => params.append("state", "s".repeat(43)))],
  ["another code", "login/invalid_answer", changed((params) => params.set("code", "c".repeat(43)))],
  ["another issuer", "login/issuer_mismatch", changed((params) => params.set("iss", "https://evil.example.com"))],
  ["no issuer, though the provider announces one", "login/issuer_mismatch", changed((params) => params.delete("iss"))],
  [
    "another browser",
    "login/other_browser",
    async (browser) => ({ callback: await callbackOf(browser), browser: new HttpBrowser() }),
  ],
  [
    "another browser that signs in itself",
    "login/other_browser",
    async (browser) => {
      const other = new HttpBrowser();
      await begin(other);
      return { callback: await callbackOf(browser), browser: other };
    },
  ],
  [
    "a user who refuses",
    "login/access_denied",
    async (browser) => ({ callback: await decide(await begin(browser), "deny") }),
  ],
  [
    "a refusal by another issuer",
    "login/issuer_mismatch",
    async (browser) => {
      const callback = await decide(await begin(browser), "deny");
      callback.searchParams.set("iss", "https://evil.example.com");
      return { callback };
    },
  ],
  [
    "more than ten minutes",
    "login/expired",
    async (browser) => {
      const callback = await callbackOf(browser);
      await bench.database.kysely.updateTable("transactions").set({ expires_at: Date.now() }).execute();
      return { callback };
    },
  ],
  ["an expired id token", "login/token_expired", withClaims({ iat: now - 7_200, exp: now - 3_600 })],
  ["an id token of another request", "login/invalid_answer", withClaims({ nonce: "n".repeat(43) })],
  ["an id token for another app", "login/invalid_answer", withClaims({ aud: "another-app" })],
  ["an id token of another issuer", "login/invalid_answer", withClaims({ iss: "https://evil.example.com" })],
  ["an id token with an endless user", "login/invalid_answer", withClaims({ sub: "a".repeat(256) })],
  ["an id token with another signature", "login/invalid_answer", faulty({ key: signingKey() })],
  ["a provider that is down", "login/unavailable&reason=unreachable", faulty({ down: true })],
];

describe.each([
  ["signed out", false],
  ["signed in before", true],
] as const)("%s", (_title, before) => {
  it.each(FAILURES)("%s: its own sentence, no new session, nothing stored", async (_case, code, attempt) => {
    const browser = before ? await signedInAs("eve") : new HttpBrowser();
    const { callback, browser: visitor = browser } = await attempt(browser);
    expect(decodeURIComponent(await after(visitor, callback))).toBe(`/oauth/error?code=${code}`);
    expect(await stored()).toEqual({ users: before ? [userId("eve")] : [], requests: 0 });
    if (before) expect(await page(browser)).toContain(nameOf("eve"));
    // Whatever was wrong with it is put right too late.
    provider.faults = {};
    expect(await after(browser, callback)).toMatch(/^\/oauth\/error\?code=login%2F/);
  });
});

it("a callback works once, and the session that it made stays", async () => {
  const browser = new HttpBrowser();
  const callback = await callbackOf(browser);
  expect(await after(browser, callback)).toBe("/");
  const asked = provider.tokenRequests();
  expect(decodeURIComponent(await after(browser, callback))).toBe("/oauth/error?code=login/replayed");
  expect(provider.tokenRequests()).toBe(asked);
  expect(await stored()).toEqual({ users: [userId("ada")], requests: 0 });
  expect(await page(browser)).toContain(nameOf("ada"));
});

it("of two callbacks at the same moment, one signs in", async () => {
  const browser = new HttpBrowser();
  const callback = await callbackOf(browser);
  const targets = await Promise.all([after(browser, callback), after(browser, callback)]);
  expect(targets.map(decodeURIComponent).sort()).toEqual(["/", "/oauth/error?code=login/replayed"]);
  expect(await stored()).toEqual({ users: [userId("ada")], requests: 0 });
});

it("a callback is only for GET, keeps nothing in caches and tells no other site its address", async () => {
  const browser = new HttpBrowser();
  const callback = await callbackOf(browser);
  expect((await browser.get(callback, { method: "HEAD" })).status).toBe(405);
  const { headers } = await browser.get(callback);
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("location")).toBe(`${bench.app.url}/`);
});

it("no code, state, verifier, token or name is in the log", async () => {
  const browser = new HttpBrowser();
  const callback = await callbackOf(browser);
  await after(browser, callback);
  const secrets = [...["code", "state"].map((name) => callback.searchParams.get(name) ?? ""), nameOf("ada"), "eyJ"];
  for (const secret of secrets) expect(bench.app.logs()).not.toContain(secret);
});

it.each(["/auth/login", "/auth/sign-in"])("%s: beyond the limit of a network, nothing is stored", async (path) => {
  const app = await startApp({ port: await freePort(), env: { ...bench.env, RATE_SIGN_IN_PER_MINUTE: "1" } });
  const isTaken = async (address: string) =>
    (await new HttpBrowser(address).submit(new URL(path, app.url))).status !== 429;
  const taken = { single: 0, larger: 0 };
  for (let nth = 0; nth < 4; nth += 1) taken.single += Number(await isTaken("192.0.2.1"));
  for (let nth = 0; nth < 12; nth += 1) taken.larger += Number(await isTaken(`2001:db8:1:${nth}::1`));
  await app.stop();
  // Twice as many, if two minutes had a part in it.
  expect([1, 2]).toContain(taken.single);
  expect([4, 5, 6, 7, 8]).toContain(taken.larger);
  const { users, requests } = await stored();
  expect(users.length + requests).toBe(taken.single + taken.larger);
});

it("while the provider cannot be reached, or nothing is set up, signing in says so", async () => {
  const { LOGIN_ISSUER: _issuer, LOGIN_CLIENT_ID: _id, LOGIN_CLIENT_SECRET: _secret, ...without } = bench.env;
  const answer = async (env: Readonly<Record<string, string>>) => {
    const app = await startApp({ port: await freePort(), env });
    const refusal = await new HttpBrowser().submit(new URL("/auth/login", app.url));
    await app.stop();
    return decodeURIComponent(redirectOf(refusal)?.search ?? "");
  };
  const answers = [answer({ ...bench.env, LOGIN_ISSUER: NOBODY }), answer(without)];
  expect(await Promise.all(answers)).toEqual(["?code=login/unavailable&reason=unreachable", "?code=login/not_set_up"]);
  expect(await stored()).toEqual({ users: [], requests: 0 });
});
