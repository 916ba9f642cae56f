import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { amountFieldText } from "@/lib/purchase/amount";
import { checkDraft, type CommitTerms } from "@/lib/purchase/draft";
import { expectedTokens } from "@/lib/purchase/estimate";
import { readPermit } from "@/lib/purchase/permit";
import { readPosition } from "@/lib/purchase/position";
import { previewOrder, type OrderFacts } from "@/lib/purchase/preview";
import { parsePriceTick } from "@/lib/purchase/price";
import { purchaseFigures } from "@/lib/purchase/summary";
import { saleAbi } from "@/lib/sale/abi";
import { commitmentCurve } from "@/lib/sale/commitments";
import { formatTokenAmount, tokenAt } from "@/lib/sale/money";
import { salePricing } from "@/lib/sale/pricing";
import { commit } from "@/lib/wallet/transactions/commit";
import { readBalance, readEntityBid, saleClient } from "@/lib/wallet/transactions/read-chain";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { ENTITY, PurchaseBench, reports, USDC, USDT } from "@/tests/support/purchase/purchase-bench";
import { entityOnChain } from "@/tests/support/purchase/sale-ledger";
import { someChain } from "@/tests/support/purchase/some-purchase";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

const [FIRST = "0x", SECOND = "0x", THIRD = "0x", FOURTH = "0x"] = FUNDED_WALLETS;
const TICK = parsePriceTick("0.0215");
const OFFERED = { symbol: "ACME", decimals: 18 };

async function positionsOf(rpcUrl: string, ids: readonly `0x${string}`[], stage: "commitment" | "done") {
  const client = saleClient({ ...someChain, rpcUrls: [rpcUrl] });
  const args = [ids] as const;
  const views = await client.readContract({
    address: SANDBOX_SALE,
    abi: saleAbi,
    functionName: "entityStatesByIDs",
    args,
  });
  return views.map((view) => readPosition(view, stage));
}

