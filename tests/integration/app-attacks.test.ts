import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openAppBench, type AppBench, type AppUser } from "@/tests/support/app/app-bench";
import { beginConnect, HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";
import { approve } from "@/tests/support/sandbox/sandbox-user";

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

let bench: AppBench;
beforeAll(async () => {
  bench = await openAppBench();
});
beforeEach(() => bench.reset());
afterAll(() => bench.close());

const home = () => new URL(bench.app.url);
const entities = ({ call }: AppUser) => call("getEntities", {});

/** A request with headers that `fetch` does not let a caller set. */
async function raw(path: string, headers: Readonly<Record<string, string>>, method = "GET") {
  const { hostname, port } = home();
  return new Promise<{ status: number; headers: string; body: string }>((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, method, headers }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.rawHeaders.join("\n"), body }));
    });
    sent.on("error", reject).end();
  });
}

describe("a callback", () => {
  it("that is sent twenty times at once is exchanged once, and connects", async () => {
    const user = await bench.signedIn();
    const callback = await approve(await beginConnect(user.browser, bench.app.url));
    const answers = await Promise.all(Array.from({ length: 20 }, () => user.browser.get(callback)));
    const ends = answers.map((answer) => redirectOf(answer)?.searchParams.get("code") ?? "connected");
    expect(ends.filter((end) => end === "connected")).toHaveLength(1);
    expect(new Set(ends)).toEqual(new Set(["connected", "oauth/invalid_state"]));
    expect(await bench.requestsTo(EXCHANGE)).toBe(1);
    expect(await entities(user)).toMatchObject({ ok: true });
  });

  it("with a code of somebody else's flow gets no token, and connects nobody", async () => {
    const [eve, ada] = [await bench.signedIn(), await bench.signedIn()];
    const stolen = (await approve(await beginConnect(ada.browser, bench.app.url))).searchParams.get("code") ?? "";
    const injected = await approve(await beginConnect(eve.browser, bench.app.url));
    injected.searchParams.set("code", stolen);
    const end = redirectOf(await eve.browser.get(injected));
    expect(end?.searchParams.get("code")).toMatch(/^oauth\//);
    expect(await entities(eve)).toMatchObject({ error: { code: "connection/not_connected" } });
  });

  it.each([
    "/oauth/callback/rakomi",
    "/oauth/callback/sonar",
    "/oauth/callback/sonar/..",
    "/oauth/callback/%2e%2e/callback/rakomi",
    "/oauth/callback%2f",
    "/OAUTH/callback",
    "//evil.example/oauth/callback",
    "/oauth/callback/__proto__",
  ])("at %s asks Sonar nothing, and leads to no other site", async (path) => {
    const user = await bench.signedIn();
    const callback = await approve(await beginConnect(user.browser, bench.app.url));
    const answer = await raw(path + callback.search, { Cookie: user.browser.cookies.header(home()) });
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers).not.toMatch(/location\n(https?:)?\/\/evil/i);
    expect(await bench.requestsTo(EXCHANGE)).toBe(0);
    expect(await entities(user)).toMatchObject({ error: { code: "connection/not_connected" } });
  });
});

describe("a session", () => {
  it("that was fixed in advance is never adopted: signing in makes a new one, and the planted cookie stays worthless", async () => {
    const attacker = await bench.signedIn();
    const planted = attacker.browser.cookies.header(home());
    const victim = new HttpBrowser();
    victim.cookies.take(home(), [planted]);
    await victim.submit(`${bench.app.url}/auth/sign-in`);
    expect(victim.cookies.header(home())).not.toBe(planted);
    await approve(await beginConnect(victim, bench.app.url)).then((callback) => victim.get(callback));
    expect(await entities(attacker)).toMatchObject({ error: { code: "session/missing" } });
  });

  it("whose sealed cookie is changed in any place is none", async () => {
    const user = await bench.connected();
    const cookie = user.browser.cookies.header(home());
    const [name = "", value = ""] = cookie.split("=", 2);
    const places = [0, 5, Math.floor(value.length / 2), value.length - 4];
    for (const place of places) {
      const other = value[place] === "A" ? "B" : "A";
      const changed = value.slice(0, place) + other + value.slice(place + 1);
      const answer = await raw("/account", { Cookie: `${name}=${changed}` });
      expect(answer.status, String(place)).toBe(200);
      expect(answer.body, String(place)).not.toContain("This browser");
    }
    expect((await raw("/account", { Cookie: cookie })).body).toContain("This browser");
  });
});

describe("a page", () => {
  it.each(["/", "/account", "/activity", "/connections"])(
    "of somebody who is signed in (%s) may be kept by no cache",
    async (path) => {
      const { browser } = await bench.connected();
      const answer = await browser.get(bench.app.url + path);
      expect(answer.headers.get("cache-control")).toMatch(/no-store/);
      await answer.body?.cancel();
    },
  );

  it("has a nonce of its own each time, for everybody", async () => {
    const { browser } = await bench.connected();
    const pages = await Promise.all(
      [browser, browser, new HttpBrowser(), new HttpBrowser()].map((one) => one.get(bench.app.url)),
    );
    const nonces = pages.map(
      ({ headers }) => /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1],
    );
    expect(new Set(nonces).size).toBe(pages.length);
    for (const nonce of nonces) expect(Buffer.from(nonce ?? "", "base64").length).toBeGreaterThanOrEqual(16);
    for (const page of pages) await page.body?.cancel();
  });

  it.each([
    ["Host", "evil.example"],
    ["X-Forwarded-Host", "evil.example"],
    ["X-Forwarded-Proto", "javascript"],
    ["Forwarded", "host=evil.example;proto=https"],
    ["X-Original-URL", "/oauth/callback?code=c&state=s"],
    ["X-Rewrite-URL", "https://evil.example/"],
    ["X-Middleware-Subrequest", "proxy:proxy:proxy:proxy:proxy"],
    ["X-Nonce", "attacker"],
    ["X-Request-Id", 'x","level":50,"msg":"forged'],
  ])("is not changed by the header %s", async (name, value) => {
    const { body, headers, status } = await raw("/", { Host: home().host, [name]: value });
    expect(status).toBe(200);
    expect(headers).toMatch(/content-security-policy\n/i);
    expect(headers + body.replace(/<!--.*?-->/g, "")).not.toMatch(
      /href="(https?:)?\/\/evil|nonce-attacker|nonce="attacker"|forged/,
    );
    const answer = await raw("/auth/sign-in", { Host: home().host, Origin: home().origin, [name]: value }, "POST");
    expect(answer.headers).not.toMatch(/location\n(https?:)?\/\/evil/i);
    expect(answer.headers).not.toContain("forged");
  });
});
