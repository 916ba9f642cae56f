import { describe, expect, it } from "vitest";
import { requestFault, type FaultyRequest } from "@/lib/http/request-fault";

const NEXT = "at t0 (/app/node_modules/next/dist/compiled/next-server/app-page-turbo.runtime.prod.js:17:12043)";
const OWN = "at n (/app/.next/server/chunks/ssr/_1x2y3z._.js:2:4601)";
const NODE = "at JSON.parse (<anonymous>)";

function thrown(message: string, frames: readonly string[], properties: object = {}): Error {
  const error = Object.assign(new Error(message), properties);
  error.stack = [`Error: ${message}`, ...frames.map((frame) => `    ${frame}`)].join("\n");
  return error;
}

const request = (headers: FaultyRequest["headers"], method = "POST"): FaultyRequest => ({ method, headers });
const ACTION = request({ "next-action": "00" });
const MULTIPART = request({ "content-type": "multipart/form-data; boundary=b" });

describe("a fault of the client's request", () => {
  it.each([
    ["an action that this build does not have", thrown('Failed to find Server Action "x".', [OWN]), "action.unknown"],
    ["an id that is none", thrown("The Server Reference ID did not match the expected", [OWN]), "action.unknown"],
    [
      "a form's action that this build does not have",
      thrown("Invalid Server Actions request.", [NEXT]),
      "action.unknown",
    ],
    ["a connection that was closed", thrown("aborted", [], { code: "ECONNRESET" }), "request.aborted"],
    ["a method that no page has", thrown("'TRACE' HTTP method is unsupported.", [OWN]), "request.malformed"],
    ["an address that is none", thrown("Invalid URL", [NODE, NEXT], { code: "ERR_INVALID_URL" }), "request.malformed"],
    [
      "a state of the router that is none",
      thrown("The router state header was sent but could not be parsed.", [OWN, NEXT]),
      "request.malformed",
    ],
    [
      "a way to prepare pages that this site does not use",
      thrown('Route "/x": Next.js encountered the unstable value `Date.now()` while prerendering.\n\nThis value', [
        OWN,
      ]),
      "request.malformed",
    ],
    ["a bad percent sign", thrown("URI malformed", [NEXT], { name: "URIError" }), "request.malformed"],
  ])("is %s, whoever sent it", (_case, error, fault) => {
    expect(requestFault(error)).toBe(fault);
  });

  it.each([
    ["arguments that are no JSON", thrown("Unexpected token", [NODE, NEXT, OWN]), ACTION],
    ["a broken multipart body", thrown("Unexpected end of form", [NEXT]), MULTIPART],
    ["a body that no parser accepts", thrown("Failed to parse body", ["at node:internal/deps:1:1", NEXT]), MULTIPART],
  ])("is %s", (_case, error, sent) => {
    expect(requestFault(error, sent)).toBe("request.malformed");
    expect(requestFault(error)).toBeUndefined();
    expect(requestFault(error, request({}, "GET"))).toBeUndefined();
  });
});

describe("an action that Next refuses", () => {
  const host = "sale.example.com";
  const refused = thrown("Invalid Server Actions request.", [NEXT]);

  it.each([
    [{ host, origin: "https://evil.example" }],
    [{ host, origin: "null" }],
    [{ host: "10.0.0.1", "x-forwarded-host": host, origin: "https://10.0.0.1" }],
  ])("comes from another site: %j", (headers) => {
    expect(requestFault(refused, request(headers))).toBe("action.cross-site");
  });

  it.each([
    [{ host, origin: `https://${host}` }],
    [{ host: "10.0.0.1", "x-forwarded-host": host, origin: `https://${host}` }],
  ])("is unknown: %j", (headers) => {
    expect(requestFault(refused, request(headers))).toBe("action.unknown");
  });
});

describe("a fault of this site", () => {
  it.each([
    ["a bug of a page during an action", thrown("x is not a function", [OWN, NEXT]), ACTION],
    ["an address that this site made wrong", thrown("Invalid URL", [OWN, NEXT], { code: "ERR_INVALID_URL" }), ACTION],
    ["a file of the build that is missing", thrown("no such file", [NEXT], { code: "ENOENT" }), ACTION],
    ["what a page cannot render", thrown("Objects are not valid as a React child", [NEXT]), request({}, "GET")],
    ["a database that closed the connection", thrown("read", [OWN], { code: "ECONNRESET" }), request({}, "GET")],
  ])("is %s", (_case, error, sent) => {
    expect(requestFault(error, sent)).toBeUndefined();
  });

  it("is never a request's because of what its own message says", () => {
    const error = thrown("x\n    at y (/app/node_modules/next/dist/z.js:1:1)", [OWN]);
    expect(requestFault(error, ACTION)).toBeUndefined();
  });
});
