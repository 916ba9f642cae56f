import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { numberToHex, padHex, type Hex } from "viem";
import type { Activity } from "@/lib/chain/read-activity";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { processGlobal } from "@/lib/http/process-global";
import { shortenAddress } from "@/lib/sale/hex";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { settle, shareOf } from "@/sandbox/chain/sale-control";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { openSale } from "@/tests/conformance/support/open-sale";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";
import { readActivityOf, type ActivityRead } from "@/tests/support/activity";
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

function told({ entries }: Activity): string[] {
  return entries.map(({ kind, wallet, amount, token }) => {
    const name = { [ALICE.address]: "Alice", [ANNA.address]: "Anna", [BOB.address]: "Bob" }[wallet] ?? wallet;
    return `${kind} ${name} ${amount} ${token?.symbol}`;
  });
}

async function mine(blocks: number): Promise<void> {
  await bench.node.request({ method: "anvil_mine", params: [numberToHex(blocks)] } as never);
}

/** The commitments of two entities: Alice's and Anna's, with an addition, and Bob's. */
async function commit(): Promise<void> {
  await bench.accepted(bench.bid({ amount: 100_000_000n }));
  await bench.accepted(bench.bid({ amount: 130_000_000n, price: 2 }));
  await bench.accepted(bench.bid({ by: ANNA.address, token: bench.second, amount: 150_000_000n, price: 2 }));
  await bench.accepted(bench.bid({ amount: 150_000_000n, price: 3, lockup: true }));
  await bench.accepted(bench.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 70_000_000n }));
}

/** Everything that can happen to the commitments. */
async function untilRefunded(): Promise<void> {
  await control.sale.forceReduceCommitment([{ wallet: ALICE.address, token: bench.first, amount: 10_000_000n }]);
  await control.sale.setStage("Cancellation");
  await control.sale.setReduceCommitmentEnabled(true);
  const back = [{ wallet: ANNA.address, token: bench.second, amount: 5_000_000n }];
  await bench.accepted(bench.call(ALICE.address, { functionName: "reduceCommitment", args: [back] }));
  await settle(control.sale, shareOf(await control.reader.entityStates(), 50));
  await control.sale.setClaimRefundEnabled(true);
  await bench.accepted(bench.call(ALICE.address, { functionName: "claimRefund" }));
}

describe("an entity's activity", () => {
  it("is every change of its money, read in pages of at most 1,000 blocks, and nobody else's", async () => {
    await commit();
    await mine(1_100);
    await untilRefunded();
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
      await mine(3);
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
    await commit();
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
    await commit();
    gate.requests.length = 0;
    expect(await activityOf(["0x00000000000000000000000000000001"])).toMatchObject({ entries: [], missing: "none" });
    expect(gate.requests.filter((body) => body.includes("eth_getLogs"))).toEqual([]);
  });

  it("contains a transaction once its block is asked for", async () => {
    await commit();
    const present = Number(await bench.node.getBlockNumber());
    const later = activityOf([ENTITY], { atBlock: present + 1 });
    await bench.accepted(bench.bid({ amount: 155_000_000n, price: 3, lockup: true }));
    expect(told(await later)[0]).toBe("addition Alice 5000000 USDC");
  });

  it("waits for no block that cannot come in time", async () => {
    await commit();
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
    await commit();
    await mine(150);
    const before = told(await activityOf([ENTITY]));
    gate.requests.length = 0;
    await bench.accepted(bench.bid({ amount: 160_000_000n, price: 3, lockup: true }));
    expect(told(await activityOf([ENTITY]))).toEqual(["addition Alice 10000000 USDC", ...before]);
    expect(gate.requests.filter((body) => body.includes("eth_getLogs"))).toHaveLength(1);
  });

  it("leave no ghost if they are replaced, nor if the chain begins anew", async () => {
    const snapshot = await bench.node.request({ method: "evm_snapshot" });
    await commit();
    expect((await activityOf([ENTITY])).entries).toHaveLength(4);
    await bench.node.request({ method: "evm_revert", params: [snapshot] });
    await bench.accepted(bench.bid({ amount: 42_000_000n }));
    expect(told(await activityOf([ENTITY]))).toEqual(["commitment Alice 42000000 USDC"]);

    await mine(150);
    expect((await activityOf([ENTITY])).entries).toHaveLength(1);
    await control.reset();
    bench = await openSale(chain.rpcUrl, SANDBOX_SALE);
    await bench.accepted(bench.bid({ amount: 43_000_000n }));
    await mine(200);
    expect(told(await activityOf([ENTITY]))).toEqual(["commitment Alice 43000000 USDC"]);
  });

  it("begin at SALE_FROM_BLOCK, and what is before it is said to be unread", async () => {
    await bench.accepted(bench.bid({ amount: 100_000_000n }));
    await mine(10);
    const fromBlock = Number(await bench.node.getBlockNumber());
    await bench.accepted(bench.bid({ amount: 110_000_000n }));
    const activity = await activityOf([ENTITY], { fromBlock });
    expect(told(activity)).toEqual(["addition Alice 10000000 USDC"]);
    expect(activity.missing).toBe("unread");
  });
});

