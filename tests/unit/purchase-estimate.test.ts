import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePrices, expectedTokens, PRICE_UNIT, priceRatio } from "@/lib/purchase/estimate";
import { MAX_UINT256 } from "@/lib/sale/money";

const decimals = fc.integer({ min: 0, max: 18 });
const amount = fc.bigInt({ min: 0n, max: MAX_UINT256 });
const ratio = fc.record({
  numerator: fc.bigInt({ min: 1n, max: 10n ** 40n }),
  denominator: fc.bigInt({ min: 1n, max: 10n ** 40n }),
});
const price = fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 30n }), ratio);
const estimate = fc.record({ amount, paymentDecimals: decimals, price, tokenDecimals: decimals });

/** The price of a number of smallest units, times all denominators, so that both sides of a comparison are integers. */
function cost(tokens: bigint, input: { price: bigint | ReturnType<typeof priceRatio>; paymentDecimals: number }) {
  return tokens * priceRatio(input.price).numerator * 10n ** BigInt(input.paymentDecimals);
}

function paid(input: { amount: bigint; price: bigint | ReturnType<typeof priceRatio>; tokenDecimals: number }) {
  return input.amount * priceRatio(input.price).denominator * 10n ** BigInt(input.tokenDecimals);
}

describe("the tokens that a payment buys", () => {
  it("is the figure of the design's example, to the last of 18 decimals", () => {
    const price = (215n * PRICE_UNIT) / 10_000n;
    const input = { amount: 125_500_000n, paymentDecimals: 6, price, tokenDecimals: 18 };
    expect(expectedTokens(input)).toBe(5_837_209302325581395348n);
    expect(expectedTokens({ ...input, tokenDecimals: 0 })).toBe(5_837n);
  });

  it("costs no more than was paid, and one smallest unit more would", () => {
    fc.assert(
      fc.property(estimate, (input) => {
        const tokens = expectedTokens(input) ?? -1n;
        expect(cost(tokens, input) <= paid(input)).toBe(true);
        expect(cost(tokens + 1n, input) > paid(input)).toBe(true);
      }),
    );
  });

  it("is the whole number where the payment is an exact multiple of the price", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 9n }), (count, unit) => {
        const price = { numerator: unit, denominator: 1_000_000n };
        const input = { amount: count * unit, paymentDecimals: 6, price, tokenDecimals: 0 };
        expect(expectedTokens(input)).toBe(count);
      }),
    );
  });

  it("never falls when more is paid, and never rises with the price", () => {
    fc.assert(
      fc.property(estimate, amount, price, (input, more, other) => {
        const tokens = expectedTokens(input) ?? -1n;
        expect((expectedTokens({ ...input, amount: input.amount + more }) ?? -1n) >= tokens).toBe(true);
        const atOther = expectedTokens({ ...input, price: other }) ?? -1n;
        expect(comparePrices(other, input.price) >= 0 ? atOther <= tokens : atOther >= tokens).toBe(true);
      }),
    );
  });

  it("is the same for a price in 10^-18 and for its fraction, reduced or not", () => {
    fc.assert(
      fc.property(estimate, fc.bigInt({ min: 1n, max: 10n ** 9n }), (input, factor) => {
        const { numerator, denominator } = priceRatio(input.price);
        const scaled = { numerator: numerator * factor, denominator: denominator * factor };
        expect(expectedTokens({ ...input, price: scaled })).toBe(expectedTokens(input));
        expect(comparePrices(scaled, input.price)).toBe(0);
      }),
    );
  });

  it("is not known without a price above zero", () => {
    const input = { amount: 1n, paymentDecimals: 6, tokenDecimals: 18 };
    expect(expectedTokens({ ...input, price: 0n })).toBeUndefined();
    expect(expectedTokens({ ...input, price: { numerator: 1n, denominator: 0n } })).toBeUndefined();
  });
});

describe("two prices", () => {
  it("are in the same order whichever comes first", () => {
    fc.assert(
      fc.property(price, price, (one, other) => {
        expect(comparePrices(one, other) + comparePrices(other, one)).toBe(0);
      }),
    );
  });

  it("are told apart where a float could not", () => {
    expect(comparePrices(10n ** 30n, 10n ** 30n + 1n)).toBe(-1);
    expect(comparePrices({ numerator: 1n, denominator: 3n }, 333_333_333_333_333_333n)).toBe(1);
  });
});
