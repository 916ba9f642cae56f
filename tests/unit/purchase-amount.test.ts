import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAmount, formatTokenAmount, MAX_UINT256 } from "@/lib/sale/money";
import { amountFieldText, parseAmount, type AmountRules } from "@/lib/purchase/amount";
import { randomChoice, randomInteger, seededRandom } from "@/tests/support/seeded-random";

const USDC = { symbol: "USDC", decimals: 6 };
const VALUES = 100_000;
const MARKS = [".", ",", undefined] as const;

function outcome(text: string, rules: Partial<AmountRules> = {}): bigint | string {
  const result = parseAmount(text, { token: USDC, ...rules });
  return result.ok ? result.value : result.problem.kind;
}

function sentence(text: string, rules: Partial<AmountRules> = {}): string {
  const result = parseAmount(text, { token: USDC, ...rules });
  return result.ok ? "" : result.problem.sentence;
}

/** Amounts of every size from 1 to 2^256 - 1, with 0 to 18 decimals. */
function* randomAmounts(seed: number): Generator<{ value: bigint; decimals: number }> {
  const random = seededRandom(seed);
  for (let count = 0; count < VALUES; count += 1) {
    const digits = Array.from({ length: randomInteger(random, 1, 79) }, () => randomInteger(random, 0, 10)).join("");
    const zeros = "0".repeat(randomChoice(random, [0, 0, 3, 6]));
    const value = BigInt(digits + zeros) % MAX_UINT256;
    yield { value: value === 0n ? 1n : value, decimals: randomChoice(random, [0, 1, 2, 3, 6, 6, 6, 8, 18]) };
  }
}

describe("an amount that is clear", () => {
  it.each([
    ["125.5", 125_500_000n],
    ["125,5", 125_500_000n],
    ["2.01", 2_010_000n],
    ["8.2", 8_200_000n],
    [" 1 ", 1_000_000n],
    ["0.000001", 1n],
    [".5", 500_000n],
    [",5", 500_000n],
    ["5.", 5_000_000n],
    ["007", 7_000_000n],
    ["1.500000000", 1_500_000n],
    ["0.125", 125_000n],
    ["0,125", 125_000n],
    ["1234,567", 1_234_567_000n],
    ["1,2345", 1_234_500n],
    ["1,234.5", 1_234_500_000n],
    ["1.234,5", 1_234_500_000n],
    ["1,234.567", 1_234_567_000n],
    ["1.234,567", 1_234_567_000n],
    ["1,234,567", 1_234_567_000_000n],
    ["1.234.567", 1_234_567_000_000n],
    ["1.234.567,89", 1_234_567_890_000n],
    ["1 234", 1_234_000_000n],
    ["1 234,567", 1_234_567_000n],
    ["1\u202f234\u202f567,5", 1_234_567_500_000n],
    ["1'234.50", 1_234_500_000n],
    ["1’234", 1_234_000_000n],
  ] as const)("%j is %s", (text, value) => {
    for (const decimalMark of MARKS) expect(outcome(text, { decimalMark })).toBe(value);
  });
});

describe("an amount that can be read in two ways", () => {
  it.each(["1,234", "1.234", "12.000", "999,999", "$1,000 USDC", "１．２３４", "1\u200b,234", "١,٢٣٤"])(
    "%s is refused where the reader's locale is not known",
    (text) => {
      expect(outcome(text)).toBe("ambiguous");
    },
  );

  it("is refused as well where the reader writes otherwise than this site", () => {
    expect([outcome("1,234", { decimalMark: "," }), outcome("1.234", { decimalMark: "," })]).toEqual([
      "ambiguous",
      "ambiguous",
    ]);
  });

  it("is read as this site writes it where the reader does so too", () => {
    expect(outcome("1.234", { decimalMark: "." })).toBe(1_234_000n);
    expect(outcome("1,234", { decimalMark: "." })).toBe(1_234_000_000n);
  });

  it("is refused with both meanings, written so that each is accepted", () => {
    expect(sentence("1,234")).toBe("“1,234” is ambiguous. Enter 1234 or 1.2340.");
    expect([outcome("1234"), outcome("1.2340")]).toEqual([1_234_000_000n, 1_234_000n]);
  });
});

describe("what is no amount", () => {
  it.each(["", "   ", "\u00a0", "\u200b", "\ufeff\u200e", "\u3000", "\u00ad"])("%j is empty", (text) => {
    expect(outcome(text)).toBe("empty");
  });

  it.each([
    "abc",
    ".",
    ",",
    "-",
    "1e6",
    "0x10",
    "1.2.3",
    "1.2,3.4",
    "1,234,56",
    "1,2,345",
    "1,00,00",
    "0,00,000",
    "1,00,000,50",
    "1.00.000",
    "12 34 567",
    "1,234.567.890",
    "1,234.567,8",
    "0,125,000",
    "1234,567,890",
    "1 23",
    "1  234",
    "1\t234",
    "1\n2",
    "+5",
    "5 USDT",
    "€5",
    "5 EUR",
    "USDC",
    "$",
    "5 USDC USDC",
    "1k",
    "50%",
    "5²",
    "½",
    "①",
    "五",
    "\u202e123",
    "\u202d123",
    "1e6 USDC",
    "１ｅ６",
    "-$5x",
    "(5)",
    "5−",
    "\u200b".repeat(2000),
    "1_000",
    "Infinity",
    "NaN",
    "--5",
    "5-",
    "9".repeat(121),
  ])("%j is not a number", (text) => {
    for (const decimalMark of MARKS) expect(outcome(text, { decimalMark })).toBe("not-a-number");
  });

  it.each(["-5", "−5", "- 5,5", "-0.1", "–5", "—5", "－５", "﹣5", "‑5", "\u200e-5", "-٥", "$-5", "-5 USDC"])(
    "%s is negative",
    (text) => {
      expect(outcome(text)).toBe("negative");
    },
  );

  it.each(["0", "0.00", ",0", "000", "0,000000000"])("%s is zero", (text) => {
    expect(outcome(text)).toBe("zero");
  });
});