describe("generated commitments, one on top of the other", () => {
  let bench: PurchaseBench;
  beforeAll(async () => {
    bench = await PurchaseBench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.begin());

  /** From a minimum of 1 to 500 tokens, to the last of six decimals. A fixed seed: each amount takes some transactions. */
  const AMOUNTS = fc.sample(fc.bigInt({ min: 1_000_000n, max: 500_000_000n }), { numRuns: 4, seed: 12 });

  it.each([0, 1])("are summarised as the contract then holds them, at the permit's price of %i", async (price) => {
    const context = bench.context(FIRST);
    for (const [index, amount] of AMOUNTS.entries()) {
      const token = index % 2 === 0 ? USDC : USDT;
      const { bid: current } = await readEntityBid(context, ENTITY);
      const [position] = await positionsOf(bench.rpcUrl, [ENTITY], "commitment");
      const permit = { MinPrice: price, MaxPrice: price };
      const order = bench.order(FIRST, { token, increment: amount, permit, shown: current });
      const read = readPermit((await order.getPermit()).PermitJSON);
      if (!read.ok) throw new Error(read.problem.sentence);
      const held = await readBalance(context.publicClient, token.address, FIRST);
      const terms: CommitTerms = {
        permit: read.value,
        current,
        refunded: false,
        token,
        funds: { token: held },
        nativeSymbol: "ETH",
        now: (await context.publicClient.getBlock()).timestamp,
        ...(TICK && { tick: TICK }),
      };
      const facts: OrderFacts = {
        price: salePricing({ permit: read.value.permit, priceTick: "0.0215", announced: "0.0215" }),
        offered: OFFERED,
        wallet: FIRST,
        contract: SANDBOX_SALE,
        entityName: "Ada Lovelace",
        tokens: [USDC, USDT],
        rows: position?.rows ?? [],
      };
      const draft = { amount: amountFieldText(amount, token.decimals), price: "", lockup: index === 2 };
      const reading = checkDraft(draft, terms);
      if (!reading.ok) throw new Error(reading.problem.sentence);
      const { lines } = previewOrder(draft, terms, facts, reading.plan);
      const row = (term: string) => lines.find((line) => line.term === term)?.value;

      await commit(context, { ...order, wantsLockup: draft.lockup, expected: reading.plan.bid }, reports());
      const [after] = await positionsOf(bench.rpcUrl, [ENTITY], "commitment");
      expect(after?.bid).toEqual(reading.plan.bid);
      expect(after?.total.committed).toBe(reading.plan.bid.amount);
      expect(held - (await readBalance(context.publicClient, token.address, FIRST))).toBe(amount);
      expect(row("You pay")).toBe(formatTokenAmount(amount, token));
      const both = new Set(after?.rows.map((of) => tokenAt([USDC, USDT], of.token)?.symbol));
      const symbol = [...both].join(" and ");
      const total = formatTokenAmount(after?.bid.amount ?? 0n, { symbol, decimals: 6 });
      expect(row("New total")).toBe(index === 0 ? undefined : total);
      expect(row("Price")).toBe(`0.0215 ${token.symbol}`);
    }
  });
});

describe("an auction of four bidders", () => {
  let sandbox: TestSandboxWithChain;
  beforeAll(async () => {
    sandbox = await startTestSandboxWithChain({ redirectUris: [REDIRECT_URI] });
    await sandbox.control.setSaleKind("auction");
    await sandbox.control.setListingDelay(0);
  });
  afterAll(() => sandbox.close());

  const BIDDERS = [
    { persona: "grace", wallet: FIRST, amount: 2_500_000_000n, price: 12n, standing: "above" },
    { persona: "mary", wallet: SECOND, amount: 60_000_123_457n, price: 4n, standing: "above" },
    { persona: "emmy", wallet: THIRD, amount: 5_000_000_000n, price: 3n, standing: "at" },
    { persona: "ada", wallet: FOURTH, amount: 999_999_999n, price: 2n, standing: "below" },
  ] as const;
  const facts = { tick: TICK ?? 0n, paymentDecimals: 6, tokenDecimals: 18 };

  it("agrees with itself to the last unit: clearing price, standing, expected tokens, chart and settlement", async () => {
    const buyers = await Promise.all(BIDDERS.map(({ persona }) => SandboxBuyer.connect(sandbox, persona)));
    const [first] = buyers;
    const read = () => first?.client.readCommitmentData({ saleUUID: SANDBOX_SALE_UUID });
    const before = await read();
    for (const [index, { wallet, amount, price }] of BIDDERS.entries())
      await buyers[index]?.commit({ wallet, amount, price });
    const listed = await read();
    if (!before || !listed) throw new Error("no commitment data");

    const pricing = salePricing({ commitments: listed });
    if (pricing.kind !== "auction" || !pricing.estimate) throw new Error("no estimate");
    // Three steps: the bids above buy 969,001.91 of 1,000,000 tokens there, and more than all at two.
    expect(pricing.estimate.numerator * 10_000n).toBe(645n * pricing.estimate.denominator);

    const figures = BIDDERS.map(({ amount, price }) =>
      purchaseFigures({ increment: amount, bid: { amount, price, lockup: false } }, { ...facts, price: pricing }),
    );
    expect(figures.map(({ standing }) => standing)).toEqual(BIDDERS.map(({ standing }) => standing));

    const committed = BIDDERS.reduce((sum, { amount }) => sum + amount, 0n);
    const grown = commitmentCurve(listed).at(-1)?.total ?? 0n;
    expect(grown - BigInt(before.TotalCommitmentAmount)).toBe(committed);

    await sandbox.control.chain.settleAtClearingPrice();
    const ids = BIDDERS.map(({ persona }) => entityOnChain(persona));
    const positions = await positionsOf(sandbox.rpcUrl, ids, "done");
    const estimate = { ...facts, price: pricing.estimate };
    const received = positions.map(({ total }) => expectedTokens({ ...estimate, amount: total.accepted }));
    for (const [index, { standing, amount }] of BIDDERS.entries()) {
      const total = positions[index]?.total;
      if (standing === "above") expect([received[index], total?.refundable]).toEqual([figures[index]?.tokens, 0n]);
      if (standing === "below")
        expect([received[index], figures[index]?.tokens, total?.refundable]).toEqual([0n, 0n, amount]);
      expect((total?.accepted ?? 0n) + (total?.refundable ?? 0n)).toBe(amount);
    }
    const atPrice = positions[2]?.total;
    expect(atPrice?.accepted).toBe(64_500_000_000n - 62_500_123_457n);
    const accepted = positions.reduce((sum, { total }) => sum + total.accepted, 0n);
    expect(expectedTokens({ ...estimate, amount: accepted })).toBe(1_000_000n * 10n ** 18n);
  });
});
