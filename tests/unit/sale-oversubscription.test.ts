import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptedNow, demandOf, oversubscriptionExample, type ExampleInput } from "@/lib/sale/oversubscription";

const SALE: ExampleInput = {
  price: { numerator: 215n, denominator: 10_000n },
  paymentDecimals: 6,
  tokenDecimals: 18,
  supply: 1_000_000n * 10n ** 18n,
};

const usd = (whole: number) => BigInt(whole * 100) * 10_000n;

describe("the example of an oversubscribed sale", () => {
  it("has the sale's own figures: twice as much is committed, and half of a commitment is accepted", () => {
    expect(oversubscriptionExample(SALE)).toEqual({
      onSale: usd(21_500),
      committed: usd(43_000),
      commitment: usd(215),
      accepted: usd(107.5),
      refunded: usd(107.5),
      tokens: 5_000n * 10n ** 18n,
    });
  });

  it("keeps to what one may commit", () => {
    expect(oversubscriptionExample({ ...SALE, maximum: usd(50) })?.commitment).toBe(usd(50));
    expect(oversubscriptionExample({ ...SALE, minimum: usd(300) })?.commitment).toBe(usd(2_150));
  });

  it("is left out where one commitment would be the whole sale", () => {
    expect(oversubscriptionExample({ ...SALE, supply: 1_000n * 10n ** 18n })).toBeUndefined();
  });

  it("adds up to the last unit at any price, with any decimals, and never promises more tokens than the money buys", () => {
    const input = fc.record({
      price: fc.record({ numerator: fc.bigInt(1n, 10n ** 12n), denominator: fc.bigInt(1n, 10n ** 12n) }),
      paymentDecimals: fc.constantFrom(0, 6, 18),
      tokenDecimals: fc.constantFrom(0, 6, 18),
      supply: fc.bigInt(1n, 10n ** 30n),
    });
    fc.assert(
      fc.property(input, (sale) => {
        const example = oversubscriptionExample(sale);
        if (!example) return;
        const { onSale, committed, commitment, accepted, refunded, tokens } = example;
        expect(accepted + refunded).toBe(commitment);
        expect(accepted * committed).toBeLessThanOrEqual(commitment * onSale);
        expect((accepted + 1n) * committed).toBeGreaterThan(commitment * onSale);
        const { numerator, denominator } = sale.price;
        const paid = accepted * denominator * 10n ** BigInt(sale.tokenDecimals);
        expect(tokens * numerator * 10n ** BigInt(sale.paymentDecimals)).toBeLessThanOrEqual(paid);
        expect(tokens).toBeLessThanOrEqual(sale.supply);
      }),
    );
  });
});

describe("what a payment comes to at today's total", () => {
  const demand = { supply: SALE.supply, committed: usd(1_000_000), paymentDecimals: 6 };

  it("is all of it while less is committed than is on sale, and else its share of what is on sale", () => {
    expect(acceptedNow(usd(100), { ...demand, committed: usd(21_400) }, SALE)).toBe(usd(100));
    expect(acceptedNow(usd(100), { ...demand, committed: usd(42_900) }, SALE)).toBe(usd(50));
    expect(acceptedNow(usd(75_000), demand, SALE)).toBe(usd(1_500));
  });

  it("is not told where the total counts in other units", () => {
    expect(acceptedNow(usd(100), { ...demand, paymentDecimals: 18 }, SALE)).toBeUndefined();
  });

  it("never promises more than the payment or more than is on sale, to the last unit", () => {
    const amounts = fc.bigInt(0n, 10n ** 24n);
    fc.assert(
      fc.property(amounts, amounts, fc.bigInt(1n, 10n ** 30n), (pay, committed, supply) => {
        const accepted = acceptedNow(pay, { supply, committed, paymentDecimals: 6 }, SALE) ?? -1n;
        const onSale = acceptedNow(10n ** 60n, { supply, committed: 0n, paymentDecimals: 6 }, SALE) ?? -1n;
        expect(accepted).toBeGreaterThanOrEqual(0n);
        expect(accepted).toBeLessThanOrEqual(pay);
        if (committed + pay <= onSale) expect(accepted).toBe(pay);
        else {
          expect(accepted * (committed + pay)).toBeLessThanOrEqual(pay * onSale);
          expect((accepted + 1n) * (committed + pay)).toBeGreaterThan(pay * onSale);
        }
      }),
    );
  });

  it("is known only for this rule, and with Sonar's total", () => {
    const commitments = { TotalCommitmentAmount: "42", PaymentTokenDecimals: 6 };
    const sale = { supply: "1000000", tokenDecimals: 18, oversubscription: { rule: "pro-rata" } } as const;
    expect(demandOf(commitments, sale)).toEqual({ supply: SALE.supply, committed: 42n, paymentDecimals: 6 });
    expect(demandOf(undefined, sale)).toBeUndefined();
    expect(demandOf(commitments, { ...sale, oversubscription: { rule: "other" } })).toBeUndefined();
  });
});
