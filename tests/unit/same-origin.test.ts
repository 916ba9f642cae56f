import { describe, expect, it } from "vitest";
import { isSameOrigin } from "@/lib/http/form-route";

const APP_URL = "https://sale.example.com";

describe("isSameOrigin", () => {
  it.each([
    [{ origin: APP_URL, "sec-fetch-site": "same-origin" }],
    [{ origin: APP_URL }],
    [{ "sec-fetch-site": "same-origin" }],
    // As a form on a page with `no-referrer` sends it.
    [{ origin: "null", "sec-fetch-site": "same-origin" }],
  ])("lets our own pages through: %j", (headers) => {
    expect(isSameOrigin(new Headers(headers), APP_URL)).toBe(true);
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
    [{ origin: `${APP_URL}.evil.example` }],
    [{ origin: APP_URL, "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site" }],
    [{ "sec-fetch-site": "none" }],
    [{ referer: `${APP_URL}/` }],
  ])("turns everything else away: %j", (headers) => {
    expect(isSameOrigin(new Headers(headers), APP_URL)).toBe(false);
  });
});
