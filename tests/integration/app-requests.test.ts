import { sealData } from "iron-session";
import { beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { callAction, postAction } from "@/tests/support/app/call-action";
import { HttpBrowser, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { sendBytes } from "@/tests/support/app/raw-http";

const SIGNED_OUT = { ok: false, error: { code: "session/missing" } };
const SIGNED_IN = { ok: false, error: { code: "connection/not_connected" } };

/** Settings of an identity provider that is not asked, so that its callback exists. */
const LOGIN = {
  LOGIN_ISSUER: "http://127.0.0.1:9",
  LOGIN_CLIENT_ID: "site",
  LOGIN_CLIENT_SECRET: "secret-of-the-site",
};

let bench: AppBench;

beforeAll(async () => {
  bench = await openAppBench({ ...LOGIN, LOG_LEVEL: "debug", KEEP_ALIVE_SECONDS: "620" });
  return () => bench.close();
});

/** A browser whose cookies are sent exactly as a test writes them, until the app replaces one. */
class Browser extends HttpBrowser {
  constructor(private sent: string) {
    super();
  }

  override async send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.sent) headers.set("Cookie", this.sent);
    const answer = await super.send(url, { ...init, headers });
    // The app's own cookies, once there are any, replace those of the test.
    if (answer.headers.getSetCookie().length > 0) this.sent = "";
    return answer;
  }

  call(action: string) {
    return callAction(this, bench.app.url, action, {});
  }
}

