import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amountFieldText } from "@/lib/purchase/amount";
import { checkDraft, quickAmounts, type CommitTerms } from "@/lib/purchase/draft";
import { expectedTokens, PRICE_UNIT } from "@/lib/purchase/estimate";
import { previewOrder, type OrderFacts } from "@/lib/purchase/preview";
import { parsePriceTick, steppedPrice, type PriceTick } from "@/lib/purchase/price";
import { walletRequests } from "@/lib/purchase/requests";
import { bidStanding } from "@/lib/purchase/standing";
import { cutAmount, purchaseFigures } from "@/lib/purchase/summary";
import { formatAmount, formatTokenAmount, MAX_UINT256 } from "@/lib/sale/money";
import type { Pricing } from "@/lib/sale/pricing";
import { ANN, rowOf, someReadPermit, USDC, USDT } from "@/tests/support/purchase/some-purchase";

const TICK = parsePriceTick("0.0215") ?? raise();

function raise(): PriceTick {
  throw new Error("0.0215 is no tick");
}

const FIXED: Pricing = { kind: "fixed", price: { numerator: 215n, denominator: 10_000n } };

/** Fixed at 0, fixed at the bound, and an auction whose estimate lies above, at or below the bids. */
const prices = fc.oneof(
  fc.constant({ MinPrice: 0, MaxPrice: 0, ticks: undefined, pricing: FIXED }),
  fc.constant({ MinPrice: 1, MaxPrice: 1, ticks: undefined, pricing: FIXED }),
  fc.tuple(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 25 })).map(([ticks, clearing]) => {
    const estimate = { numerator: BigInt(clearing) * TICK, denominator: PRICE_UNIT };
    const pricing: Pricing = { kind: "auction", estimate };
    return { MinPrice: 2, MaxPrice: 20, ticks: BigInt(ticks), pricing };
  }),
);

/** An order in one of the sale's tokens, of 0, 6 or 18 decimals, on top of an earlier commitment or none. */
const orders = fc
  .record({
    decimals: fc.constantFrom(0, 6, 18),
    offeredDecimals: fc.constantFrom(0, 6, 18),
    token: fc.constantFrom(USDC, USDT),
    price: prices,
    forcedLockup: fc.boolean(),
    wantsLockup: fc.boolean(),
    already: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n ** 24n })),
    increment: fc.bigInt({ min: 1n, max: 10n ** 24n }),
  })
  .map(({ decimals, offeredDecimals, price, already, increment, ...rest }) => {
    const token = { ...rest.token, decimals };
    const { MinPrice, MaxPrice, ticks, pricing } = price;
    const permit = someReadPermit({ MinPrice, MaxPrice, MinAmount: "1", MaxAmount: `${MAX_UINT256}` });
    const terms: CommitTerms = {
      permit: { permit, forcedLockup: rest.forcedLockup },
      current: { amount: already, lockup: false, price: already > 0n ? permit.minPrice : 0n },
      refunded: false,
      token,
      funds: { token: increment, native: 1n },
      nativeSymbol: "ETH",
      tick: TICK,
      now: 1_800_000_000n,
      decimalMark: ".",
    };
    const facts: OrderFacts = {
      price: pricing,
      offered: { symbol: "ACME", decimals: offeredDecimals },
      wallet: ANN,
      contract: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
      entityName: "Ada Lovelace",
      funding: { allowance: 0n, isContractWallet: false, canSign: true },
      fees: { coin: { symbol: "ETH", decimals: 18 }, gasPrice: 1n },
      tokens: [token],
      rows: already > 0n ? [{ ...rowOf("ann", token, already), committed: already }] : [],
    };
    const priceText = ticks === undefined ? "" : amountFieldText(ticks * TICK, 18);
    const draft = { amount: amountFieldText(increment, decimals), price: priceText, lockup: rest.wantsLockup };
    return { draft, terms, facts, already, increment, ticks };
  });

