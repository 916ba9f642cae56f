import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foreignName, tokenSymbol, withDistinctSymbols } from "@/lib/foreign-name";

const NONE = "Wallet without a name";

const nameOf = (name: string) => foreignName(name, NONE);

describe("a name that a stranger has chosen", () => {
  it.each([
    ["Rabby Wallet", "Rabby Wallet"],
    ["  MetaMask\n", "MetaMask"],
    ["Two\r\nlines\u2028and more", "Two lines and more"],
    ["Pay\u202e0x00 ot\u202c", "Pay0x00 ot"],
    ["Meta\u00ad\u200bMask\u0000", "MetaMask"],
    ["👩‍🚀 Wallet", "👩‍🚀 Wallet"],
    ["ウォレット", "ウォレット"],
    ["ארנק 1", "\u2068ארנק 1\u2069"],
  ])("%j is shown as %j", (name, shown) => {
    expect(nameOf(name)).toBe(shown);
  });

  it.each(["", " ", "\u202e\u2066", "\u3164", "\u200d"])("of which nothing can be seen (%j) is replaced", (name) => {
    expect(nameOf(name)).toBe(NONE);
  });

  it("is cut after forty characters, each whole", () => {
    expect(nameOf("x".repeat(4_000))).toBe(`${"x".repeat(40)}…`);
    expect(nameOf("🦊".repeat(41))).toBe(`${"🦊".repeat(40)}…`);
    expect(foreignName("LONGSYMBOL", NONE, 4)).toBe("LONG…");
  });

  it("is twelve characters at most for a token, whose contract's address stands in where it has none", () => {
    expect(tokenSymbol("USDC has been upgraded. Visit https://evil.example", "0x1")).toBe("USDC has bee…");
    expect(tokenSymbol("\u202e", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8")).toBe("0x709979…dc79C8");
  });

  it("never has a line break, turns nothing around, and is never longer", () => {
    const anything = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(anything, (name) => {
        const shown = nameOf(name);
        expect(shown.replace(/^\u2068(.*)\u2069$/u, "$1")).not.toMatch(
          /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u,
        );
        expect(Array.from(shown).length).toBeLessThanOrEqual(43);
      }),
    );
  });
});

it("tokens of one symbol are told apart by their addresses; others keep theirs", () => {
  const [native, bridged, other] = [
    "0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85",
    "0x7F5c764cBc14f9669B88837ca1490cCa17c31607",
    "0x1",
  ] as const;
  const named = (symbols: [string, string][]) =>
    withDistinctSymbols(symbols.map(([symbol, address]) => ({ symbol, address }))).map(({ symbol }) => symbol);
  expect(
    named([
      ["USDC", native],
      ["USDT", other],
      ["USDC", bridged],
    ]),
  ).toEqual(["USDC (0x0b2C63…97Ff85)", "USDT", "USDC (0x7F5c76…c31607)"]);
  expect(
    named([
      ["USDC", native],
      ["USDC.e", bridged],
    ]),
  ).toEqual(["USDC", "USDC.e"]);
});
