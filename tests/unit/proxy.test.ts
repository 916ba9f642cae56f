import { unstable_doesMiddlewareMatch as doesMatch } from "next/experimental/testing/server";
import { NextRequest } from "next/server";
import { expect, test, vi } from "vitest";
import { isDocument } from "@/lib/http/outage";
import { config, proxy } from "@/proxy";
import { appEnvironment } from "@/tests/support/app/app-environment";

const APP_URL = "http://localhost:3000";

test.each([
  [true, "/"],
  [true, "/connections"],
  [true, "/api/health"],
  [true, "/icon"],
  [true, "/robots.txt"],
  [true, "/_next/imagery"],
  [true, "/_next/staticx"],
  [false, "/_next/static/chunks/a.js"],
  [true, "/_next/image?url=a"],
])("(%s) the policy is set on %s", (expected, path) => {
  expect(doesMatch({ config, url: APP_URL + path })).toBe(expected);
});

test.each([
  [true, "/", {}],
  [true, "/oauth/callback", {}],
  [true, "/connections", { "sec-fetch-dest": "document", accept: "*/*" }],
  [false, "/", { rsc: "1" }],
  [false, "/", { "sec-fetch-dest": "empty" }],
  [false, "/", { accept: "*/*" }],
  [false, "/api/health", {}],
  [false, "/sale.ics", {}],
])("(%s) a browser shows the answer of %s, asked with %j", (expected, path, headers) => {
  const asked = new Headers({ accept: "text/html,*/*", ...headers });
  expect(isDocument({ method: "GET", headers: asked, path })).toBe(expected);
  expect(isDocument({ method: "POST", headers: asked, path })).toBe(false);
});

test("forms may be redirected to the origins that the environment adds", async () => {
  const environment = appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 });
  const added = { APP_URL, FORM_ACTION_ORIGINS: "https://Login.example.com/, https://b.example.com" };
  for (const [name, value] of Object.entries({ ...environment, ...added })) vi.stubEnv(name, value);
  const policy = (await proxy(new NextRequest(APP_URL))).headers.get("Content-Security-Policy");
  expect(policy).toMatch(
    /form-action 'self' http:\/\/localhost:3000 [^;]* https:\/\/login\.example\.com https:\/\/b\.example\.com;/,
  );
});
