import { describe, expect, it } from "vitest";
import { earlyAnswer, refuseForeignHost } from "@/lib/http/server-gate";

describe("a request that Next would get wrong", () => {
  it.each(["TRACE", "TRACK", "CONNECT", "PROPFIND", "PURGE", "QUERY", "M-SEARCH", "get", ""])(
    "with the method %j is answered with 405 and the methods there are",
    (method) => {
      const answer = earlyAnswer({ method, url: "/" });
      expect(answer).toMatchObject({ status: 405, headers: { Allow: expect.stringContaining("GET, HEAD, POST") } });
    },
  );

  it.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("with %s is left to Next", (method) => {
    expect(earlyAnswer({ method, url: "/oauth/callback?code=a&state=b" })).toBeUndefined();
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])(
    "with %s for a file is answered with 405",
    (method) => {
      const answer = earlyAnswer({ method, url: "/_next/static/chunks/a.js?b" });
      expect(answer).toMatchObject({ status: 405, headers: { Allow: "GET, HEAD" } });
      for (const url of ["/_next/staticx", "/a?/_next/static/b.js"])
        expect(earlyAnswer({ method, url })?.headers?.["Allow"]).not.toBe("GET, HEAD");
    },
  );

  it("for the page of errors itself is answered with 404", () => {
    for (const url of ["/_global-error", "/_global-error?a"])
      expect(earlyAnswer({ method: "GET", url })).toMatchObject({ status: 404 });
    for (const url of ["/_global-errors", "/a/_global-error", "/?/_global-error"])
      expect(earlyAnswer({ method: "GET", url })).toBeUndefined();
  });

  it.each(["*", "http://evil.example/", "https://evil.example//a", "localhost:3000", "", "?a", "javascript:alert(1)"])(
    "to the address %j, which is no path, is answered with 400",
    (url) => {
      expect(earlyAnswer({ method: "GET", url })).toMatchObject({ status: 400 });
    },
  );

  it("with more parameters than Next reads in good time is answered with 414", () => {
    const url = (parameters: number) => `/api/health?${Array(parameters).fill("a").join("&")}`;
    expect(earlyAnswer({ method: "GET", url: url(64) })).toBeUndefined();
    for (const many of [65, 8_000])
      expect(earlyAnswer({ method: "GET", url: url(many) })).toMatchObject({ status: 414 });
    expect(earlyAnswer({ method: "POST", url: `//${url(65)}` })).toMatchObject({ status: 414 });
  });

  it.each(["/..", "/a/../b", "/a/.", "/./a", "/a/%2e%2E/b?c", "/a/.%2e", "/a//..", "\\..\\a"])(
    "to %j, which leads to another path than the one it shows, is answered with 400",
    (url) => {
      expect(earlyAnswer({ method: "GET", url })).toMatchObject({ status: 400 });
    },
  );

  it.each(["/oauth/callback/%zz?code=a", "/auth/connect/%", "/%E0%A4%A", "/a%ff/b", "/sandbox/%c0%af"])(
    "to %s, which stands for no text, is answered with 400",
    (url) => {
      expect(earlyAnswer({ method: "GET", url })).toMatchObject({ status: 400, text: expect.stringContaining("%25") });
    },
  );

  it.each(["/a%25zz", "/a?b=%zz", "/%E2%82%AC"])("to %s is left to Next, as it stands for text", (url) => {
    expect(earlyAnswer({ method: "GET", url })).toBeUndefined();
  });

  it.each(["/.well-known/security.txt", "/...", "/a..b", "/a?b=/../c", "/..a/b"])("to %s is left to Next", (url) => {
    expect(earlyAnswer({ method: "GET", url })).toBeUndefined();
  });

  it.each([
    ["//evil.example/a?b=c", "/evil.example/a?b=c"],
    ["///", "/"],
    ["/\\evil.example", "/evil.example"],
    ["\\\\evil.example", "/evil.example"],
    ["/oauth//callback?code=a&state=b", "/oauth/callback?code=a&state=b"],
    ["/oauth\\callback\\sonar?code=a//b", "/oauth/callback/sonar?code=a//b"],
  ])("with double slashes, as %s, moves within this site", (url, target) => {
    const answer = earlyAnswer({ method: "GET", url });
    expect(answer).toMatchObject({ status: 308, headers: { Location: target } });
    expect(answer?.text, "shows no code").not.toContain("code=");
  });

  it.each(["/", "/a/b/", "/?next=//evil.example", "/a?b=\\", "/%2F%2Fevil.example", "/a%5Cb"])("%s is none", (url) => {
    expect(earlyAnswer({ method: "GET", url })).toBeUndefined();
  });
});

describe("a development server", () => {
  const NAMES = ["sale.tunnel.example", "dev-machine"];

  it.each([
    "localhost:3000",
    "LOCALHOST:3000",
    "sale.localhost:3000",
    "127.0.0.1:3000",
    "[::1]:3000",
    "192.168.1.9:3000",
    "sale.tunnel.example",
    "dev-machine:3000",
    undefined,
  ])("answers at %s", (host) => {
    expect(refuseForeignHost({ host }, NAMES)).toBeUndefined();
  });

  it.each([
    "evil.example:3000",
    "localhost.evil.example:3000",
    "notlocalhost:3000",
    "127.0.0.1.evil.example",
    "evil.example:80@localhost",
    "localhost:3000, evil.example",
    "a.sale.tunnel.example",
    "",
    "[",
  ])("refuses %j: its DNS may lead here", (host) => {
    expect(refuseForeignHost({ host }, NAMES)).toMatchObject({ status: 403, text: expect.stringContaining("APP_URL") });
  });
});
