import { describe, expect, it } from "vitest";
import { parseAmount, type AmountRules } from "@/lib/purchase/amount";

const USDC = { symbol: "USDC", decimals: 6 };

function outcome(text: string, rules: Partial<AmountRules> = {}): bigint | string {
  const result = parseAmount(text, { token: USDC, ...rules });
  return result.ok ? result.value : result.problem.kind;
}

describe("an amount from an input method, another script or a copied text", () => {
  it.each([
    // Digits of an input method or of another script.
    ["１２", 12_000_000n],
    ["１，２３４．５０", 1_234_500_000n],
    ["１２。５", 12_500_000n],
    ["１２、５", 12_500_000n],
    ["１2", 12_000_000n],
    ["١٢٣", 123_000_000n],
    ["١٬٢٣٤٫٥", 1_234_500_000n],
    ["١٢٫٣٤٥", 12_345_000n],
    ["١٬٢٣٤", 1_234_000_000n],
    ["۱۲۳۴", 1_234_000_000n],
    ["१,००,०००.५०", 100_000_500_000n],
    ["𝟙𝟚", 12_000_000n],
    // Marks that came along with a copied text, and that nobody sees.
    ["\u200b125.5\ufeff", 125_500_000n],
    ["\u200e1\u200f2\u00ad5", 125_000_000n],
    ["\u2066125.50\u2069", 125_500_000n],
    ["1️2", 12_000_000n],
    // Blanks of every width.
    ["1\u2009234\u2009567.5", 1_234_567_500_000n],
    ["1\u2007234", 1_234_000_000n],
    ["1\u00a0234\u202f567", 1_234_567_000_000n],
    ["\u3000125.50\u3000", 125_500_000n],
    ["125.50\r\n", 125_500_000n],
    // Swiss apostrophes as phones and typewriters have them.
    ["1ʼ234ʼ567.5", 1_234_567_500_000n],
    ["1＇234", 1_234_000_000n],
    // Lakhs and crores.
    ["1,00,000.50", 100_000_500_000n],
    ["1,23,456", 123_456_000_000n],
    ["12,34,567", 1_234_567_000_000n],
    ["10,00,00,000", 100_000_000_000_000n],
    // The unit beside it.
    ["$5", 5_000_000n],
    ["$1,234.50 USDC", 1_234_500_000n],
    ["1,234.50usdc", 1_234_500_000n],
    ["USDC 5", 5_000_000n],
    ["US$ 5", 5_000_000n],
    ["5 USD", 5_000_000n],
    ["＄５", 5_000_000n],
    ["5\u00a0USDC", 5_000_000n],
  ] as const)("%j is %s", (text, value) => {
    for (const decimalMark of [".", ",", undefined] as const) expect(outcome(text, { decimalMark })).toBe(value);
  });

  it.each([
    [{ symbol: "EURC", decimals: 6 }, "5 EURC", 5_000_000n],
    [{ symbol: "USDC (0x7F5c76…c31607)", decimals: 6 }, "5 USDC", 5_000_000n],
    [{ symbol: "EURC", decimals: 6 }, "$5", "not-a-number"],
    [{ symbol: "USDT", decimals: 6 }, "5 USDC", "not-a-number"],
    [{ symbol: "USDT", decimals: 6 }, "$5", 5_000_000n],
  ])("in %j, %j is %s: another currency is never taken for it", (token, text, read) => {
    expect(outcome(text, { token })).toBe(read);
  });
});
