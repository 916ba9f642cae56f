import { describe, expect, it } from "vitest";
import { incrementBounds, planBid, hasPriceChoice, type BidInput, type Bid } from "@/lib/purchase/bid";
import { parsePriceTick } from "@/lib/purchase/price";
import { MAX_UINT256 } from "@/lib/sale/money";

const NO_BID: Bid = { lockup: false, price: 0n, amount: 0n };
const USDC = { symbol: "USDC", decimals: 6 };
const permit = { minAmount: 1_000_000n, maxAmount: 5_000_000_000n, minPrice: 0n, maxPrice: 0n };
const auction = { ...permit, minPrice: 3n, maxPrice: 9n };

function plan(changes: Partial<BidInput> = {}) {
  return planBid({
    current: NO_BID,
    refunded: false,
    increment: 125_500_000n,
    permit,
    forcedLockup: false,
    wantsLockup: false,
    token: USDC,
    ...changes,
  });
}

function problemOf(changes: Partial<BidInput>) {
  const planned = plan(changes);
  return planned.ok ? undefined : planned.problem;
}

function bidOf(changes: Partial<BidInput>): Bid | string {
  const planned = plan(changes);
  return planned.ok ? planned.value.bid : planned.problem.kind;
}

describe("the amount of a bid", () => {
  it("is the increment when there is no bid yet", () => {
    expect(plan()).toEqual({
      ok: true,
      value: { bid: { lockup: false, price: 0n, amount: 125_500_000n }, increment: 125_500_000n },
    });
  });

  it("is the entity's new total, while the wallet pays the increment only", () => {
    expect(plan({ current: { ...NO_BID, amount: 125_500_000n }, increment: 10_000_000n })).toMatchObject({
      value: { bid: { amount: 135_500_000n }, increment: 10_000_000n },
    });
  });

  it.each([
    [999_999n, "under-min"],
    [1_000_000n, undefined],
    [5_000_000_000n, undefined],
    [5_000_000_001n, "over-max"],
  ])("of %d units, between 1 and 5,000 USDC, is %s", (increment, kind) => {
    expect(problemOf({ increment })?.kind).toBe(kind);
  });

  it("has its bounds on the total, not on the increment", () => {
    const current = { ...NO_BID, amount: 4_999_000_000n };
    expect(problemOf({ current, increment: 1n })).toBeUndefined();
    expect(problemOf({ current, increment: 1_000_001n })).toEqual({
      kind: "over-max",
      sentence: "Your total can be at most 5,000.00 USDC: you can add 1 USDC.",
    });
  });

  it("that is too small says how much is missing", () => {
    expect(problemOf({ increment: 500_000n })?.sentence).toBe(
      "Your total must be at least 1 USDC: add 1 USDC or more.",
    );
    const raised = { ...permit, minAmount: 10_000_000n };
    expect(problemOf({ increment: 1n, current: { ...NO_BID, amount: 4_000_000n }, permit: raised })?.sentence).toBe(
      "Your total must be at least 10 USDC: add 6 USDC or more.",
    );
  });

  it("that is at or over the maximum already says that nothing can be added", () => {
    const current = { ...NO_BID, amount: 6_000_000_000n };
    expect(problemOf({ current })?.sentence).toBe("Your total can be at most 5,000.00 USDC: you cannot add more.");
  });

  it("that no uint256 can hold is over the maximum, even where the permit sets none", () => {
    const unlimited = { ...permit, maxAmount: MAX_UINT256 };
    expect(problemOf({ increment: MAX_UINT256, permit: unlimited })).toBeUndefined();
    expect(problemOf({ increment: MAX_UINT256 + 1n, permit: unlimited })?.kind).toBe("over-max");
  });

  it("is never zero and never lowered", () => {
    expect(problemOf({ increment: 0n })?.kind).toBe("zero");
    expect(problemOf({ increment: -1n, current: { ...NO_BID, amount: 2_000_000n } })?.kind).toBe("negative");
  });
});

