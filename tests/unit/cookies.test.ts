import { describe, expect, it } from "vitest";
import { parseWalletCookie, walletCookie } from "@/lib/http/cookies";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("the wallet cookie", () => {
  it("gives back the address that was put into it", () => {
    const value = walletCookie(ADDRESS).split(";")[0]?.split("=")[1];
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
    expect(walletCookie(undefined)).toMatch(/^wallet=;.*Max-Age=0;/);
  });
});
