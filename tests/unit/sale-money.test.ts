import { describe, expect, it } from "vitest";
import { formatAmount, roundedAmount, symbolsAt, symbolsOf } from "@/lib/sale/money";
import { shortenAddress } from "@/lib/sale/hex";

describe("formatAmount", () => {
  it.each([
    [0n, 6, "0"],
    [1n, 6, "0.000001"],
    [125_500_000n, 6, "125.50"],
    [2_010_000n, 6, "2.01"],
    [1_234_567_000_000n, 6, "1,234,567"],
    [999_999n, 6, "0.999999"],
    [1_000n, 0, "1,000"],
    [5_000_000_000n, 6, "5,000.00"],
    [1_125_000n, 6, "1.1250"],
    [10_000n, 1, "1,000.0"],
    [15n, 1, "1.5"],
    [-1_234_500_000n, 6, "-1,234.50"],
  ])("%d in units of 10^-%d is %s", (value, decimals, text) => {
    expect(formatAmount(value, decimals)).toBe(text);
  });

  it("the greatest uint256 keeps all of its digits", () => {
    const text = formatAmount(2n ** 256n - 1n, 18);
    expect(text.replaceAll(",", "").replace(".", "")).toBe((2n ** 256n - 1n).toString());
  });

  it("every amount in cents up to 1,000 is shown exactly, where floats would lose units", () => {
    for (let cents = 0n; cents <= 100_000n; cents += 1n) {
      const [whole = "", fraction = "00"] = formatAmount(cents * 10_000n, 6).split(".");
      if (BigInt(whole.replaceAll(",", "") + fraction) !== cents)
        expect.fail(`${cents} cents were shown as ${whole}.${fraction}`);
    }
  });
});

describe("a rounded amount", () => {
  it.each([
    [1_234_021_770_075n, 6, "1.23 M"],
    [1_239_999_999_999n, 6, "1.23 M"],
    [12_345_678_000_000n, 6, "12.3 M"],
    [999_999_999_999_999n, 6, "999 M"],
    [1_000_000_000_000n, 6, "1 M"],
    [2_500_000_000n * 10n ** 18n, 18, "2.50 B"],
    [999_999_999_999n, 6, "999,999"],
    [1_000_500_000n, 6, "1,000"],
    [999_129_999n, 6, "999.12"],
    [0n, 6, "0"],
    [12n, 0, "12"],
  ])("of %d in units of 10^-%d is %s: never more than there is", (value, decimals, text) => {
    expect(roundedAmount(value, decimals)).toBe(text);
  });
});

describe("shortenAddress", () => {
  it("six digits of each end of an address stay", () => {
    expect(shortenAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")).toBe("0x709979…dc79C8");
  });

  it("what is short already stays whole", () => {
    expect(shortenAddress("0x1234567890")).toBe("0x1234567890");
  });
});

const ADDRESS = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

describe("the symbols of tokens", () => {
  const tokens = [
    { address: ADDRESS, symbol: "USDC" },
    { address: "0x3333333333333333333333333333333333333333", symbol: "USDT" },
  ] as const;

  it("are named together, each once, and not at all while none is known", () => {
    expect(symbolsOf(tokens)).toBe("USDC and USDT");
    expect(symbolsOf(tokens, "or")).toBe("USDC or USDT");
    expect(symbolsOf([])).toBeUndefined();
  });

  it("are found whatever the case of the address", () => {
    expect(symbolsAt([ADDRESS.toUpperCase().replace("0X", "0x")], tokens)).toBe("USDC");
    expect(symbolsAt([ADDRESS], [])).toBeUndefined();
  });
});
