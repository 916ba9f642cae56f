import { describe, expect, it } from "vitest";
import { contentSecurityPolicy } from "@/lib/content-security-policy";

function directivesOf(options: Partial<Parameters<typeof contentSecurityPolicy>[0]> = {}): Map<string, string[]> {
  const policy = contentSecurityPolicy({ nonce: "n0nce", development: false, formTargets: [], ...options });
  const directives = policy.split("; ").map((directive) => directive.split(" "));
  return new Map(directives.map(([name = "", ...sources]) => [name, sources]));
}

describe("the Content-Security-Policy", () => {
  it("runs scripts by nonce only, and evaluates nothing in production", () => {
    expect(directivesOf().get("script-src")).toEqual(["'self'", "'nonce-n0nce'", "'strict-dynamic'"]);
  });

  it("lets React's development build evaluate code and Next's reload connect", () => {
    const directives = directivesOf({ development: true });
    expect(directives.get("script-src")).toContain("'unsafe-eval'");
    expect(directives.get("connect-src")).toContain("ws:");
  });

  it("names no outside host", () => {
    const allowed = /^('self'|'none'|'unsafe-inline'|'strict-dynamic'|'nonce-n0nce'|data:)$/;
    for (const sources of directivesOf().values()) for (const source of sources) expect(source).toMatch(allowed);
  });

  it("allows inline styles but no inline scripts", () => {
    expect(directivesOf().get("style-src")).toContain("'unsafe-inline'");
    expect(directivesOf().get("script-src")).not.toContain("'unsafe-inline'");
  });

  it("cannot be framed, rebased or given plugins", () => {
    const directives = directivesOf();
    for (const name of ["frame-ancestors", "base-uri", "object-src"]) expect(directives.get(name)).toEqual(["'none'"]);
  });

  it("lets a form be redirected to the providers and nowhere else", () => {
    const formTargets = ["https://app.echo.xyz", "https://id.example.com"];
    expect(directivesOf({ formTargets }).get("form-action")).toEqual(["'self'", ...formTargets]);
    expect(directivesOf().get("form-action")).toEqual(["'self'"]);
  });
});
