import { describe, expect, it } from "vitest";
import { html } from "@/sandbox/pages/html";
import { pageAnswer } from "@/sandbox/pages/page";

describe("markup", () => {
  it("escapes values, in content and in attributes", () => {
    const evil = `"><script>alert('1')</script>&`;
    const escaped = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;";
    expect(html`<a title="${evil}">${evil}</a>`.markup).toBe(`<a title="${escaped}">${escaped}</a>`);
  });

  it("leaves markup and lists of markup unchanged, and renders undefined as nothing", () => {
    const items = [html`<li>${1}</li>`, html`<li>${"<"}</li>`];
    expect(html`${items}${undefined}${items[0]}`.markup).toBe("<li>1</li><li>&lt;</li><li>1</li>");
  });
});

describe("a page", () => {
  const policyOf = (page: Parameters<typeof pageAnswer>[0]) =>
    pageAnswer(page).headers["content-security-policy"] ?? "";
  const body = html`<p>x</p>`;

  it("allows no script unless it has one, and never allows framing", () => {
    expect(policyOf({ title: "t", body })).toContain("default-src 'none'");
    expect(policyOf({ title: "t", body })).not.toContain("script-src");
    expect(policyOf({ title: "t", body, script: "1" })).toMatch(/script-src 'nonce-[^']+'/);
    expect(policyOf({ title: "t", body })).toContain("frame-ancestors 'none'");
  });

  it("has a new nonce every time, and its own style carries it", () => {
    const nonces = [1, 2].map(() => {
      const { headers, body: markup } = pageAnswer({ title: "t", body });
      const nonce = /style-src 'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
      expect(markup).toContain(`<style nonce="${nonce}">`);
      return nonce;
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});