it("where the newest block is old, newer entries may be missing, also of an entity without any", async () => {
  await commit();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  const all = await Promise.all([activityOf([ENTITY]), activityOf(["0x00000000000000000000000000000001"])]).finally(
    () => vi.useRealTimers(),
  );
  expect(all.map(({ missing }) => missing)).toEqual(["outdated", "outdated"]);
});

describe("a node that answers with fewer logs than the chain has", () => {
  it("is noticed whatever is lacking, until it has caught up", async () => {
    await commit();
    await untilRefunded();
    const whole = await activityOf([ENTITY]);
    expect(whole.missing).toBe("none");
    for (const block of new Set(whole.entries.map(({ block }) => block))) {
      gate.cutLogs(BigInt(block) - 1n);
      const { entries, missing } = await activityOf([ENTITY]);
      expect([missing, entries.every((entry) => entry.block < block)]).toEqual(["behind", true]);
    }
    gate.cutLogs(undefined);
    expect(await activityOf([ENTITY])).toEqual(whole);
  });

  it("is not the only one that is asked: another node may have kept all logs", async () => {
    await commit();
    const whole = await activityOf([ENTITY]);
    gate.cutLogs(0n);
    const rpcUrls = [gate.rpcUrl, chain.rpcUrl];
    expect(await activityOf([ENTITY], { rpcUrls })).toEqual(whole);
    expect((await activityOf([ENTITY], { rpcUrls: [gate.rpcUrl, `${gate.rpcUrl}/`] })).missing).toBe("behind");
  });

  it("as may be older ones, where it has forgotten those and still has the newest change", async () => {
    await commit();
    const whole = await activityOf([ENTITY]);
    const [newest] = whole.entries;
    gate.forgetLogs(BigInt(newest?.block ?? 0));
    const rpcUrls = [gate.rpcUrl, chain.rpcUrl];
    processGlobal("activity", () => new Map()).clear();
    expect(await activityOf([ENTITY], { rpcUrls })).toEqual(whole);
  });

  it("and another one that answers for few blocks at a time: the search there goes on until it is whole", async () => {
    await commit();
    const whole = await activityOf([ENTITY]);
    const slow = await startRpcGate(chain.rpcUrl);
    slow.limitLogs(2);
    await mine(1_500);
    gate.cutLogs(0n);
    // A read has less time than the search needs.
    const read = () => activityOf([ENTITY], { rpcUrls: [gate.rpcUrl, slow.rpcUrl], ms: 1_500 });
    expect((await read()).missing).not.toBe("none");
    await vi.waitFor(async () => expect(await read()).toMatchObject({ missing: "none", entries: whole.entries }), {
      timeout: 50_000,
    });
    await slow.close();
  });

  it("leaves no gap that lasts, where the newest block is final", async () => {
    gate.finalizeAtOnce(true);
    const first = await bench.accepted(bench.bid({ amount: 100_000_000n }));
    gate.cutLogs(BigInt(first.blockNumber) - 1n);
    await mine(100);
    expect(await activityOf([ENTITY])).toMatchObject({ missing: "behind", entries: [] });
    const { blockNumber } = await bench.accepted(bench.bid({ amount: 130_000_000n }));
    gate.cutLogs(BigInt(blockNumber) - 1n);
    for (const blocks of [1, 100]) {
      await mine(blocks);
      expect(await activityOf([ENTITY])).toMatchObject({ missing: "behind", entries: [{ kind: "commitment" }] });
    }
    gate.cutLogs(undefined);
    await mine(300);
    const all = ["addition Alice 30000000 USDC", "commitment Alice 100000000 USDC"];
    expect(told(await activityOf([ENTITY]))).toEqual(all);

    const next = await bench.accepted(bench.bid({ amount: 140_000_000n }));
    gate.cutLogs(BigInt(next.blockNumber) - 1n);
    await mine(100);
    expect(await activityOf([ENTITY])).toMatchObject({ missing: "behind", entries: [{}, {}] });
    gate.cutLogs(undefined);
    gate.requests.length = 0;
    expect(told(await activityOf([ENTITY]))).toEqual(["addition Alice 10000000 USDC", ...all]);
    const pages = gate.requests.filter((body) => body.includes("eth_getLogs"));
    expect(pages, "what was proven before is not read again").toHaveLength(1);
  });
});
