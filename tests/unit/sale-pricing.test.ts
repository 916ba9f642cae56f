import { describe, expect, it } from "vitest";
import { boundsOfBid, clearingPrice, priceText, salePricing, type ClearingFacts } from "@/lib/sale/pricing";

const data: ClearingFacts = { PaymentTokenDecimals: 6 };
const priced = {
  ...data,
  OfferedTokenDecimals: 18,
  ClearingPriceNumerator: "645",
  ClearingPriceDenominator: "10000000000000000",
  ClearingPriceMicroUSD: "64500",
};

function clearingText(facts: ClearingFacts): string | undefined {
  const price = clearingPrice(facts);
  return price && priceText(price);
}

describe("an auction's estimated clearing price", () => {
  it("is the exact ratio for one whole token", () => {
    expect(clearingText(priced)).toBe("0.0645");
    expect(clearingText({ ...priced, ClearingPriceMicroUSD: "64499" })).toBe("0.0645");
  });

  it("is Sonar's rounded price where a part of the ratio is missing", () => {
    const rounded = { ...priced, ClearingPriceMicroUSD: "64499" };
    for (const part of ["ClearingPriceNumerator", "ClearingPriceDenominator", "OfferedTokenDecimals"] as const)
      expect(clearingText({ ...rounded, [part]: undefined })).toBe("0.064499");
    expect(clearingText({ ...rounded, ClearingPriceDenominator: "0" })).toBe("0.064499");
  });

  it.each([
    ["1", "3", 6, "about 0.333333"],
    ["2", "3", 6, "about 0.666667"],
    ["1", "1", 6, "1"],
    ["1234567891234", "1000000", 6, "1,234,567.891234"],
    ["1", "3000000", 6, "about 0.000000333333"],
    ["1", "1", 18, "1,000,000,000,000"],
    ["9007199254740993", "1", 6, "9,007,199,254,740,993"],
    ["1", "1", 0, "0.000001"],
  ])("of %s/%s with %d decimals is %s, computed without floats", (numerator, denominator, decimals, price) => {
    const ratio = { ClearingPriceNumerator: numerator, ClearingPriceDenominator: denominator };
    expect(clearingText({ ...priced, ...ratio, OfferedTokenDecimals: decimals })).toBe(price);
  });

  it("is absent while there is none", () => {
    expect(clearingPrice(data)).toBeUndefined();
    expect(clearingPrice({ ...data, ClearingPriceNumerator: "1" })).toBeUndefined();
    expect(clearingPrice({ ...priced, ClearingPriceNumerator: "0" })).toBeUndefined();
    expect(clearingPrice({ ...data, ClearingPriceMicroUSD: "0" })).toBeUndefined();
  });
});

/** The price as a person reads it, after its kind. */
function pricingOf(facts: Parameters<typeof salePricing>[0]): string {
  const pricing = salePricing(facts);
  if (pricing.kind === "fixed") return `fixed ${priceText(pricing.price)}`;
  return pricing.kind === "auction" && pricing.estimate ? `auction ${priceText(pricing.estimate)}` : pricing.kind;
}

describe("the sale's price", () => {
  const range = { minPrice: 2n, maxPrice: 20n };
  const single = { minPrice: 3n, maxPrice: 3n };
  const untold = { minPrice: 0n, maxPrice: 0n };

  it.each([
    [
      "a permit with bounds of 0 leaves no bid to make, so the price is fixed whatever Sonar's figures say",
      { commitments: priced, permit: untold, priceTick: "0.0215", announced: "7" },
      "fixed 7",
    ],
    [
      "Sonar's figures do not stand for a price that nobody has announced, either",
      { commitments: priced, permit: untold, priceTick: "0.0215" },
      "unknown",
    ],
    [
      "an estimate of Sonar's makes an auction, whatever else is known",
      { commitments: priced, permit: single, priceTick: "0.0215", announced: "7" },
      "auction 0.0645",
    ],
    [
      "a permit that leaves a choice makes an auction without an estimate",
      { commitments: data, permit: range, priceTick: "0.0215", announced: "7" },
      "auction",
    ],
    [
      "a permit with one price tells it in steps",
      { commitments: data, permit: single, priceTick: "0.0215", announced: "7" },
      "fixed 0.0645",
    ],
    ["a permit's steps mean nothing without the size of one", { permit: single, announced: "7" }, "fixed 7"],
    ["a permit's 0 tells no price", { permit: untold, priceTick: "0.0215", announced: "7" }, "fixed 7"],
    [
      "the announced price counts until a permit tells it",
      { commitments: data, priceTick: "0.0215", announced: "0.07" },
      "fixed 0.07",
    ],
    ["nothing is guessed from the size of a step", { commitments: data, priceTick: "0.0215" }, "unknown"],
  ])("%s", (_name, facts, text) => {
    expect(pricingOf(facts)).toBe(text);
  });

  it("is fixed for an entity whose bid names no price, while it has no permit", () => {
    const pricingFor = (bid: { amount: bigint; price: bigint }) =>
      pricingOf({ commitments: priced, permit: boundsOfBid(bid), announced: "7" });
    expect(pricingFor({ amount: 100n, price: 0n })).toBe("fixed 7");
    expect(pricingFor({ amount: 100n, price: 2n })).toBe("auction 0.0645");
    expect(pricingFor({ amount: 0n, price: 0n })).toBe("auction 0.0645");
  });
});
