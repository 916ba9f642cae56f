import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toFunctionSelector } from "viem/utils";
import { commit } from "@/lib/wallet/transactions/commit";
import { readBalance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { getBack, type ReturnOrder } from "@/lib/wallet/transactions/returns";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import type { ReturnedAmount } from "@/lib/purchase/reduction";
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

async function goBack(wallet: `0x${string}`, kind: "cancel" | "refund", entityId = ENTITY) {
  return goBackBy(wallet, { kind, entityId });
}

async function goBackBy(wallet: `0x${string}`, order: ReturnOrder) {
  const flow = reports();
  const end = await getBack(bench.context(wallet), order, flow).then(
    () => "done",
    (error: { reason: unknown }) => error.reason,
  );
  return { end, sent: flow.sent() };
}

describe("a cancellation", () => {
  it("by one wallet pays every wallet of the entity back, and is final", async () => {
    expect(await balances()).toEqual([FUNDS - 125_500_000n, FUNDS - 10_000_000n]);
    await bench.control.sale.setStage("Cancellation");
    expect(await goBack(BEN, "cancel")).toEqual({ end: "done", sent: ["send"] });
    expect(await balances()).toEqual([FUNDS, FUNDS]);
    const state = await readEntityBid(bench.context(ANN), ENTITY);
    expect(state).toMatchObject({ refunded: true, bid: { amount: 0n } });

    await bench.control.sale.setStage("Commitment");
    const again = commit(bench.context(ANN), bench.order(ANN), reports());
    await expect(again).rejects.toMatchObject({ reason: { kind: "AlreadyRefunded" } });
  });

  it("is not sent outside of its stage", async () => {
    expect(await goBack(ANN, "cancel")).toMatchObject({ end: { kind: "InvalidStage" }, sent: [] });
  });

  it("is not sent by a wallet that has not committed", async () => {
    await bench.control.sale.setStage("Cancellation");
    expect(await goBack(CLEO, "cancel")).toMatchObject({ end: { kind: "WalletNotInitialized" }, sent: [] });
  });
});

describe("a revert of a simulation that says nothing of its reason says that nothing was sent", () => {
  const [CANCEL, CLAIM] = ["cancelBid()", "claimRefund()"].map((name) => toFunctionSelector(name).slice(2));

  it.each([
    ["without data", undefined, "revert-without-reason"],
    ["with an error that nobody knows", "deadbeef", "unknown-revert"],
  ])("%s", async (_how, error, kind) => {
    await bench.control.sale.setStage("Cancellation");
    await bench.refuseCalls(SANDBOX_SALE, [`${CANCEL}`, `${CLAIM}`], error);
    const sentence: unknown = expect.stringMatching(/^The sale refused this .* Nothing was sent\.$/);
    expect(await goBack(ANN, "cancel")).toMatchObject({ end: { kind, sentence }, sent: [] });
  });
});

describe("a reduction", () => {
  const TOTAL = 135_500_000n;
  const anns = { wallet: ANN, token: USDC.address };
  const bens = { wallet: BEN, token: USDT.address };

  function reduction(rows: readonly ReturnedAmount[], from = TOTAL): ReturnOrder {
    const amount = rows.reduce((sum, row) => sum + row.amount, 0n);
    return { kind: "reduce", entityId: ENTITY, reduction: { rows, amount, from, total: from - amount } };
  }

  beforeEach(async () => {
    await bench.control.sale.setReduceCommitmentEnabled(true);
    await bench.control.sale.setStage("Cancellation");
  });

  it("by one wallet pays each wallet back what it lists, and the rest stays committed", async () => {
    const order = reduction([
      { ...anns, amount: 25_500_000n },
      { ...bens, amount: 4_000_000n },
    ]);
    expect(await goBackBy(BEN, order)).toEqual({ end: "done", sent: ["send"] });
    expect(await balances()).toEqual([FUNDS - 100_000_000n, FUNDS - 6_000_000n]);
    const state = await readEntityBid(bench.context(ANN), ENTITY);
    const left = 106_000_000n;
    expect(state).toMatchObject({ refunded: false, refundable: left, bid: { lockup: false, price: 0n, amount: left } });
  });

  it("is not sent on top of another wallet's, which would leave another total than was shown", async () => {
    await goBackBy(BEN, reduction([{ ...bens, amount: 4_000_000n }]));
    const second = await goBackBy(ANN, reduction([{ ...anns, amount: 1n }]));
    expect(second).toMatchObject({ end: { kind: "commitment-changed" }, sent: [] });
  });

  it.each<[string, () => Promise<unknown>, ReturnOrder, string, RegExp]>([
    [
      "where the sale has none",
      () => bench.control.sale.setReduceCommitmentEnabled(false),
      reduction([{ ...anns, amount: 1n }]),
      "ReduceCommitmentDisabled",
      /cannot be reduced\. Nothing was sent\.$/,
    ],
    [
      "outside of the cancellation stage",
      () => bench.control.sale.setStage("Commitment"),
      reduction([{ ...anns, amount: 1n }]),
      "InvalidStage",
      /current stage.*Nothing was sent\.$/,
    ],
    [
      "of more than a wallet has",
      () => Promise.resolve(),
      reduction([{ ...anns, amount: 125_500_001n }]),
      "ReductionExceedsReducibleAmount",
      /more than this wallet can take back\. Nothing was sent\.$/,
    ],
    [
      "of a wallet that never paid",
      () => Promise.resolve(),
      reduction([{ ...anns, wallet: CLEO, amount: 1n }]),
      "WalletNotAssociatedWithEntity",
      /does not belong.*Nothing was sent\.$/,
    ],
    [
      "after a cancellation",
      () => goBack(ANN, "cancel"),
      reduction([{ ...anns, amount: 1n }]),
      "AlreadyRefunded",
      /already been cancelled or paid back.*Nothing was sent\.$/,
    ],
  ])("is not sent %s", async (_where, before, order, kind, sentence) => {
    await before();
    const { end, sent } = await goBackBy(ANN, order);
    expect(end).toMatchObject({ kind, sentence: expect.stringMatching(sentence) });
    expect(sent).toEqual([]);
  });
});

describe("money that a token does not let the sale return", () => {
  const { issuer, sale } = { issuer: () => bench.control.issuer, sale: () => bench.control.sale };
  beforeEach(() => sale().setStage("Cancellation"));

  const REPORT = "Nothing was sent. Please report this to the operator of this site.";

  it.each<[string, () => Promise<void>, string, string]>([
    [
      "to a blocked wallet",
      () => issuer().setBlocked("usdc", ANN, true),
      "token-blocks-wallet",
      `The issuer of USDC has blocked the wallet 0x709979…dc79C8, so USDC cannot be returned to it. ${REPORT}`,
    ],
    [
      "from a blocked contract",
      () => issuer().setBlocked("usdt", SANDBOX_SALE, true),
      "token-blocks-sale",
      `The issuer of USDT has blocked the sale's contract, so USDT cannot be returned now. ${REPORT}`,
    ],
    [
      "while it is paused",
      () => issuer().setPaused("usdt", true),
      "token-paused",
      "The issuer of USDT has paused all transfers, so USDT cannot be returned now. Nothing was sent. Try again later.",
    ],
    [
      "for a reason that it keeps to itself",
      () => bench.refuseTransfers(USDT.address),
      "token-refuses",
      `USDT refuses to be returned to the wallet 0x3C44Cd…4293BC, without giving a reason. ${REPORT}`,
    ],
    ...([USDC, USDT] as const).map((token): [string, () => Promise<void>, string, string] => [
      `because the contract has no ${token.symbol} any more`,
      () => bench.emptyOf(token.address),
      "token-refuses",
      `The sale's contract does not hold enough ${token.symbol} to pay this back. ${REPORT}`,
    ]),
  ])("%s is named, with the wallet that it belongs to, by whichever wallet asks", async (_what, before, kind, says) => {
    await before();
    for (const wallet of [ANN, BEN])
      expect(await goBack(wallet, "cancel")).toMatchObject({ end: { kind, sentence: says }, sent: [] });
  });

  it("does not keep a blocked USDT wallet from getting its money: mainnet USDT only blocks senders", async () => {
    await issuer().setBlocked("usdt", BEN, true);
    expect(await goBack(BEN, "cancel")).toEqual({ end: "done", sent: ["send"] });
    expect(await balances()).toEqual([FUNDS, FUNDS]);
  });

  it("to one wallet still lets the others take theirs back, where the sale has reductions", async () => {
    await sale().setReduceCommitmentEnabled(true);
    await issuer().setBlocked("usdc", ANN, true);
    expect(await goBack(BEN, "cancel")).toMatchObject({
      end: { sentence: expect.stringMatching(/what other wallets paid: reduce the commitment instead\.$/) },
    });
    const rows = [
      { wallet: ANN, token: USDC.address, amount: 1n },
      { wallet: BEN, token: USDT.address, amount: 10_000_000n },
    ];
    const from = 135_500_000n;
    const both: ReturnOrder = {
      kind: "reduce",
      entityId: ENTITY,
      reduction: { rows, amount: 10_000_001n, from, total: from - 10_000_001n },
    };
    expect(await goBackBy(BEN, both)).toMatchObject({
      end: { sentence: expect.stringMatching(/Take back only what other wallets paid\.$/), action: "change" },
    });
    const own: ReturnOrder = {
      ...both,
      reduction: { rows: rows.slice(1), amount: 10_000_000n, from, total: 125_500_000n },
    };
    expect(await goBackBy(BEN, own)).toEqual({ end: "done", sent: ["send"] });
  });

  it("does not point to other wallets that have nothing left to take back", async () => {
    await sale().setReduceCommitmentEnabled(true);
    const rows = [{ wallet: BEN, token: USDT.address, amount: 10_000_000n }];
    const own = { rows, amount: 10_000_000n, from: 135_500_000n, total: 125_500_000n };
    expect(await goBackBy(BEN, { kind: "reduce", entityId: ENTITY, reduction: own })).toMatchObject({ end: "done" });
    await issuer().setBlocked("usdc", ANN, true);
    expect(await goBack(BEN, "cancel")).toMatchObject({
      end: { kind: "token-blocks-wallet", sentence: expect.stringContaining(REPORT) },
    });
  });

  it("is named for a claim too", async () => {
    await sale().setStage("Done");
    await sale().setClaimRefundEnabled(true);
    await issuer().setBlocked("usdc", ANN, true);
    expect(await goBack(BEN, "refund")).toMatchObject({
      end: { kind: "token-blocks-wallet", sentence: expect.stringContaining(REPORT) },
      sent: [],
    });
  });
});

describe("a wallet that was switched since the user read whose commitment it is about", () => {
  it.each(["cancel", "refund"] as const)("sends no %s for the entity that it belongs to itself", async (way) => {
    await bench.control.sale.setStage(way === "cancel" ? "Cancellation" : "Done");
    await bench.control.sale.setClaimRefundEnabled(true);
    expect(await goBack(BEN, way, OTHER_ENTITY)).toMatchObject({ end: { kind: "wallet-of-other-entity" }, sent: [] });
    expect(await readEntityBid(bench.context(ANN), ENTITY)).toMatchObject({ refunded: false });
  });
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
    expect(await goBack(ANN, "refund")).toEqual({ end: "done", sent: ["send"] });
    expect(await balances()).toEqual([FUNDS - 100_000_000n, FUNDS]);
    expect(await goBack(BEN, "refund")).toMatchObject({ end: { kind: "AlreadyRefunded" }, sent: [] });
  });

  it("is not sent where refunds are sent automatically", async () => {
    await settle();
    expect(await goBack(ANN, "refund")).toMatchObject({ end: { kind: "ClaimRefundDisabled" }, sent: [] });
  });
});