describe("the price of a bid", () => {
  it("is the permit's where that leaves no choice, whatever was typed", () => {
    const fixed = { ...permit, minPrice: 7n, maxPrice: 7n };
    expect([bidOf({ permit: fixed }), bidOf({ permit: fixed, price: 9n })]).toMatchObject([
      { price: 7n },
      { price: 7n },
    ]);
  });

  it("has to be given where the bounds differ", () => {
    expect([hasPriceChoice(permit), hasPriceChoice(auction)]).toEqual([false, true]);
    expect(bidOf({ permit: auction })).toBe("price-needed");
    expect(bidOf({ permit: auction, price: 5n })).toMatchObject({ price: 5n });
  });

  it("stays as it is when more is added without naming one", () => {
    expect(bidOf({ permit: auction, current: { lockup: false, price: 6n, amount: 1_000_000n } })).toMatchObject({
      price: 6n,
    });
  });

  it.each([
    [2n, "price-under-min"],
    [3n, undefined],
    [9n, undefined],
    [10n, "price-over-max"],
  ])("of %d ticks, between 3 and 9, is %s", (price, kind) => {
    expect(problemOf({ permit: auction, price })?.kind).toBe(kind);
  });

  it("can be raised and not lowered", () => {
    const current = { lockup: false, price: 6n, amount: 1_000_000n };
    expect(bidOf({ permit: auction, current, price: 7n })).toMatchObject({ price: 7n });
    expect(bidOf({ permit: auction, current, price: 5n })).toBe("price-lowered");
  });

  it("that is above a bound lowered meanwhile is refused, as keeping it and lowering it both would be", () => {
    const current = { lockup: false, price: 8n, amount: 1_000_000n };
    expect(bidOf({ permit: { ...permit, minPrice: 7n, maxPrice: 7n }, current })).toBe("price-over-max");
    expect(bidOf({ permit: { ...permit, minPrice: 3n, maxPrice: 7n }, current })).toBe("price-over-max");
  });

  it("of a bid that is gone binds nobody", () => {
    expect(bidOf({ permit: auction, current: { lockup: false, price: 8n, amount: 0n }, price: 4n })).toMatchObject({
      price: 4n,
    });
  });

  it("is named in the currency where the tick is known, else in steps", () => {
    const tick = parsePriceTick("0.0215");
    expect(problemOf({ permit: auction, price: 1n, tick })?.sentence).toBe("The lowest price you can bid is 0.0645.");
    expect(problemOf({ permit: auction, price: 10n })?.sentence).toBe(
      "The highest price you can bid is 9 price steps.",
    );
  });
});

describe("the lockup of a bid", () => {
  const locked = { lockup: true, price: 0n, amount: 1_000_000n };

  it.each([
    ["it is forced", { forcedLockup: true }],
    ["it is forced and chosen", { forcedLockup: true, wantsLockup: true, current: locked }],
    ["the bid has it already", { current: locked }],
    ["the bid has it already and it is chosen", { current: locked, wantsLockup: true }],
    ["it is chosen", { wantsLockup: true }],
  ])("is on because %s", (_reason, changes) => {
    expect(bidOf(changes)).toMatchObject({ lockup: true });
  });

  it("is off where nothing asks for it", () => {
    expect(bidOf({})).toMatchObject({ lockup: false });
  });
});

describe("a bid without an increment", () => {
  const current = { lockup: false, price: 6n, amount: 2_000_000n };
  const unchanged = { increment: 0n, current, permit: auction };

  it("may raise the price or turn the lockup on, and costs nothing", () => {
    expect(plan({ ...unchanged, price: 8n })).toMatchObject({
      value: { bid: { ...current, price: 8n }, increment: 0n },
    });
    expect(plan({ ...unchanged, wantsLockup: true })).toMatchObject({
      value: { bid: { ...current, lockup: true }, increment: 0n },
    });
  });

  it("that changes nothing is not sent", () => {
    expect(bidOf(unchanged)).toBe("nothing-changes");
  });
});

it("an entity that has been paid back cannot bid again", () => {
  expect(problemOf({ refunded: true })?.kind).toBe("already-refunded");
});

it("every problem has a sentence of its own", () => {
  const current = { lockup: false, price: 6n, amount: 2_000_000n };
  const sentences = [
    problemOf({ refunded: true }),
    problemOf({ increment: -1n }),
    problemOf({ increment: 0n }),
    problemOf({ increment: 1n }),
    problemOf({ increment: 5_000_000_001n }),
    problemOf({ permit: auction }),
    problemOf({ permit: auction, current, price: 5n }),
    problemOf({ permit: auction, price: 2n }),
    problemOf({ permit: auction, price: 10n }),
    problemOf({ permit: auction, current, increment: 0n }),
  ].map((problem) => problem?.sentence);
  expect(new Set(sentences).size).toBe(10);
  expect(sentences).not.toContain(undefined);
});

describe("what a form can offer", () => {
  it.each([
    [0n, 1_000_000n, 5_000_000_000n],
    [400_000n, 600_000n, 4_999_600_000n],
    [1_000_000n, 1n, 4_999_000_000n],
    [5_000_000_000n, 1n, 0n],
    [6_000_000_000n, 1n, 0n],
  ])("on top of %d is %d to %d", (amount, min, max) => {
    expect(incrementBounds({ ...NO_BID, amount }, permit)).toEqual({ min, max });
  });

  it("has no upper end where the permit sets none, whatever was committed before", () => {
    const current = { ...NO_BID, amount: 400_000n };
    expect(incrementBounds(current, { ...permit, maxAmount: MAX_UINT256 })).toEqual({ min: 600_000n });
  });
});
