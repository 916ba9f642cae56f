import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { numberToHex, padHex, type Hex } from "viem";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { processGlobal } from "@/lib/http/process-global";
import { shortenAddress } from "@/lib/sale/hex";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { openSale } from "@/tests/conformance/support/open-sale";
import { ALICE, ENTITY, OTHER_ENTITY } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";
import { commit, mine, readActivityOf, told, untilRefunded, type ActivityRead } from "@/tests/support/activity";
import { callBothUsdc } from "@/tests/support/purchase/one-symbol";
import { startRpcGate, type RpcGate } from "@/tests/support/purchase/rpc-gate";

let chain: RunningChain;
let gate: RpcGate;
let control: ChainControl;
let bench: SaleBench;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  gate = await startRpcGate(chain.rpcUrl);
  control = chainControl(chain.rpcUrl);
});
afterAll(() => gate.close().then(() => chain.close()));
beforeEach(async () => {
  await control.reset();
  gate.limitLogs(1_000);
  gate.cutLogs(undefined);
  gate.forgetLogs(undefined);
  gate.finalizeAtOnce(false);
  bench = await openSale(chain.rpcUrl, SANDBOX_SALE);
});

const activityOf = (entityIDs: readonly Hex[], more: Partial<ActivityRead> = {}) =>
  readActivityOf(entityIDs, { rpcUrls: [gate.rpcUrl], ...more });

describe("an entity's activity", () => {
  it("is every change of its money, read in pages of at most 1,000 blocks, and nobody else's", async () => {
    await commit(bench);
    await mine(bench, 1_100);
    await untilRefunded(bench, control);
    await control.sale.processRefunds([OTHER_ENTITY]);

    gate.requests.length = 0;
    const activity = await activityOf([ENTITY]);
    expect(told(activity)).toEqual([
      "refund-claimed Anna 7500000 USDT",
      "refund-claimed Alice 60000000 USDC",
      "allocation Anna 7500000 USDT",
      "allocation Alice 60000000 USDC",
      "reduction Anna 5000000 USDT",
      "take-down Alice 10000000 USDC",
      "bid-change Alice 0 USDC",
      "addition Anna 20000000 USDT",
      "addition Alice 30000000 USDC",
      "commitment Alice 100000000 USDC",
    ]);
    expect(activity.missing).toBe("none");
    const pages = gate.requests.filter((body) => body.includes("eth_getLogs"));
    expect(pages.length).toBeGreaterThan(1);
    expect(told(await activityOf([OTHER_ENTITY]))).toEqual([
      "refund-sent Bob 35000000 USDC",
      "allocation Bob 35000000 USDC",
      "commitment Bob 70000000 USDC",
    ]);
  });

  it("tells time, block, transaction, price and lockup of each", async () => {
    const first = await bench.accepted(bench.bid({ amount: 100_000_000n }));
    await control.moveClock(86_400);
    const second = await bench.accepted(bench.bid({ amount: 120_000_000n, price: 7, lockup: true }));
    const { entries } = await activityOf([ENTITY]);
    const blocks = await Promise.all([second, first].map(({ blockHash }) => bench.node.getBlock({ blockHash })));
    expect(entries).toMatchObject([
      { transaction: second.transactionHash, bid: { price: 7n, lockup: true, total: 120_000_000n } },
      { transaction: first.transactionHash, bid: { price: 0n, lockup: false, total: 100_000_000n } },
    ]);
    expect(entries.map(({ at, block }) => [at, block])).toEqual(
      blocks.map(({ timestamp, number }) => [Number(timestamp) * 1_000, Number(number)]),
    );
  });

  it("has the time of every entry, also where the process knows as many blocks as it keeps", async () => {
    const mined = [];
    for (const amount of [100_000_000n, 130_000_000n]) {
      mined.push(await bench.accepted(bench.bid({ amount })));
      await mine(bench, 3);
    }
    const times = processGlobal("activity-times", () => new Map<string, number>());
    times.clear();
    await activityOf([ENTITY]);
    for (let at = 0; times.size < 20_000; at += 1) times.set(padHex(numberToHex(at), { size: 32 }), 1);
    mined.push(await bench.accepted(bench.bid({ amount: 150_000_000n })));
    const blocks = await Promise.all(mined.map(({ blockHash }) => bench.node.getBlock({ blockHash })));
    const expected = blocks.map(({ timestamp }) => Number(timestamp) * 1_000).toReversed();
    for (const _reading of ["first", "second"])
      expect((await activityOf([ENTITY])).entries.map(({ at }) => at)).toEqual(expected);
    expect(times.size).toBeLessThanOrEqual(20_000);
  });

  it("names a cancellation as such, for each wallet and token that it pays back", async () => {
    await commit(bench);
    await control.sale.setStage("Cancellation");
    await bench.accepted(bench.call(ALICE.address, { functionName: "cancelBid" }));
    expect(told(await activityOf([ENTITY])).slice(0, 2)).toEqual([
      "cancellation Anna 20000000 USDT",
      "cancellation Alice 130000000 USDC",
    ]);
  });

  it("names a token with its address where another one of the sale has its symbol, whichever was paid with", async () => {
    const known = processGlobal("payment-tokens", () => new Map<string, unknown>());
    await callBothUsdc(bench.node);
    known.clear();
    await bench.accepted(bench.bid({ amount: 100_000_000n }));
    const [entry] = (await activityOf([ENTITY])).entries;
    known.clear();
    expect(entry?.token?.symbol).toBe(`USDC (${shortenAddress(bench.first)})`);
  });

  it("of an entity that is not in the sale is empty, and no logs are asked for", async () => {
    await commit(bench);
    gate.requests.length = 0;
    expect(await activityOf(["0x00000000000000000000000000000001"])).toMatchObject({ entries: [], missing: "none" });
    expect(gate.requests.filter((body) => body.includes("eth_getLogs"))).toEqual([]);
  });

  it("contains a transaction once its block is asked for", async () => {
    await commit(bench);
    const present = Number(await bench.node.getBlockNumber());
    const later = activityOf([ENTITY], { atBlock: present + 1 });
    await bench.accepted(bench.bid({ amount: 155_000_000n, price: 3, lockup: true }));
    expect(told(await later)[0]).toBe("addition Alice 5000000 USDC");
  });

  it("waits for no block that cannot come in time", async () => {
    await commit(bench);
    const blocksAsked = async (atBlock: number) => {
      gate.requests.length = 0;
      expect(told(await activityOf([ENTITY], { atBlock }))).not.toEqual([]);
      return gate.requests.filter((body) => body.includes('["latest"')).length;
    };
    const present = Number(await bench.node.getBlockNumber());
    expect(await blocksAsked(Number.MAX_SAFE_INTEGER)).toBe(await blocksAsked(present));
  });

  it("of an entity that is not in the sale is as old as the chain, whatever block is asked for", async () => {
    const present = Number(await bench.node.getBlockNumber());
    const { block } = await activityOf([OTHER_ENTITY], { atBlock: Number.MAX_SAFE_INTEGER });
    expect(block).toBeLessThanOrEqual(present);
  });
});

