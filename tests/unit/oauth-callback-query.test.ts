import { describe, expect, it } from "vitest";
import { readCallbackQuery } from "@/lib/oauth/flow";
import { fail } from "@/lib/result";

const invalid = fail("oauth/invalid_callback");

function read(query: string) {
  return readCallbackQuery(new URLSearchParams(query));
}

describe("readCallbackQuery", () => {
  it("accepts a code and a state, and leaves everything else to the adapter", () => {
    expect(read("code=c&state=s&iss=https://id.example.com")).toEqual({ ok: true, data: { state: "s" } });
  });

  it.each([
    ["nothing at all", ""],
    ["no state", "code=c"],
    ["no code", "state=s"],
    ["an empty state", "code=c&state="],
    ["an empty code", "code=&state=s"],
    ["two states", "code=c&state=s&state=s"],
    ["two codes", "code=c&code=d&state=s"],
    ["an empty and a real state", "code=c&state=&state=s"],
    ["a state that is too long", `code=c&state=${"s".repeat(513)}`],
    ["a code that is too long", `code=${"c".repeat(4_097)}&state=s`],
    ["an empty error and nothing else", "error="],
  ])("refuses %s", (_case, query) => {
    expect(read(query)).toEqual(invalid);
  });

  it("accepts the longest state and code", () => {
    expect(read(`code=${"c".repeat(4_096)}&state=${"s".repeat(512)}`).ok).toBe(true);
  });

  it.each([
    ["access_denied", "oauth/access_denied"],
    ["invalid_request", "oauth/invalid_request"],
    ["invalid_scope", "oauth/invalid_scope"],
    ["unauthorized_client", "oauth/unauthorized_client"],
    ["server_error", "oauth/network_error"],
    ["temporarily_unavailable", "oauth/network_error"],
    ["invalid_client", "oauth/invalid_client"],
    ["redirect_uri_mismatch", "oauth/invalid_client"],
    ["invalid_redirect_uri", "oauth/invalid_client"],
    ["unsupported_response_type", "oauth/invalid_request"],
    ["user_cancelled_login", "oauth/access_denied"],
    ["ACCESS_DENIED", "oauth/access_denied"],
    ["%20access_denied%20", "oauth/access_denied"],
    ["something_new", "oauth/invalid_response"],
    ["__proto__", "oauth/invalid_response"],
    ["x".repeat(5_000), "oauth/invalid_response"],
    ["access_denied&error=access_denied", "oauth/access_denied"],
    ["access_denied&error=server_error", "oauth/invalid_response"],
    ["&error=access_denied", "oauth/access_denied"],
  ] as const)("maps the provider's error %s to %s, with a state and without a usable one", (error, denied) => {
    expect(read(`error=${error}&state=s&error_description=text`)).toMatchObject({ ok: true, data: { denied } });
    for (const state of ["", "&state=", "&state=a&state=b", `&state=${"s".repeat(513)}`, "&code=c"])
      expect(read(`error=${error}${state}`)).toEqual(fail(denied));
  });

  it("takes an empty error beside a code for none", () => {
    expect(read("error=&code=c&state=s")).toEqual({ ok: true, data: { state: "s" } });
  });

  it("a refusal wins over a code that comes along", () => {
    expect(read("error=access_denied&code=c&state=s")).toMatchObject({ data: { denied: "oauth/access_denied" } });
  });
});
