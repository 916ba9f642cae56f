import { describe, expect, it } from "vitest";
import { planBid, type BidInput, type Bid } from "@/lib/purchase/bid";

const USDC = { symbol: "USDC", decimals: 6 };

/** Steps 5 to 8 of sonar.md 4.5. */
function contractTakes(bid: Bid, { current, permit: bounds, forcedLockup, refunded }: BidInput): boolean {
  if (bid.amount <= 0n || bid.price < bounds.minPrice || bid.price > bounds.maxPrice) return false;
  if (bid.amount < bounds.minAmount || bid.amount > bounds.maxAmount) return false;
  if (forcedLockup && !bid.lockup) return false;
  if (refunded || bid.amount < current.amount) return false;
  if (current.amount > 0n && (bid.price < current.price || (current.lockup && !bid.lockup))) return false;
  return true;
}

const BOUNDS = [
  { minAmount: 1n, maxAmount: 9n },
  { minAmount: 4n, maxAmount: 6n },
  { minAmount: 0n, maxAmount: 6n },
].flatMap((amounts) => [
  { ...amounts, minPrice: 0n, maxPrice: 0n },
  { ...amounts, minPrice: 2n, maxPrice: 2n },
  { ...amounts, minPrice: 1n, maxPrice: 3n },
]);

const FLAGS = [
  { forcedLockup: false, wantsLockup: false },
  { forcedLockup: false, wantsLockup: true },
  { forcedLockup: true, wantsLockup: false },
  { forcedLockup: true, wantsLockup: true },
];

const CURRENT: readonly Bid[] = [0n, 2n, 3n].flatMap((price) => [
  { lockup: false, price, amount: 0n },
  { lockup: false, price, amount: 5n },
  { lockup: true, price, amount: 5n },
]);

const WISHES = [-1n, 0n, 1n, 4n].flatMap((increment) =>
  [undefined, 0n, 1n, 2n, 3n, 4n].map((price) => ({ increment, price })),
);

function* everyInput(): Generator<BidInput> {
  for (const permit of BOUNDS)
    for (const flags of FLAGS)
      for (const current of CURRENT)
        for (const wish of WISHES) yield { current, permit, ...flags, ...wish, refunded: false, token: USDC };
}

describe("of all combinations", () => {
  it("what is planned, the contract takes", () => {
    let planned = 0;
    for (const input of everyInput()) {
      const result = planBid(input);
      if (!result.ok) continue;
      planned += 1;
      const { bid, increment } = result.value;
      if (!contractTakes(bid, input)) expect.fail(`${input.increment} on ${input.current.amount} would be refused`);
      if (increment !== bid.amount - input.current.amount) expect.fail(`${increment} is not what will be taken`);
    }
    expect(planned).toBeGreaterThan(1_000);
  });

  it("what is refused, the contract would refuse too, unless it lacks a price or changes nothing", () => {
    let refused = 0;
    for (const input of everyInput()) {
      const result = planBid(input);
      if (result.ok || ["price-needed", "nothing-changes"].includes(result.problem.kind)) continue;
      refused += 1;
      const { current, increment, permit: bounds, price: chosen, forcedLockup, wantsLockup } = input;
      const price = bounds.minPrice === bounds.maxPrice ? bounds.minPrice : (chosen ?? current.price);
      const lockup = forcedLockup || current.lockup || wantsLockup;
      const wished = { lockup, price, amount: current.amount + increment };
      if (contractTakes(wished, input)) expect.fail(`${result.problem.kind}: ${increment} on ${current.amount}`);
    }
    expect(refused).toBeGreaterThan(1_000);
  });
});
