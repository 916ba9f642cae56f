import { describe, expect, it } from "vitest";
import { formatPrice, parsePrice, parsePriceTick, type PriceTick } from "@/lib/purchase/price";
import { seededRandom, randomInteger } from "@/tests/support/seeded-random";

function tickOf(text: string): PriceTick {
  const tick = parsePriceTick(text);
  if (tick === undefined) throw new Error(`${text} is no tick`);
  return tick;
}

const TICK = tickOf("0.0215");

function outcome(text: string, tick = TICK): bigint | string {
  const price = parsePrice(text, tick);
  return price.ok ? price.value : price.problem.kind;
}

describe("a price", () => {
  it.each([
    ["0.0215", 1n],
    ["0.0645", 3n],
    ["0,0645", 3n],
    ["0.7095", 33n],
    ["0.70950", 33n],
    ["21.5", 1000n],
  ])("of %s is a number of ticks of 0.0215", (text, ticks) => {
    expect(outcome(text)).toBe(ticks);
  });

  it.each([
    ["", "empty"],
    ["x", "not-a-number"],
    ["1.234", "ambiguous"],
    ["0", "not-above-zero"],
    ["-0.0215", "not-above-zero"],
    ["0.0000000000000000001", "too-many-decimals"],
    ["0.02", "off-tick"],
    ["0.0646", "off-tick"],
    ["999999999999999999999", "too-high"],
  ])("of %j is refused: %s", (text, kind) => {
    expect(outcome(text)).toBe(kind);
  });

  it("between two ticks is refused with both", () => {
    const sentence = "Prices go in steps of 0.0215. Enter 0.0645 or 0.086.";
    expect(parsePrice("0.07", TICK)).toEqual({ ok: false, problem: { kind: "off-tick", sentence } });
  });

  it("under the first tick is refused with that one only", () => {
    const sentence = "Prices go in steps of 0.0215. Enter 0.0215.";
    expect(parsePrice("0.01", TICK)).toEqual({ ok: false, problem: { kind: "off-tick", sentence } });
  });

  it("in ticks is at most what a uint64 holds", () => {
    const unit = tickOf("1");
    expect(outcome("18446744073709551615", unit)).toBe(2n ** 64n - 1n);
    expect(outcome("18446744073709551616", unit)).toBe("too-high");
  });

  it("comes back from its text as the same ticks, for any tick", () => {
    const random = seededRandom(7);
    for (let count = 0; count < 20_000; count += 1) {
      const tick = tickOf(`0.${String(randomInteger(random, 1, 999_999)).padStart(6, "0")}`);
      const ticks = BigInt(randomInteger(random, 1, 1_000_000_000));
      const read = parsePrice(formatPrice(ticks, tick), tick, { decimalMark: "." });
      expect(read, `${ticks} ticks`).toEqual({ ok: true, value: ticks });
    }
  });
});

describe("the price tick of the configuration", () => {
  it.each(["0.0215", "1", "0.5", "0.000000000000000001", "1.234"])("may be %s", (text) => {
    expect(formatPrice(1n, tickOf(text)).replace(/0$/, "")).toBe(text);
  });

  it.each(["", "0", "-1", "x", "1e-3", "0.0000000000000000001"])("may not be %j", (text) => {
    expect(parsePriceTick(text)).toBeUndefined();
  });
});
