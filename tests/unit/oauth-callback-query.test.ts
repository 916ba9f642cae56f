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
    ["a refusal without state", "error=access_denied"],
    ["a refusal with two states", "error=access_denied&state=a&state=b"],
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
    ["something_new", "oauth/invalid_response"],
    ["__proto__", "oauth/invalid_response"],
    ["", "oauth/invalid_response"],
  ])("maps the provider's error %s to %s", (error, denied) => {
    expect(read(`error=${error}&state=s&error_description=text`)).toMatchObject({ ok: true, data: { denied } });
  });

  it("a refusal wins over a code that comes along", () => {
    expect(read("error=access_denied&code=c&state=s")).toMatchObject({ data: { denied: "oauth/access_denied" } });
  });
});
