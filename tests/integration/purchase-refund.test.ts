import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commit } from "@/lib/wallet/transactions/commit";
import { readBalance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { refund, type RefundOrder } from "@/lib/wallet/transactions/transactions";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { ENTITY, PurchaseBench, reports, USDC, USDT } from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x", CLEO = "0x"] = FUNDED_WALLETS;
const OTHER_ENTITY = `0x${"22".repeat(16)}` as const;
const FUNDS = 100_000_000_000n;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());

/** 125.50 USDC of Ann's and 10 USDT of Ben's, for one entity. */
beforeEach(async () => {
  await bench.begin();
  await commit(bench.context(ANN), bench.order(ANN), reports());
  const shown = { amount: 125_500_000n, lockup: false, price: 0n };
  await commit(bench.context(BEN), bench.order(BEN, { token: USDT, increment: 10_000_000n, shown }), reports());
});

const balances = () => {
  const { publicClient } = bench.context(ANN);
  return Promise.all([readBalance(publicClient, USDC.address, ANN), readBalance(publicClient, USDT.address, BEN)]);
};

async function goBack(wallet: `0x${string}`, functionName: RefundOrder["functionName"], entityId = ENTITY) {
  const flow = reports();
  const end = await refund(bench.context(wallet), { functionName, entityId }, flow).then(
    () => "done",
    (error: { reason: unknown }) => error.reason,
  );
  return { end, sent: flow.sent() };
}

describe("a cancellation", () => {
  it("by one wallet pays every wallet of the entity back, and is final", async () => {
    expect(await balances()).toEqual([FUNDS - 125_500_000n, FUNDS - 10_000_000n]);
    await bench.control.sale.setStage("Cancellation");
    expect(await goBack(BEN, "cancelBid")).toEqual({ end: "done", sent: ["send"] });
    expect(await balances()).toEqual([FUNDS, FUNDS]);
    const state = await readEntityBid(bench.context(ANN), ENTITY);
    expect(state).toMatchObject({ refunded: true, bid: { amount: 0n } });

    await bench.control.sale.setStage("Commitment");
    const again = commit(bench.context(ANN), bench.order(ANN), reports());
    await expect(again).rejects.toMatchObject({ reason: { kind: "AlreadyRefunded" } });
  });

  it("is not sent outside of its stage", async () => {
    expect(await goBack(ANN, "cancelBid")).toMatchObject({ end: { kind: "InvalidStage" }, sent: [] });
  });

  it("is not sent by a wallet that has not committed", async () => {
    await bench.control.sale.setStage("Cancellation");
    expect(await goBack(CLEO, "cancelBid")).toMatchObject({ end: { kind: "WalletNotInitialized" }, sent: [] });
  });
});

describe("a wallet that was switched since the user read whose commitment it is about", () => {
  it.each(["cancelBid", "claimRefund"] as const)(
    "sends no %s for the entity that it belongs to itself",
    async (way) => {
      await bench.control.sale.setStage(way === "cancelBid" ? "Cancellation" : "Done");
      await bench.control.sale.setClaimRefundEnabled(true);
      expect(await goBack(BEN, way, OTHER_ENTITY)).toMatchObject({ end: { kind: "wallet-of-other-entity" }, sent: [] });
      expect(await readEntityBid(bench.context(ANN), ENTITY)).toMatchObject({ refunded: false });
    },
  );
});

describe("the claim of a refund", () => {
  async function settle(): Promise<void> {
    const { sale } = bench.control;
    await sale.setStage("Settlement");
    const own = { saleSpecificEntityID: ENTITY, wallet: ANN, token: USDC.address };
    await sale.setAllocations([{ ...own, acceptedAmount: 100_000_000n }]);
    await sale.finalizeSettlement(100_000_000n);
  }

  it("pays every wallet what was not accepted of it, once", async () => {
    await settle();
    await bench.control.sale.setClaimRefundEnabled(true);
    expect(await goBack(ANN, "claimRefund")).toEqual({ end: "done", sent: ["send"] });
    expect(await balances()).toEqual([FUNDS - 100_000_000n, FUNDS]);
    expect(await goBack(BEN, "claimRefund")).toMatchObject({ end: { kind: "AlreadyRefunded" }, sent: [] });
  });

  it("is not sent where refunds are sent automatically", async () => {
    await settle();
    expect(await goBack(ANN, "claimRefund")).toMatchObject({ end: { kind: "ClaimRefundDisabled" }, sent: [] });
  });
});
