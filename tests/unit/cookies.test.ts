import { describe, expect, it } from "vitest";
import { cookieText, entityCookie, parseWalletCookie, themeCookie, walletCookie } from "@/lib/http/cookies";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("the wallet cookie", () => {
  it("gives back the address that was put into it", () => {
    const value = cookieText(walletCookie(ADDRESS), false).split(";")[0]?.split("=")[1];
    expect(parseWalletCookie(value)).toBe(ADDRESS);
  });

  it.each([
    undefined,
    "",
    "none",
    ADDRESS.slice(0, -1),
    `${ADDRESS}0`,
    `${ADDRESS}\n`,
    '"><script>',
    "0x" + "g".repeat(40),
  ])("%j is no address", (value) => {
    expect(parseWalletCookie(value)).toBeUndefined();
  });

  it("is deleted when there is no address", () => {
    expect(cookieText(walletCookie(undefined), false)).toMatch(/^wallet=;.*Max-Age=0;/);
  });
});

describe.each([
  ["wallet", walletCookie(ADDRESS)],
  ["wallet", walletCookie(undefined)],
  ["entity", entityCookie("an-entity")],
  ["theme", themeCookie("dark")],
])("the cookie %s of the page's scripts", (name, cookie) => {
  it("belongs to this host alone on https, and is never sent over http (ASVS 3.3.1, 3.3.3)", () => {
    const parts = cookieText(cookie, true).split("; ");
    expect(parts[0]).toMatch(new RegExp(`^__Host-${name}=`));
    expect(parts).toEqual(expect.arrayContaining(["Secure", "Path=/", "SameSite=Lax"]));
    expect(parts.join()).not.toContain("Domain");
  });

  it("works on http://localhost too, where browsers refuse the prefix", () => {
    const text = cookieText(cookie, false);
    expect(text).toMatch(new RegExp(`^${name}=`));
    expect(text).not.toContain("Secure");
  });
});
