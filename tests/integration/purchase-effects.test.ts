import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFunctionData, padHex, type Address, type Hex } from "viem";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { saleAbi } from "@/lib/sale/abi";
import { commit } from "@/lib/wallet/transactions/commit";
import type { Effect } from "@/lib/wallet/transactions/effect";
import { readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { getBack } from "@/lib/wallet/transactions/returns";
import { waitForRequest } from "@/lib/wallet/transactions/wait-for-request";
import { readProspect } from "@/lib/wallet/transactions/watch-effect";
import { delegate } from "@/tests/support/purchase/bundles";
import {
  commitByTwo,
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x", CAROL = "0x"] = FUNDED_WALLETS;
const PART = 50_000_000n;
const WHOLE = 4n * PART;
const SEND = "eth_sendTransaction";
const PATIENT = { timeout: 20_000 };

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

function reduction(wallet: Address, from: bigint, amount = PART) {
  const rows = [{ wallet, token: USDC.address, amount }];
  return { kind: "reduce", entityId: ENTITY, reduction: { rows, amount, from, total: from - amount } } as const;
}

const committedByTwo = () => commitByTwo(bench, [ANN, BEN], WHOLE / 2n);

/** Watches an effect without a hash, from now on, as for a wallet that answers with nothing. */
async function watch(effect: Effect, context = bench.context(ANN)) {
  const { before } = await readProspect(context, effect);
  const controller = new AbortController();
  const settled = vi.fn();
  const asked = { account: ANN, to: context.contract, effect, ...(before && { before }) };
  const outcome = waitForRequest(context, asked, { signal: controller.signal }).finally(settled);
  const reads = () => bench.requests.filter((body) => body.includes("eth_call")).length;
  /** The chain has been read several times since, and the wait goes on. */
  const goesOn = async () => {
    const start = reads();
    await vi.waitFor(() => expect(reads()).toBeGreaterThan(start + 3), PATIENT);
    expect(settled).not.toHaveBeenCalled();
  };
  return { outcome, goesOn, stop: () => controller.abort() };
}

describe("what others change meanwhile is not what was asked for", () => {
  const own = { wallet: ANN, entityId: ENTITY };
  const reduces: Effect = { of: "reduction", ...own, amount: PART, total: WHOLE - PART };

  it("a reduction by another wallet, of another amount", async () => {
    await committedByTwo();
    const { outcome, goesOn, stop } = await watch(reduces);
    await getBack(bench.context(BEN), reduction(BEN, WHOLE, 2n * PART), reports());
    await goesOn();
    stop();
    expect(await outcome).toEqual({ status: "aborted" });
  });

  it("a reduction by the operator, where a cancellation was proposed", async () => {
    await committedByTwo();
    const { outcome, goesOn } = await watch({ of: "cancel", ...own });
    await bench.control.sale.forceReduceCommitment([{ wallet: BEN, token: USDC.address, amount: PART }]);
    await goesOn();
    await getBack(bench.context(ANN), { kind: "cancel", entityId: ENTITY }, reports());
    expect(await outcome).toMatchObject({ status: "noticed" });
  });

  it("a settlement that accepts everything, where a cancellation was proposed", async () => {
    await committedByTwo();
    const { outcome, goesOn, stop } = await watch({ of: "cancel", ...own });
    await bench.control.sale.setStage("Settlement");
    const accepted = { saleSpecificEntityID: ENTITY, token: USDC.address, acceptedAmount: WHOLE / 2n };
    await bench.control.sale.setAllocations([ANN, BEN].map((wallet) => ({ wallet, ...accepted })));
    expect(await readEntityBid(bench.context(ANN), ENTITY)).toMatchObject({ refundable: 0n });
    await goesOn();
    stop();
    expect(await outcome).toEqual({ status: "aborted" });
  });

  it("a larger commitment, where only the terms should change", async () => {
    await commit(bench.context(ANN), bench.order(ANN), reports());
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const { outcome, goesOn } = await watch({ of: "terms", ...own, price: shown.price, lockup: true });
    await commit(bench.context(BEN), bench.order(BEN, { shown }), reports());
    await goesOn();
    const now = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const changed = { ...bench.order(BEN, { shown: now, increment: 0n, wantsLockup: true }) };
    await commit(bench.context(BEN), { ...changed, expected: { ...now, lockup: true } }, reports());
    expect(await outcome).toMatchObject({ status: "noticed" });
  });

  it("a commitment of another amount, as of a multisig's owner who has proposed one too", async () => {
    const asked = { increment: 2n * PART, total: 2n * PART };
    const { outcome, goesOn } = await watch({ of: "commitment", ...own, token: USDC.address, ...asked });
    await commit(bench.context(ANN), bench.order(ANN, { increment: PART }), reports());
    await goesOn();
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    await commit(bench.context(ANN), bench.order(ANN, { shown, increment: PART }), reports());
    expect(await outcome).toMatchObject({ status: "noticed" });
  });

  it("but the asked reduction is found by its events where another wallet has reduced too, and the total is never the asked one", async () => {
    await committedByTwo();
    const { outcome, goesOn } = await watch(reduces);
    await getBack(bench.context(BEN), reduction(BEN, WHOLE, PART / 2n), reports());
    await getBack(bench.context(BEN), reduction(BEN, WHOLE - PART / 2n), reports());
    await goesOn();
    bench.brokenMethod = "eth_getLogs";
    const { hash } = await getBack(bench.context(ANN), reduction(ANN, WHOLE - (3n * PART) / 2n), reports());
    await goesOn();
    bench.brokenMethod = undefined;
    expect(await outcome).toMatchObject({ status: "confirmed", receipt: { transactionHash: hash } });
  });

  it("but the asked reduction is found once the node that tells events has caught up, though it left some out without an error", async () => {
    await committedByTwo();
    const context = bench.context(ANN);
    let known: bigint | undefined;
    const getLogs = vi.fn(async (filter) => {
      const logs = await context.publicClient.getLogs(filter);
      return logs.filter(({ blockNumber }) => known === undefined || blockNumber <= known);
    }) as unknown as typeof context.publicClient.getLogs;
    const publicClient = { ...context.publicClient, getLogs };
    const { outcome, goesOn } = await watch(reduces, { ...context, publicClient });
    const { block } = await getBack(bench.context(BEN), reduction(BEN, WHOLE, PART / 2n), reports());
    known = BigInt(block);
    const { hash } = await getBack(bench.context(ANN), reduction(ANN, WHOLE - PART / 2n), reports());
    await vi.waitFor(() => expect(getLogs).toHaveBeenCalled(), PATIENT);
    await goesOn();
    known = undefined;
    expect(await outcome).toMatchObject({ status: "confirmed", receipt: { transactionHash: hash } });
  });

  it("but the asked reduction itself is noticed, and only in a block after the state that was read", async () => {
    await committedByTwo();
    const { outcome } = await watch(reduces);
    const { block } = await getBack(bench.context(ANN), reduction(ANN, WHOLE), reports());
    const found = await outcome;
    // Its events are looked for beside its effect, and either may be seen first.
    const at = found.status === "confirmed" ? found.receipt.blockNumber : "block" in found ? found.block : undefined;
    expect(at).toBe(block);
  });
});

it("the state before is the one of its block, though later blocks have come while it was read", async () => {
  const context = bench.context(ANN);
  const earlier = await context.publicClient.getBlockNumber();
  await commit(context, bench.order(ANN), reports());
  const publicClient = { ...context.publicClient, getBlockNumber: () => Promise.resolve(earlier) };
  const effect = {
    of: "commitment",
    wallet: ANN,
    entityId: ENTITY,
    token: USDC.address,
    increment: 1n,
    total: 1n,
  } as const;
  const { before } = await readProspect({ ...context, publicClient }, effect);
  expect(before).toEqual({ block: `${earlier}`, value: "0" });
});

it("a reduction is not asked for where the commitment cannot be read, so that it could not be remembered", async () => {
  await committedByTwo();
  const asked: string[] = [];
  const context = bench.context(ANN, ({ method }) => (asked.push(method), undefined));
  const flow = reports(() => void (bench.brokenMethod = "eth_blockNumber"));
  const end = getBack(context, reduction(ANN, WHOLE), flow);
  await expect(end).rejects.toMatchObject({
    reason: { kind: "network", sentence: expect.stringContaining("Nothing was sent.") },
  });
  expect(asked).not.toContain(SEND);
});

describe("an account whose operations others send in bundles (EIP-7702)", () => {
  beforeEach(() => delegate(bench, ANN));

  /** Sends an operation of Ann's in a transaction of Carol's. */
  const bundle = async (operation: { to: Address; data: Hex }): Promise<unknown> => {
    const data = `${padHex(operation.to)}${operation.data.slice(2)}`;
    return bench.ask(SEND, [{ from: CAROL, to: ANN, data, gas: "0x200000" }]);
  };
  const operationOf = (params: unknown) => (params as [{ to: Address; data: Hex }])[0];

  it("has committed where the bundle's events say so, though the state before could not be read", async () => {
    await bench.approve(ANN, USDC.address, WHOLE);
    const bundling: WalletManners = ({ method, params }) => (method === SEND ? bundle(operationOf(params)) : undefined);
    const context = bench.context(ANN, bundling);
    const flow = reports(() => void (bench.brokenMethod = "eth_blockNumber"));
    const end = commit(context, bench.order(ANN, { increment: PART }), flow);
    await vi.waitFor(() => expect(flow.sent()).toEqual(["send"]), PATIENT);
    bench.brokenMethod = undefined;
    await expect(end).resolves.toMatchObject({ hash: expect.any(String) });
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(PART);
  });

  it("has committed nothing where the operation in the bundle failed", async () => {
    await bench.approve(ANN, USDC.address, WHOLE);
    const failing = {
      to: bench.context(ANN).contract,
      data: encodeFunctionData({ abi: saleAbi, functionName: "cancelBid" }),
    };
    const context = bench.context(ANN, ({ method }) => (method === SEND ? bundle(failing) : undefined));
    const end = commit(context, bench.order(ANN, { increment: PART }), reports());
    await expect(end).rejects.toMatchObject({ reason: { kind: "without-effect" } });
  });

  it("is waited for where the bundler failed with its own transaction, and sends the operation in another one", async () => {
    await bench.approve(ANN, USDC.address, WHOLE);
    let operation: ReturnType<typeof operationOf> | undefined;
    const context = bench.context(ANN, ({ method, params }) => {
      if (method !== SEND) return undefined;
      operation = operationOf(params);
      // It runs out of gas, so the transaction as a whole fails.
      return bench.ask(SEND, [{ from: CAROL, to: bench.context(ANN).contract, data: "0x12345678", gas: "0x8000" }]);
    });
    const settled = vi.fn();
    const onSlow = vi.fn();
    const end = commit(context, bench.order(ANN, { increment: PART }), { ...reports(), onSlow, slowAfterMs: 100 });
    end.catch(() => undefined).finally(settled);
    await vi.waitFor(() => expect(onSlow).toHaveBeenCalled(), PATIENT);
    expect(settled, "somebody else's failure is not the user's").not.toHaveBeenCalled();
    if (operation) await bundle(operation);
    await expect(end).resolves.toMatchObject({ block: expect.any(BigInt) });
    await expect(end).resolves.not.toHaveProperty("hash");
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(PART);
  });

  it("can be given up while its effect cannot be read", async () => {
    await bench.approve(ANN, USDC.address, WHOLE);
    const context = bench.context(ANN, ({ method }) => {
      if (method !== SEND) return undefined;
      bench.brokenMethod = "eth_blockNumber";
      return bench.ask(SEND, [{ from: CAROL, to: CAROL }]);
    });
    const onSlow = vi.fn();
    const controller = new AbortController();
    const options = { ...reports(), onSlow, slowAfterMs: 100, signal: controller.signal };
    const end = commit(context, bench.order(ANN, { increment: PART }), options);
    await vi.waitFor(() => expect(onSlow).toHaveBeenCalled(), PATIENT);
    controller.abort();
    await expect(end).rejects.toMatchObject({ reason: { kind: "still-pending" } });
  });
});