describe("blocks that were read", () => {
  it("are not read again once they are final; newer ones are", async () => {
    await commit(bench);
    await mine(bench, 150);
    const before = told(await activityOf([ENTITY]));
    gate.requests.length = 0;
    await bench.accepted(bench.bid({ amount: 160_000_000n, price: 3, lockup: true }));
    expect(told(await activityOf([ENTITY]))).toEqual(["addition Alice 10000000 USDC", ...before]);
    expect(gate.requests.filter((body) => body.includes("eth_getLogs"))).toHaveLength(1);
  });

  it("leave no ghost if they are replaced, nor if the chain begins anew", async () => {
    const snapshot = await bench.node.request({ method: "evm_snapshot" });
    await commit(bench);
    expect((await activityOf([ENTITY])).entries).toHaveLength(4);
    await bench.node.request({ method: "evm_revert", params: [snapshot] });
    await bench.accepted(bench.bid({ amount: 42_000_000n }));
    expect(told(await activityOf([ENTITY]))).toEqual(["commitment Alice 42000000 USDC"]);

    await mine(bench, 150);
    expect((await activityOf([ENTITY])).entries).toHaveLength(1);
    await control.reset();
    bench = await openSale(chain.rpcUrl, SANDBOX_SALE);
    await bench.accepted(bench.bid({ amount: 43_000_000n }));
    await mine(bench, 200);
    expect(told(await activityOf([ENTITY]))).toEqual(["commitment Alice 43000000 USDC"]);
  });

  it("begin at SALE_FROM_BLOCK, and what is before it is said to be unread", async () => {
    await bench.accepted(bench.bid({ amount: 100_000_000n }));
    await mine(bench, 10);
    const fromBlock = Number(await bench.node.getBlockNumber());
    await bench.accepted(bench.bid({ amount: 110_000_000n }));
    const activity = await activityOf([ENTITY], { fromBlock });
    expect(told(activity)).toEqual(["addition Alice 10000000 USDC"]);
    expect(activity.missing).toBe("unread");
  });
});