describe("the rules of an amount", () => {
  it("more decimals than the token has are refused, not cut off", () => {
    expect(outcome("1.0000001")).toBe("too-many-decimals");
    expect(sentence("1.0000001")).toBe("USDC has at most 6 decimals. Enter fewer decimals.");
  });

  it("a token without decimals takes none", () => {
    const token = { symbol: "PT", decimals: 0 };
    expect([outcome("5", { token }), outcome("5.0", { token }), outcome("5.1", { token })]).toEqual([
      5n,
      5n,
      "too-many-decimals",
    ]);
    expect(sentence("5.1", { token })).toBe("PT has no decimals. Enter a whole number.");
  });

  it("an exponent is refused with the way to write the number", () => {
    expect(sentence("1e6")).toBe("Enter the number in full, like 1000000, and not with an exponent.");
  });

  it("every problem has a sentence of its own", () => {
    const texts = ["", "x", "1,234", "-1", "1.0000001", "0"];
    const sentences = texts.map((text) => sentence(text));
    expect(new Set(sentences).size).toBe(texts.length);
    expect(sentences.every((text) => text.endsWith("."))).toBe(true);
  });
});

describe("no unit is lost", { timeout: 120_000 }, () => {
  it("in 100,000 amounts that are written and read again", () => {
    for (const { value, decimals } of randomAmounts(1)) {
      const text = formatAmount(value, decimals);
      const read = outcome(text, { token: { symbol: "T", decimals }, decimalMark: "." });
      if (read !== value) expect.fail(`${text} was read as ${read}`);
    }
  });

  it("by readers of any locale: they get the same amount", () => {
    for (const { value, decimals } of randomAmounts(2)) {
      const text = formatAmount(value, decimals);
      for (const decimalMark of [",", undefined] as const) {
        const read = outcome(text, { token: { symbol: "T", decimals }, decimalMark });
        if (read !== value) expect.fail(`${text} was read as ${read}`);
      }
    }
  });

  it("in 100,000 amounts that the page fills in itself, whatever the locale", () => {
    for (const { value, decimals } of randomAmounts(3)) {
      const text = amountFieldText(value, decimals);
      for (const decimalMark of MARKS) {
        const read = outcome(text, { token: { symbol: "T", decimals }, decimalMark });
        if (read !== value) expect.fail(`${text} was read as ${read}`);
      }
    }
  });

  it("in any amount in cents up to 1,000, with a dot and with a comma, where floats lose 1,196", () => {
    for (let cents = 1; cents <= VALUES; cents += 1) {
      const whole = Math.floor(cents / 100);
      const fraction = String(cents % 100).padStart(2, "0");
      for (const mark of [".", ","]) {
        const read = outcome(`${whole}${mark}${fraction}`);
        if (read !== BigInt(cents) * 10_000n) expect.fail(`${whole}${mark}${fraction} was read as ${read}`);
      }
    }
  });

  it("whatever is typed: there is an answer", () => {
    const random = seededRandom(4);
    for (let count = 0; count < VALUES; count += 1) {
      const letters = Array.from({ length: randomInteger(random, 0, 12) }, () =>
        randomChoice(random, [
          "0",
          "1",
          "2",
          "3",
          "9",
          ".",
          ",",
          " ",
          "'",
          "-",
          "e",
          "x",
          "١",
          "２",
          "٫",
          "\u200b",
          "$",
        ]),
      );
      const read = outcome(letters.join(""), { decimalMark: randomChoice(random, MARKS) });
      if (typeof read === "bigint" && read <= 0n) expect.fail(`${letters.join("")} was read as ${read}`);
    }
  });
});

describe("an amount as this site writes it", () => {
  /** Round amounts too: those are the ones that have two readings. */
  const amounts = fc
    .tuple(fc.oneof(fc.bigInt(1n, 10_000n), fc.bigInt(1n, MAX_UINT256 / 10n ** 24n)), fc.integer({ min: 0, max: 24 }))
    .map(([digits, zeros]) => digits * 10n ** BigInt(zeros));

  it("is read back as the same amount, whatever the visitor's locale and the token's decimals", () => {
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 0, max: 18 }),
        fc.constantFrom(...MARKS),
        (value, decimals, decimalMark) => {
          const token = { symbol: "USDC", decimals };
          const read = parseAmount(formatTokenAmount(value, token), { token, decimalMark });
          expect(read).toEqual({ ok: true, value });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("without decimals is read back, and with a dot in it still asked about", () => {
    const token = { symbol: "USDC", decimals: 0 };
    for (const decimalMark of MARKS) expect(outcome("310,797 USDC", { token, decimalMark })).toBe(310_797n);
    expect(sentence("310.797", { token, decimalMark: "," })).toBe("“310.797” is ambiguous. Enter 310797 or 310.");
  });
});
