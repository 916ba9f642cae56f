import { describe, expect, it } from "vitest";
import { checkEnv } from "@/lib/config/env";

function problemOf(variable: string, value: string): string | undefined {
  const check = checkEnv({ NODE_ENV: "production", [variable]: value });
  return check.ok ? undefined : check.problems.find((one) => one.variable === variable)?.problem;
}

describe("what stands before an @ in an address", () => {
  it.each([
    ["SUPPORT_URL", "https://echo.xyz@help.example.com/"],
    ["SONAR_API_URL", "https://user:password@api.example.com"],
    ["SONAR_REDIRECT_URI", "https://user@sale.example.com/oauth/callback"],
    ["APP_URL", "https://user@sale.example.com"],
    ["FORM_ACTION_ORIGINS", "https://user@login.example.com"],
    ["EXPLORER_URL", "https://user@explorer.example.com"],
    ["PUBLIC_RPC_URLS", "https://user:password@node.example.com"],
    ["PUBLIC_RPC_URLS", "https://node.example.com, https://key@node.example.com"],
  ])("is refused in %s: %s", (variable, value) => {
    expect(problemOf(variable, value)).toEqual(expect.any(String));
  });

  it("may stand in RPC_URLS, which stay on the server", () => {
    expect(problemOf("RPC_URLS", "https://user:password@node.example.com")).toBeUndefined();
  });

  it("is no user name in the address of a mailbox", () => {
    expect(problemOf("SUPPORT_URL", "mailto:help@example.com")).toBeUndefined();
  });
});

describe("UPSTREAM_MAX_BYTES", () => {
  it.each(["9999", "100000001", "1e6", "1MB", "-1"])("may not be %s", (value) => {
    expect(problemOf("UPSTREAM_MAX_BYTES", value)).toEqual(expect.any(String));
  });

  it.each(["10000", "100000000"])("may be %s", (value) => {
    expect(problemOf("UPSTREAM_MAX_BYTES", value)).toBeUndefined();
  });
});