/** The lines that the app has logged since a moment. */
function linesSince(start: number): { level: number; msg: string }[] {
  const lines = bench.app.logs().slice(start).split("\n");
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

async function signedInCookie(): Promise<string> {
  const browser = new HttpBrowser();
  await signIn(browser, bench.app.url);
  return browser.cookies.header(new URL(bench.app.url)).replace("session=", "");
}

type Make = (valid: string, secret: string) => string | Promise<string>;

const sealed = (content: unknown, password: string) => sealData(content, { password, ttl: 0 });

const COOKIES: readonly (readonly [string, Make])[] = [
  ["empty", () => ""],
  ["a word", () => "abc"],
  ["a number", () => "1"],
  ["a signed cookie of another framework", () => "s%3AvK3h0.r8uE1w2Z5s"],
  ["a JSON Web Token", () => "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
  ["JSON", () => '{"id":"a"}'],
  [
    "a sealed cookie of which a letter is another",
    (valid) => valid.replace(/.(?=.{20}$)/, (c) => (c === "A" ? "B" : "A")),
  ],
  ["a sealed cookie without its end", (valid) => valid.slice(0, -30)],
  ["a sealed cookie without its beginning", (valid) => valid.slice(3)],
  ["a sealed cookie of another prefix", (valid) => valid.replace("Fe26.2", "Fe26.1")],
  ["a sealed cookie with a part more", (valid) => valid.replace("~2", "*1~2")],
  ["a sealed cookie with empty parts", () => "Fe26.2*******~2"],
  ["a sealed cookie whose parts are no base64", (valid) => valid.replace(/\*[^*]+\*[^*]+\*/, "*!*?*")],
  ["a sealed cookie with an expiry that is no number", (valid) => valid.replace(/\*\d*\*(?=[^*]+\*[^*]+~)/, "*never*")],
  ["a sealed cookie of a format version that does not exist", (valid) => valid.replace("~2", "~x")],
  ["a sealed cookie of the first format version", (valid) => valid.replace("~2", "")],
  ["sealed with another secret", () => sealed({ id: "a" }, "another secret of at least 32 characters")],
  ["sealed by an older version: other fields", (_valid, secret) => sealed({ userId: "ada" }, secret)],
  ["sealed by an older version: an id that is no text", (_valid, secret) => sealed({ id: 7, name: { a: 1 } }, secret)],
  ["sealed by an older version: a text", (_valid, secret) => sealed("ada", secret)],
  ["sealed by an older version: a list", (_valid, secret) => sealed(["ada"], secret)],
  ["sealed by an older version: null", (_valid, secret) => sealed(null, secret)],
  ["sealed with an id that nobody has", (_valid, secret) => sealed({ id: "unknown", name: "Ada" }, secret)],
  ["longer than a browser keeps", () => "x".repeat(7_000)],
  ["a broken percent sign", () => "%"],
  ["percent signs that are no text", () => "%E0%A4%A%zz"],
  ["a percent-encoded NUL", () => "a%00b"],
  ["bytes that are no UTF-8", () => "\u00e9\u00ff"],
  ["an equals sign more", (valid) => `=${valid}`],
];

describe("a session cookie that is no cookie of this site:", () => {
  let valid: string;

  beforeAll(async () => void (valid = await signedInCookie()));

  it.each(COOKIES)("%s", async (_case, make) => {
    const value = await make(valid, bench.env["SESSION_SECRET"] ?? "");
    const start = bench.app.logs().length;
    const browser = new Browser(`session=${value}`);
    const page = await browser.get(bench.app.url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Sign in")]);
    expect(await browser.call("getProfile")).toMatchObject(SIGNED_OUT);

    await signIn(browser, bench.app.url);
    expect(await browser.call("getProfile")).toMatchObject(SIGNED_IN);

    const leaving = new Browser(`session=${value}`);
    const left = await leaving.submit(`${bench.app.url}/auth/sign-out`);
    expect(redirectOf(left)?.pathname).toBe("/");
    expect(left.headers.getSetCookie().join()).toMatch(/session=;[^,]*(Max-Age=0|Expires=Thu, 01 Jan 1970)/i);
    expect(linesSince(start).filter(({ level }) => level >= 50)).toEqual([]);
  });

  it("is logged for whoever looks for it, and not among the errors", async () => {
    const start = bench.app.logs().length;
    await (await new Browser("session=abc").get(bench.app.url)).text();
    expect(linesSince(start)).toContainEqual(expect.objectContaining({ level: 20, msg: "cookie.unreadable" }));
    expect(linesSince(start).filter(({ level }) => level >= 40)).toEqual([]);
  });

  it.each([
    ["first", (own: string) => `session=abc; session=${own}`],
    ["last", (own: string) => `session=${own}; session=abc`],
    ["first and last", (own: string) => `session=abc; a=b; session=${own};session=Fe26.1**`],
  ])("beside this site's own, whichever comes %s", async (_case, header) => {
    const browser = new Browser(header(valid));
    expect(await browser.call("getProfile")).toMatchObject(SIGNED_IN);
  });

  it("of a neighbouring site, whose name only looks like this one's: it would sign its own user in", async () => {
    const planted = new Browser(`\u00a0session=${valid}; \u00a0\u00a0session=${valid}`);
    expect(await planted.call("getProfile")).toMatchObject(SIGNED_OUT);
  });

  it("twice", async () => {
    const browser = new Browser("session=abc; session=def");
    expect(await browser.call("getProfile")).toMatchObject(SIGNED_OUT);
    await signIn(browser, bench.app.url);
    expect(await browser.call("getProfile")).toMatchObject(SIGNED_IN);
  });
});

describe("another cookie of this site with anything in it", () => {
  const OTHERS = ["wallet", "entity", "theme", "login"];
  const VALUES = ["", "abc", "%", "%E0%A4%A", "\u00e9", "Fe26.2**", '"0x0"', "<script>", "x".repeat(3_000)];

  it.each(OTHERS)("changes nothing for the page: %s", async (name) => {
    const own = await signedInCookie();
    for (const value of VALUES) {
      const start = bench.app.logs().length;
      const page = await new Browser(`session=${own}; ${name}=${value}`).get(bench.app.url);
      expect([value, page.status, await page.text()]).toEqual([value, 200, expect.stringContaining("Sign out")]);
      expect(linesSince(start).filter(({ level }) => level >= 50)).toEqual([]);
    }
  });

  it.each([...VALUES, () => sealed({ states: "state" }, bench.env["SESSION_SECRET"] ?? "")])(
    "does not hinder the callback of an identity provider",
    async (given) => {
      const value = typeof given === "string" ? given : await given();
      const start = bench.app.logs().length;
      const answer = await new Browser(`login=${value}`).get(`${bench.app.url}/auth/login/callback?code=a&state=state`);
      expect(redirectOf(answer)?.search).toBe("?code=login%2Funknown_state");
      expect(linesSince(start).filter(({ level }) => level >= 50)).toEqual([]);
    },
  );
});

const exchange = (bytes: string, abandon = false) => sendBytes(bench.app.url, bytes, abandon);

function form(lines: readonly string[], body: string, path = "/auth/sign-in"): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(bench.app.url).host}`,
    `Origin: ${new URL(bench.app.url).origin}`,
    "Connection: close",
    ...lines,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

const FORM = "Content-Type: application/x-www-form-urlencoded";
const CHUNKED = "Transfer-Encoding: chunked";

function chunks(body: string, size = 1_000): string {
  const parts = body.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];
  return `${parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("")}0\r\n\r\n`;
}

describe("a body", () => {
  let start: number;

  beforeEach(() => void (start = bench.app.logs().length));

  const errors = () => linesSince(start).filter(({ level }) => level >= 50);
  const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

  it("of a form is read without its length, as it comes through a tunnel", async () => {
    const answer = await exchange(form([FORM, CHUNKED], chunks("returnTo=/connections", 3)));
    expect(answer).toMatch(/^HTTP\/1\.1 303/);
    expect(answer).toMatch(/^location: http:\/\/localhost:\d+\/connections\r$/im);
  });

  it("of a multipart form is read without its length too, and whatever case its type is in", async () => {
    const body = '--b\r\nContent-Disposition: form-data; name="returnTo"\r\n\r\n/connections\r\n--b--\r\n';
    const answer = await exchange(form(["Content-Type: Multipart/Form-Data; boundary=b", CHUNKED], chunks(body)));
    expect(answer).toMatch(/^location: http:\/\/localhost:\d+\/connections\r$/im);
  });

  it("of an action is read without its length", async () => {
    const user = await bench.signedIn();
    const body = new Blob(["[{}]"]).stream();
    const answer = await postAction(user.browser, bench.app.url, "getProfile", body);
    expect(await answer.text()).toContain("connection/not_connected");
  });

  it.each([
    ["a form's limit, with its length", () => [FORM, "Content-Length: 9009"], (body: string) => body, 9_000],
    ["a form's limit, without", () => [FORM, CHUNKED], chunks, 9_000],
    ["any limit, with its length", () => [FORM, "Content-Length: 70009"], (body: string) => body, 70_000],
    ["any limit, without", () => [FORM, CHUNKED], chunks, 70_000],
    ["any limit, of no type", () => [CHUNKED], chunks, 70_000],
  ] as const)("over %s is refused with 413", async (_case, lines, encode, size) => {
    const answer = await exchange(form(lines(), encode(`returnTo=${"x".repeat(size)}`)));
    expect(statusOf(answer)).toBe(413);
    expect(errors()).toEqual([]);
  });

  it.each(["/", "/api/sale", "/oauth/callback", "/connections", "/nowhere"])(
    "over the limit is refused everywhere: %s",
    async (path) => {
      expect(statusOf(await exchange(form([CHUNKED], chunks("x".repeat(70_000)), path)))).toBe(413);
      expect(errors()).toEqual([]);
    },
  );

  it.each([
    ["negative", ["Content-Length: -1"], ""],
    ["no number", ["Content-Length: many"], ""],
    ["a number with a sign", ["Content-Length: +5"], "a=b&c"],
    ["there twice", ["Content-Length: 3", "Content-Length: 4"], "a=bc"],
    ["there beside chunks", ["Content-Length: 3", CHUNKED], "0\r\n\r\n"],
    ["a size of a chunk that is none", [CHUNKED], "zz\r\na=b\r\n0\r\n\r\n"],
  ])("whose length is %s is refused with 400", async (_case, lines, body) => {
    expect(statusOf(await exchange(form([FORM, ...lines], body)))).toBe(400);
    expect(errors()).toEqual([]);
  });

  it("that is longer than its length is not read beyond it", async () => {
    const answer = await exchange(form([FORM, "Content-Length: 21"], "returnTo=/connections&returnTo=/terms"));
    expect([303, 400]).toContain(statusOf(answer));
    expect(answer).not.toContain("terms");
    expect(errors()).toEqual([]);
  });

  it.each([
    ["without a boundary", "multipart/form-data", "--b\r\n\r\nx"],
    ["that is no multipart", "multipart/form-data; boundary=b", "returnTo=/connections"],
    ["without its end", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data"],
  ])("%s is the sender's fault", async (_case, type, body) => {
    const answer = await exchange(form([`Content-Type: ${type}`, `Content-Length: ${body.length}`], body));
    expect(answer).toMatch(/^location: .*\/oauth\/error\?code=api%2Finvalid_request\r$/im);
    expect(errors()).toEqual([]);
  });

  it.each([
    ["with its length", [FORM, "Content-Length: 100"], "returnTo="],
    ["without", [FORM, CHUNKED], "9\r\nreturnTo=\r\n"],
    ["in an action", ["Next-Action: 00", "Content-Type: text/plain", "Content-Length: 100"], "[{"],
  ])("that stops in the middle is no error of this site, %s", async (_case, lines, body) => {
    await exchange(form(lines, body), true);
    // Whatever the app makes of it, it has done so before it answers a later request on a new connection.
    for (let request = 0; request < 3; request += 1)
      expect((await fetch(`${bench.app.url}/api/health`)).status).toBe(200);
    expect(errors()).toEqual([]);
  });
});

test("an idle connection is kept for KEEP_ALIVE_SECONDS", async () => {
  // The first answer of a process may name Node's own time: it was begun before.
  await (await fetch(`${bench.app.url}/api/health`)).text();
  expect((await fetch(`${bench.app.url}/api/health`)).headers.get("keep-alive")).toBe("timeout=620");
});
