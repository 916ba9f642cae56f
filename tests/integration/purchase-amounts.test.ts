import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFunctionData, erc20Abi, type Address } from "viem";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { saleAbi } from "@/lib/sale/abi";
import { commit } from "@/lib/wallet/transactions/commit";
import type { Effect } from "@/lib/wallet/transactions/effect";
import { readBalance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { getBack, type ReturnOrder } from "@/lib/wallet/transactions/returns";
import { waitForRequest } from "@/lib/wallet/transactions/wait-for-request";
import { readProspect } from "@/lib/wallet/transactions/watch-effect";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { send } from "@/sandbox/chain/node-client";
import {
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
const SEND = "eth_sendTransaction";
const CAP = 1_000_000_000n;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

const bidNow = async () => (await readEntityBid(bench.context(ANN), ENTITY)).bid;

/** A wallet that asks its user, who confirms once `meanwhile` has happened. */
function askedWhile(meanwhile: () => Promise<unknown>): WalletManners {
  return ({ method, params }) => (method === SEND ? meanwhile().then(() => bench.ask(SEND, params)) : undefined);
}

/** Another wallet of the entity commits from its own page. */
async function bensCommitment(increment: bigint, token = USDC): Promise<void> {
  await commit(bench.context(BEN), bench.order(BEN, { token, increment, shown: await bidNow() }), reports());
}

/** Another device takes a part of Ann's commitment back. */
async function annsReduction(amount: bigint): Promise<void> {
  const args = [[{ wallet: ANN, token: USDC.address, amount }]] as const;
  const data = encodeFunctionData({ abi: saleAbi, functionName: "reduceCommitment", args });
  await send(bench.node, { from: ANN, to: SANDBOX_SALE, data });
}

async function openReturns(): Promise<void> {
  await bench.control.sale.setReduceCommitmentEnabled(true);
  await bench.control.sale.setStage("Cancellation");
}

const annsReturn = (amount: bigint) => [{ wallet: ANN, token: USDC.address, amount }];

/** Waits for an effect as of a wallet that names no transaction. */
async function noticed(effect: Effect, carryOut: () => Promise<unknown>) {
  const context = bench.context(ANN);
  const { before } = await readProspect(context, effect);
  const outcome = waitForRequest(context, { account: ANN, to: context.contract, effect, ...(before && { before }) });
  await carryOut();
  return outcome;
}

/**
 * The operator takes 50 USDC of Ann's commitment down while her wallet asks for the next one, and she has allowed the sale more on another
 * device by then. This site itself never leaves an allowance that could pay for that.
 */
async function takenDownMeanwhile(increment: bigint) {
  await bench.approve(ANN, USDC.address, increment);
  const takeDown = async () => {
    await bench.control.sale.forceReduceCommitment(annsReturn(50_000_000n));
    await bench.approve(ANN, USDC.address, CAP);
  };
  const order = bench.order(ANN, { increment, shown: await bidNow() });
  return commit(bench.context(ANN, askedWhile(takeDown)), order, reports());
}

describe("what a commitment has taken is what the chain tells", () => {
  it("where another wallet of the entity commits while this one is asked", async () => {
    await bench.approve(ANN, USDC.address, CAP);
    const context = bench.context(
      ANN,
      askedWhile(() => bensCommitment(100_000_000n)),
    );
    const before = await readBalance(context.publicClient, USDC.address, ANN);
    const { done } = await commit(context, bench.order(ANN), reports());
    expect(done).toEqual({ token: USDC.address, increment: 25_500_000n, total: 125_500_000n, bidPrice: 0n });
    expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(before - 25_500_000n);
  });

  it("where the operator takes a part down while the wallet is asked", async () => {
    await commit(bench.context(ANN), bench.order(ANN, { increment: 100_000_000n }), reports());
    const { done } = await takenDownMeanwhile(25_500_000n);
    expect(done).toMatchObject({ increment: 75_500_000n, total: 125_500_000n });
  });

  it("of a request that only its effect shows", async () => {
    const asked = { increment: 125_500_000n, total: 125_500_000n };
    const effect: Effect = { of: "commitment", wallet: ANN, entityId: ENTITY, token: USDC.address, ...asked };
    await bench.approve(ANN, USDC.address, CAP);
    const outcome = await noticed(effect, () => {
      const context = bench.context(
        ANN,
        askedWhile(() => bensCommitment(100_000_000n)),
      );
      return commit(context, bench.order(ANN), reports());
    });
    expect(outcome).toMatchObject({ status: "noticed", done: { increment: 25_500_000n, total: 125_500_000n } });
  });
});

describe("what came back is what the chain tells", () => {
  beforeEach(async () => {
    await commit(bench.context(ANN), bench.order(ANN), reports());
    await openReturns();
  });
  const cancellation: ReturnOrder = { kind: "cancel", entityId: ENTITY, returns: annsReturn(125_500_000n) };
  const half = { rows: annsReturn(50_000_000n), amount: 50_000_000n, from: 125_500_000n, total: 75_500_000n };

  it("by a cancellation, where another device reduces while the wallet is asked", async () => {
    const context = bench.context(
      ANN,
      askedWhile(() => annsReduction(100_000_000n)),
    );
    const { done } = await getBack(context, cancellation, reports());
    expect(done).toEqual({ token: USDC.address, takenBack: 25_500_000n });
  });

  it("by a reduction, with the total that it leaves", async () => {
    const context = bench.context(
      ANN,
      askedWhile(() => annsReduction(20_000_000n)),
    );
    const { done } = await getBack(context, { kind: "reduce", entityId: ENTITY, reduction: half }, reports());
    const after = { total: 55_500_000n, returned: 70_000_000n };
    expect(done).toEqual({ token: USDC.address, takenBack: 50_000_000n, ...after });
  });

  it("by a refund, in each of its tokens", async () => {
    await bench.control.sale.setStage("Commitment");
    await bensCommitment(10_000_000n, USDT);
    await bench.control.sale.setStage("Settlement");
    await bench.control.sale.finalizeSettlement(0n);
    await bench.control.sale.setClaimRefundEnabled(true);
    const effect: Effect = { of: "refund", wallet: ANN, entityId: ENTITY };
    const claim = vi.fn(() => getBack(bench.context(ANN), { kind: "refund", entityId: ENTITY }, reports()));
    const outcome = await noticed(effect, claim);
    const paid = { token: undefined, takenBack: 135_500_000n };
    expect(outcome).toMatchObject({ status: "noticed", done: paid });
    expect(await claim.mock.results[0]?.value).toMatchObject({ done: paid });
  });

  it("by requests that only their effects show", async () => {
    const own = { wallet: ANN, entityId: ENTITY };
    const reduces: Effect = { of: "reduction", ...own, amount: half.amount, total: half.total };
    const reduced = await noticed(reduces, () => annsReduction(half.amount));
    expect(reduced).toMatchObject({ done: { takenBack: half.amount, total: half.total, returned: half.amount } });
    const cancelled = await noticed({ of: "cancel", ...own }, () =>
      getBack(bench.context(ANN), { kind: "cancel", entityId: ENTITY }, reports()),
    );
    expect(cancelled).toMatchObject({ done: { token: USDC.address, takenBack: half.total } });
  });
});

it("a commitment that only its effect shows has taken what it had to, where the operator took a part down before it", async () => {
  await commit(bench.context(ANN), bench.order(ANN, { increment: 100_000_000n }), reports());
  const asked = { increment: 25_500_000n, total: 125_500_000n };
  const effect: Effect = { of: "commitment", wallet: ANN, entityId: ENTITY, token: USDC.address, ...asked };
  const outcome = await noticed(effect, () => takenDownMeanwhile(asked.increment));
  expect(outcome).toMatchObject({ status: "noticed", done: { increment: 75_500_000n, total: 125_500_000n } });
});

it("a cancellation that only its effect shows has paid back what others had left", async () => {
  await commit(bench.context(ANN), bench.order(ANN), reports());
  await openReturns();
  const cancelled = await noticed({ of: "cancel", wallet: ANN, entityId: ENTITY }, async () => {
    await annsReduction(100_000_000n);
    await getBack(bench.context(ANN), { kind: "cancel", entityId: ENTITY }, reports());
  });
  expect(cancelled).toMatchObject({ done: { token: USDC.address, takenBack: 25_500_000n } });
});

describe("a return that would not pay what the page shows is not sent", () => {
  beforeEach(() => commit(bench.context(ANN), bench.order(ANN), reports()));

  it("a cancellation after another device's reduction", async () => {
    await openReturns();
    await annsReduction(100_000_000n);
    const asked = vi.fn();
    const context = bench.context(ANN, ({ method }) => (method === SEND ? asked() : undefined));
    const stale: ReturnOrder = { kind: "cancel", entityId: ENTITY, returns: annsReturn(125_500_000n) };
    await expect(getBack(context, stale, reports())).rejects.toMatchObject({ reason: { kind: "commitment-changed" } });
    expect(asked).not.toHaveBeenCalled();
    const current: ReturnOrder = { ...stale, returns: annsReturn(25_500_000n) };
    await expect(getBack(bench.context(ANN), current, reports())).resolves.toMatchObject({
      done: { takenBack: 25_500_000n },
    });
  });

  it("a refund after the operator has accepted more", async () => {
    const accepted = { saleSpecificEntityID: ENTITY, wallet: ANN, token: USDC.address, acceptedAmount: 100_000_000n };
    await bench.control.sale.setStage("Settlement");
    await bench.control.sale.setAllocations([accepted]);
    await bench.control.sale.finalizeSettlement(100_000_000n);
    await bench.control.sale.setClaimRefundEnabled(true);
    const stale: ReturnOrder = { kind: "refund", entityId: ENTITY, returns: annsReturn(125_500_000n) };
    await expect(getBack(bench.context(ANN), stale, reports())).rejects.toMatchObject({
      reason: { kind: "commitment-changed" },
    });
    const current: ReturnOrder = { ...stale, returns: annsReturn(25_500_000n) };
    await expect(getBack(bench.context(ANN), current, reports())).resolves.toMatchObject({
      done: { takenBack: 25_500_000n },
    });
  });
});

it("a commitment that its owners carried out while the page was closed is noticed, whatever others have taken back since", async () => {
  await bensCommitment(200_000_000n);
  const shown = await bidNow();
  const asked = { increment: 100_000_000n, total: 300_000_000n };
  const { status } = await noticed(
    { of: "commitment", wallet: ANN, entityId: ENTITY, token: USDC.address, ...asked },
    async () => {
      await commit(bench.context(ANN), bench.order(ANN, { increment: asked.increment, shown }), reports());
      await bench.control.sale.forceReduceCommitment([{ wallet: BEN, token: USDC.address, amount: 50_000_000n }]);
      await bench.control.sale.forceReduceCommitment(annsReturn(30_000_000n));
    },
  );
  expect(status).toBe("noticed");
});

it("an approval without a limit, given elsewhere while the wallet is asked to sign, pays for nothing: the exact amount is approved first", async () => {
  await bensCommitment(1_000_000_000n);
  const raise = async () => bench.approve(ANN, USDC.address, 2n ** 256n - 1n);
  const takeDown = [{ wallet: BEN, token: USDC.address, amount: 999_000_000n }];
  let asked = 0;
  const context = bench.context(ANN, ({ method, params }) => {
    if (method === "eth_signTypedData_v4") return raise().then(() => bench.ask(method, params));
    if (method !== SEND) return undefined;
    asked += 1;
    // The bid itself is asked for last.
    return asked === 1
      ? undefined
      : bench.control.sale.forceReduceCommitment(takeDown).then(() => bench.ask(SEND, params));
  });
  const before = await readBalance(context.publicClient, USDC.address, ANN);
  const flow = reports();
  const order = bench.order(ANN, { increment: 100_000_000n, shown: await bidNow() });
  await expect(commit(context, order, flow)).rejects.toMatchObject({
    reason: { kind: "commitment-changed", sentence: expect.stringMatching(/^The chain rejected your transaction/) },
  });
  expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(before);
});

describe("what an approval allows is what the chain tells", () => {
  const wallets: [string, bigint][] = [
    ["a lower cap that the user set in the wallet", 50_000_000n],
    ["an unlimited one", 2n ** 256n - 1n],
  ];
  const effect: Effect = { of: "allowance", wallet: ANN, token: USDT.address };
  const approval = (owner: Address, cap: bigint) => ({
    from: owner,
    to: USDT.address,
    data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, cap] }),
  });

  it.each(wallets)("%s", async (_what, approved) => {
    const context = bench.context(ANN);
    const { before } = await readProspect(context, effect);
    const hash = await bench.ask(SEND, [approval(ANN, approved)]);
    const asked = { account: ANN, to: USDT.address, effect, before };
    const named = await waitForRequest(context, { ...asked, hash: String(hash) as `0x${string}` });
    expect(named).toMatchObject({ done: { token: USDT.address, approved } });
    expect(await waitForRequest(context, asked)).toMatchObject({ status: "noticed", done: { approved } });
  });
});
