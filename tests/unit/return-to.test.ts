import { describe, expect, it } from "vitest";
import { safeReturnTo } from "@/lib/http/form-route";

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
