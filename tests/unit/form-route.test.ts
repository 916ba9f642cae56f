import { describe, expect, it } from "vitest";
import { isSameOrigin, safeReturnTo } from "@/lib/http/form-route";

const SITE = "https://sale.example.com";

describe("isSameOrigin", () => {
  it.each([
    [{ origin: SITE, "sec-fetch-site": "same-origin" }],
    [{ origin: SITE }],
    [{ "sec-fetch-site": "same-origin" }],
    // As a form on a page with `no-referrer` sends it.
    [{ origin: "null", "sec-fetch-site": "same-origin" }],
  ])("accepts this site's pages: %j", (headers) => {
    expect(isSameOrigin(new Headers(headers), SITE)).toBe(true);
  });

  it.each([
    [{}],
    [{ origin: "" }],
    [{ origin: "null" }],
    [{ origin: "null", "sec-fetch-site": "cross-site" }],
    [{ origin: "null", "sec-fetch-site": "none" }],
    [{ origin: "https://evil.example" }],
    [{ origin: "https://evil.example", "sec-fetch-site": "same-origin" }],
    [{ origin: "http://sale.example.com" }],
    [{ origin: "https://sale.example.com:8443" }],
    [{ origin: "https://www.sale.example.com" }],
    [{ origin: `${SITE}.evil.example` }],
    [{ origin: SITE, "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site" }],
    [{ "sec-fetch-site": "none" }],
    [{ referer: `${SITE}/` }],
  ])("refuses everything else: %j", (headers) => {
    expect(isSameOrigin(new Headers(headers), SITE)).toBe(false);
  });
});

const APP_URL = "https://sale.example.com";

describe("safeReturnTo", () => {
  it.each([
    ["/", "/"],
    ["/connections", "/connections"],
    ["/a/b?c=d&e=%2F%2Fevil.example", "/a/b?c=d&e=%2F%2Fevil.example"],
    ["/a?next=https://evil.example", "/a?next=https://evil.example"],
    ["/über uns", "/%C3%BCber%20uns"],
    ["/a/../b", "/b"],
    ["/a/.", "/a/"],
    ["/a#part", "/a"],
    ["/@evil.example", "/@evil.example"],
  ])("keeps the path and query of this site: %s", (value, expected) => {
    expect(safeReturnTo(value, APP_URL)).toBe(expected);
  });

  it.each([
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/a\\..\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "https://sale.example.com/",
    "https://sale.example.com@evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "?a=b",
    "",
    " /a",
    "/./%2e//evil.example",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e%2e//evil.example",
    "/%2E/%2e%2e//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/a\r\nLocation: https://evil.example",
    "/a\u0000b",
    "/a\u007fb",
  ])("falls back to the start page for %j", (value) => {
    expect(safeReturnTo(value, APP_URL)).toBe("/");
  });

  it("keeps what fits into 2,048 characters, as it is stored, and nothing longer", () => {
    const longest = `/${"a".repeat(2_047)}`;
    expect(safeReturnTo(longest, APP_URL)).toBe(longest);
    expect(safeReturnTo(`${longest}a`, APP_URL)).toBe("/");
    // Each becomes six characters.
    expect(safeReturnTo(`/${"ü".repeat(400)}`, APP_URL)).toBe("/");
  });

  it.each([undefined, null, 7, {}, ["/a"], new File([], "/a")])("falls back to the start page for %s", (value) => {
    expect(safeReturnTo(value, APP_URL)).toBe("/");
  });

  it.each(["/%2f%2fevil.example", "/%5cevil.example", "/%09/evil.example", "/..%2f..%2f/evil.example"])(
    "what is still encoded stays a path of this site: %s",
    (value) => {
      const path = safeReturnTo(value, APP_URL);
      expect(new URL(path, APP_URL).origin).toBe(APP_URL);
      // Once more, as a browser does with the Location it is given.
      expect(safeReturnTo(path, APP_URL)).toBe(path);
    },
  );
});
