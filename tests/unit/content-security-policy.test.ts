import { describe, expect, it } from "vitest";
import { rpcOrigins, contentSecurityPolicy, walletConnectSources } from "@/lib/http/content-security-policy";
import type { WalletConnectSettings } from "@/lib/sale/state";

function directivesOf(options: Partial<Parameters<typeof contentSecurityPolicy>[0]> = {}): Map<string, string[]> {
  const policy = contentSecurityPolicy({
    nonce: "n0nce",
    development: false,
    formTargets: [],
    connectTargets: [],
    contentSources: [],
    ...options,
  });
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

  it("lets pages use the further origins of this site, each for its purpose only", () => {
    const contentSources = {
      connect: ["wss://live.example.com"],
      image: ["https://cdn.example.com"],
      frame: ["https://video.example.com"],
    };
    const directives = directivesOf({ contentSources: [contentSources] });
    expect(directives.get("connect-src")).toEqual(["'self'", "wss://live.example.com"]);
    expect(directives.get("img-src")).toEqual(["'self'", "data:", "https://cdn.example.com"]);
    expect(directives.get("frame-src")).toEqual(["'self'", "https://video.example.com"]);
    expect(directives.get("script-src")).toEqual(directivesOf().get("script-src"));
  });

  it("lets the page talk to the nodes that browsers may know, by their origin alone", () => {
    const rpcUrls = ["https://rpc.example.com/v1/public-key", "https://rpc.example.com/v2", "http://127.0.0.1:4011"];
    const targets = rpcOrigins({ rpcUrls });
    expect(targets).toEqual(["https://rpc.example.com", "http://127.0.0.1:4011"]);
    expect(directivesOf({ connectTargets: targets }).get("connect-src")).toEqual(["'self'", ...targets]);
  });

  it("is the same without WalletConnect, and else lets the page talk to its relay", () => {
    const projectId = "0123456789abcdef0123456789abcdef";
    const policyOf = (walletConnect?: WalletConnectSettings) =>
      directivesOf({ contentSources: [walletConnectSources({ walletConnect })] });
    expect(policyOf()).toEqual(directivesOf());
    const reown = policyOf({ projectId });
    expect(reown.get("connect-src")).toEqual(["'self'", "wss://relay.walletconnect.org"]);
    expect(reown.get("frame-src")).toEqual(["'self'", "https://verify.walletconnect.org"]);
    const own = policyOf({ projectId, relayUrl: "wss://relay.example.com/v1" });
    expect(own.get("connect-src"), "Reown's hosts are not needed").toEqual(["'self'", "wss://relay.example.com"]);
    expect(own.get("frame-src")).toEqual(["'self'"]);
  });
});