describe("the summary of any order", () => {
  const check = (verify: (order: { plan: NonNullable<ReturnType<typeof planOf>> } & OrderOf) => void) =>
    fc.assert(
      fc.property(orders, (order) => {
        const plan = planOf(order);
        if (!plan) throw new Error("The order could not be sent.");
        verify({ ...order, plan });
      }),
    );

  it("pays exactly the typed amount, and its total is the bid that is sent", () => {
    check(({ draft, terms, facts, plan, already, increment }) => {
      const { lines } = previewOrder(draft, terms, facts, plan);
      const row = (term: string) => lines.find((line) => line.term === term)?.value;
      expect(plan.increment).toBe(increment);
      expect(plan.bid.amount).toBe(already + increment);
      expect(row("You pay")).toBe(formatTokenAmount(increment, terms.token));
      expect(row("New total")).toBe(already > 0n ? formatTokenAmount(plan.bid.amount, terms.token) : undefined);
      expect(row("Lockup") !== undefined).toBe(plan.bid.lockup);
    });
  });

  it("counts the tokens at the price that is paid: none below the clearing price, and never more than the money buys", () => {
    check(({ terms, facts, plan, ticks }) => {
      const { price, offered } = facts;
      const { tokens, totalTokens, standing } = purchaseFigures(plan, {
        price,
        tick: TICK,
        paymentDecimals: terms.token.decimals,
        tokenDecimals: offered.decimals,
      });
      const paid = price.kind === "auction" ? price.estimate : price.kind === "fixed" ? price.price : undefined;
      if (!paid) throw new Error("no price");
      expect(standing).toBe(ticks === undefined ? undefined : bidStanding(ticks * TICK, paid));
      const at = { price: paid, paymentDecimals: terms.token.decimals, tokenDecimals: offered.decimals };
      const bought = (amount: bigint) => (standing === "below" ? 0n : expectedTokens({ ...at, amount }));
      expect([tokens, totalTokens]).toEqual([bought(plan.increment), bought(plan.bid.amount)]);
    });
  });

  it("has as many lines without an amount as with one, so that nothing moves while somebody types", () => {
    check(({ draft, terms, facts, plan }) => {
      const terms_ = (preview: ReturnType<typeof previewOrder>) => preview.lines.map(({ term }) => term);
      expect(terms_(previewOrder(draft, terms, facts))).toEqual(terms_(previewOrder(draft, terms, facts, plan)));
    });
  });

  it("cuts a number of tokens for display, and never rounds it up", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_UINT256 }), fc.constantFrom(0, 6, 18), (amount, decimals) => {
        const { text, isExact } = cutAmount(amount, decimals);
        const [whole = "", fraction = ""] = text.replaceAll(",", "").split(".");
        const shown = BigInt(whole + fraction.padEnd(decimals, "0"));
        expect(shown <= amount).toBe(true);
        expect(isExact).toBe(shown === amount);
        expect(whole).toBe(formatAmount(amount, decimals).replaceAll(",", "").split(".")[0]);
      }),
    );
  });
});

interface OrderOf {
  draft: { amount: string; price: string; lockup: boolean };
  terms: CommitTerms;
  facts: OrderFacts;
  already: bigint;
  increment: bigint;
  ticks?: bigint | undefined;
}

function planOf({ draft, terms }: Pick<OrderOf, "draft" | "terms">) {
  const reading = checkDraft(draft, terms);
  return reading.ok ? reading.plan : undefined;
}

describe("quick amounts", () => {
  it("can each be sent as they are, and the last is the most that can", () => {
    const limits = fc.record({
      held: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      min: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      max: fc.bigInt({ min: 1n, max: 10n ** 12n }),
      already: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    });
    fc.assert(
      fc.property(limits, ({ held, min, max, already }) => {
        const permit = someReadPermit({ MinAmount: `${min}`, MaxAmount: `${max}` });
        const terms: CommitTerms = {
          permit: { permit, forcedLockup: false },
          current: { amount: already, lockup: false, price: 0n },
          refunded: false,
          token: USDC,
          funds: { token: held, native: 1n },
          nativeSymbol: "ETH",
          now: 1_800_000_000n,
        };
        const quick = quickAmounts(terms);
        for (const { amount } of quick)
          expect(planOf({ draft: { amount: amountFieldText(amount, 6), price: "", lockup: false }, terms })).toEqual({
            bid: { amount: already + amount, lockup: false, price: 0n },
            increment: amount,
          });
        const most = quick.at(-1)?.amount;
        const more = { amount: amountFieldText((most ?? 0n) + 1n, 6), price: "", lockup: false };
        if (most !== undefined) expect(planOf({ draft: more, terms })).toBeUndefined();
      }),
    );
  });
});

describe("the price stepper", () => {
  it("stays on the price steps and in the permit's range, whatever was typed before", () => {
    const typed = fc.oneof(
      fc.string(),
      fc.bigInt({ min: 0n, max: 10n ** 20n }).map((value) => amountFieldText(value, 18)),
    );
    fc.assert(
      fc.property(typed, fc.constantFrom(1 as const, -1 as const), (text, direction) => {
        const range = { lowest: 2n, highest: 20n };
        const next = steppedPrice(text, direction, { tick: TICK, range, start: 3n, rules: { decimalMark: "." } });
        const [whole = "", fraction = ""] = next.split(".");
        const price = BigInt(whole + fraction.padEnd(18, "0"));
        expect([price % TICK, price / TICK >= 2n, price / TICK <= 20n]).toEqual([0n, true, true]);
      }),
    );
  });
});

describe("the requests of the wallet", () => {
  const input = {
    contract: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
    token: USDC,
    increment: 125_500_000n,
    totalText: "125.50 USDC",
    entityName: "Ada Lovelace",
    hasCommitted: false,
  } as const;

  it.each([
    ["allowance", ["send"]],
    ["signature", ["sign", "send"]],
    ["approval", ["approve", "send"]],
    ["approval-after-reset", ["reset-allowance", "approve", "send"]],
  ] as const)("for the funding by %s are %j", (funding, ids) => {
    expect(walletRequests({ ...input, funding }).map(({ id }) => id)).toEqual(ids);
  });

  it("name spender, amount and expiry, once that is known", () => {
    const [sign] = walletRequests({ ...input, funding: "signature", signedUntil: "18:40 UTC" });
    expect(sign).toMatchObject({
      meaning: "It lets the sale contract 0x9fE467…7fa6e0 take 125.50 USDC and no more, until 18:40 UTC.",
      cost: "Costs nothing.",
      contract: USDC.address,
    });
  });

  it("say that nothing is taken where only the price or the lockup changes", () => {
    const [send] = walletRequests({ ...input, increment: 0n, funding: "allowance" });
    expect(send?.meaning).toContain("and takes nothing");
  });
});
