import { describe, expect, it } from "vitest";
import { limitHeaders } from "@/lib/http/request-headers";

function limited(headers: Record<string, string>, url = "/"): Record<string, unknown> {
  const request = { url, headers: { ...headers } };
  limitHeaders(request);
  return request.headers;
}

describe("what Next would read in quadratic time is limited before it sees the request", () => {
  it("a browser's name that no browser has is cut", () => {
    expect(limited({ "user-agent": "-".repeat(15_500) })).toEqual({ "user-agent": "-".repeat(512) });
  });

  it("more cookies than browsers keep are dropped, the oldest ones stay", () => {
    const cookies = Array.from({ length: 3_000 }, (_, at) => `c${at}=1`);
    expect(limited({ cookie: cookies.join("; ") })).toEqual({ cookie: cookies.slice(0, 180).join("; ") });
  });

  it.each(["[", "%5B", "%5b"])("a router's tree of more levels than pages have is dropped (%s)", (list) => {
    expect(limited({ rsc: "1", "next-router-state-tree": list.repeat(65) })).toEqual({ rsc: "1" });
  });

  it.each(["2", "3", "", "1, 2"])("a way to prepare a page that this site does not use is none (%j)", (value) => {
    expect(limited({ rsc: "1", "next-router-prefetch": value })).toEqual({ rsc: "1" });
  });

  it("what browsers send stays as it is", () => {
    const usual = {
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
      cookie: Array.from({ length: 180 }, (_, at) => `c${at}=1`).join("; "),
      "next-router-state-tree": encodeURIComponent(
        '["",{"children":["activity",{"children":["__PAGE__",{}]}]},null,null]',
      ),
      "next-router-prefetch": "1",
      range: "bytes=0-1",
    };
    expect(limited(usual)).toEqual(usual);
    expect(limited({})).toEqual({});
  });
});
