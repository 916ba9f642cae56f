import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { beginConnect, redirectOf } from "@/tests/support/app/http-browser";
import { sendRaw, type RawAnswer } from "@/tests/support/app/raw-http";
import { approve } from "@/tests/support/sandbox/sandbox-user";

const CONTACT = "mailto:security@example.com";

let bench: AppBench;
let port: number;

beforeAll(async () => {
  bench = await openAppBench({ SECURITY_CONTACT: CONTACT });
  port = Number(new URL(bench.app.url).port);
  return () => bench.close();
});

const send = (requestLine: string, ...headers: string[]) => sendRaw(port, requestLine, ...headers);

/** The headers that tell a browser to do nothing with an answer that this site does not want. */
function expectProtected(answer: RawAnswer): void {
  const header = (name: string) => answer.headers.get(name) ?? "";
  const policy = header("content-security-policy");
  expect(policy, "one policy").toMatch(/^default-src '(self|none)';[^,]*$/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(header("x-content-type-options")).toBe("nosniff");
  expect(header("x-frame-options")).toBe("DENY");
  expect(header("referrer-policy")).toMatch(/^(no-referrer|strict-origin-when-cross-origin)$/);
  expect(header("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
}

describe("every answer has its policy and its headers:", () => {
  it.each([
    [200, "GET /"],
    [200, "HEAD /"],
    [200, "GET /connections"],
    [200, "GET /robots.txt"],
    [200, "GET /sitemap.xml"],
    [200, "GET /.well-known/security.txt"],
    [200, "GET /api/health"],
    [303, "GET /oauth/callback?code=a&state=b"],
    [303, "GET /oauth/callback/?code=a&state=b"],
    [303, "GET /auth/login/callback/?code=a&state=b"],
    [308, "GET /oauth//callback?code=a&state=b"],
    [308, "GET /connections/"],
    [308, "GET //connections"],
    [400, "OPTIONS *"],
    [400, "GET http://evil.example/"],
    [400, "OPTIONS /"],
    [404, "GET /nowhere"],
    [404, "GET /nowhere.png"],
    [404, "GET /_next/nowhere"],
    [404, "GET /_next/static/nowhere.js"],
    [404, "GET /_global-error"],
    [404, "HEAD /_global-error?a"],
    [404, "GET /_next/image?url=a"],
    [404, "GET /%00"],
    [404, "GET /api"],
    [404, "GET /api/nowhere"],
    [404, "HEAD /api/nowhere"],
    [404, "DELETE /api/sale/nowhere"],
    [405, "GET /auth/sign-in"],
    [405, "PUT /api/health"],
    [405, "POST /_next/static/nowhere.js"],
    [405, "TRACE /"],
    [405, "TRACE /api/health"],
    [405, "CONNECT localhost:80"],
    [405, "PROPFIND /"],
    [405, "PURGE /connections"],
    [405, "M-SEARCH /"],
  ])("%d of %s", async (status, requestLine) => {
    const answer = await send(requestLine);
    expect(answer.status).toBe(status);
    expectProtected(answer);
  });

  const script = `/_next/static/chunks/${readdirSync(".next/static/chunks").find((name) => name.endsWith(".js"))}`;

  it("a script's, which browsers keep for a year", async () => {
    const answer = await send(`GET ${script}`);
    expectProtected(answer);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("a script's that is asked for by %s", async (method) => {
    const answer = await send(`${method} ${script}`);
    expectProtected(answer);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each([
    [200, "Range: bytes=99999999-"],
    [200, "Range: bytes=5-1"],
    [200, "Range: bytes=0-3"],
    [200, 'If-Match: "x"'],
    [200, "If-Unmodified-Since: Thu, 01 Jan 2009 00:00:00 GMT"],
    [304, "If-None-Match: *"],
  ])("a script's: %d with %s", async (status, condition) => {
    const whole = await send(`GET ${script}`);
    const answer = await send(`GET ${script}`, condition);
    expect(answer.status).toBe(status);
    expect(answer.body).toBe(status === 200 ? whole.body : "");
    expectProtected(answer);
  });
});

it("an unknown path of the API gets a few bytes, and not the site's page", async () => {
  for (const path of ["/api", "/api/nowhere", "/api/sale/nowhere", "/api/v1/users?id=1"]) {
    const answer = await fetch(bench.app.url + path, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([404, { error: "not_found" }]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
  expect((await fetch(`${bench.app.url}/api/health`)).status).toBe(200);
});

describe("a callback whose address has a slash too many", () => {
  it.each(["/oauth/callback/", "/oauth/callback/sonar/", "/auth/login/callback/"])(
    "(%s) is answered there, not redirected with its code",
    async (path) => {
      const { headers } = await send(`GET ${path}?code=canary-code&state=canary-state`);
      expect(headers.get("location")).toMatch(new RegExp(`^${bench.app.url}/oauth/error\\?`));
      expect(headers.get("location")).not.toContain("canary");
    },
  );

  it("connects all the same", async () => {
    const { browser, call } = await bench.signedIn();
    const callback = await approve(await beginConnect(browser, bench.app.url));
    callback.pathname += "/";
    expect(redirectOf(await browser.get(callback))?.href).toBe(`${bench.app.url}/`);
    expect(await call("getProfile", {})).toMatchObject({ ok: true });
  });

  it.each(["/oauth//callback", "//oauth/callback", "/oauth\\callback"])(
    "(%s) is moved by an answer that neither a cache nor the next page gets to know",
    async (path) => {
      const { headers } = await send(`GET ${path}?code=canary-code&state=canary-state`);
      expect(headers.get("location")).toBe("/oauth/callback?code=canary-code&state=canary-state");
      expect([headers.get("referrer-policy"), headers.get("cache-control")]).toEqual(["no-referrer", "no-store"]);
    },
  );
});

describe("an odd request", () => {
  it.each(["TRACE /", "CONNECT localhost:80", "PROPFIND /", "OPTIONS *"])(
    "(%s) writes no line into the log",
    async (line) => {
      const before = bench.app.logs().length;
      await send(line);
      expect(bench.app.logs().slice(before)).toBe("");
    },
  );

  it("does not learn of TRACE what it sent", async () => {
    const answer = await send("TRACE /", "Cookie: session=canary");
    expect(JSON.stringify(answer)).not.toContain("canary");
  });

  it("for a WebSocket, of which there are none, is answered like any other", async () => {
    const upgrade = ["Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    expect((await send("GET /nowhere", ...upgrade)).status).toBe(404);
    expect((await send("GET /api/health", ...upgrade)).status).toBe(200);
  });
});

describe("the small files that browsers and researchers ask for", () => {
  it("the icon is an icon at its old address too, where this site has one at /icon", async () => {
    const [old, drawn] = [await send("GET /favicon.ico"), await send("GET /icon")];
    for (const answer of [old, drawn]) expectProtected(answer);
    const facts = ({ status, headers }: RawAnswer) => [status, headers.get("content-type")];
    expect(facts(old)).toEqual(facts(drawn));
  });

  it("security.txt names the contact that is set, as plain text", async () => {
    const answer = await send("GET /.well-known/security.txt");
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.body).toContain(`Contact: ${CONTACT}\n`);
  });
});
