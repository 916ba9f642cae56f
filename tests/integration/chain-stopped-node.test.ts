import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { isOutdated } from "@/lib/chain/client";
import { readContract, readPositions } from "@/lib/chain/read-sale";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { deadlineIn } from "@/lib/http/deadline";
import { noteNeeded } from "@/lib/wallet/node-order";
import { commit } from "@/lib/wallet/transactions/commit";
import { saleClient } from "@/lib/wallet/transactions/read-chain";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { SALE_FACTS, startLaggingNode, type LaggingNode } from "@/tests/support/purchase/lagging-node";
import { ENTITY, PurchaseBench, reports } from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x"] = FUNDED_WALLETS;

/** Longer than a node's latest block may be old (seconds). */
const LONG = 120;

/** Much less than the time for which a node that fails is put last (milliseconds). */
const SOON = { timeout: 10_000, interval: 200 };

let bench: PurchaseBench;
let good: LaggingNode;
let stopped: LaggingNode;

beforeAll(async () => {
  bench = await PurchaseBench.open();
  good = await startLaggingNode(bench.rpcUrl);
  stopped = await startLaggingNode(bench.rpcUrl);
  stopped.stoppedAt = await bench.context(ANN).publicClient.getBlockNumber();
  await commit(bench.context(ANN), bench.order(ANN), reports());
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LONG * 1_000 });
  await bench.control.moveClock(LONG);
});
afterEach(() => {
  good.refuses = () => false;
});
afterAll(async () => {
  vi.useRealTimers();
  await Promise.all([good.close(), stopped.close()]);
  await bench.close();
});

it("beside a node that has stopped, a good one that fails for a moment is believed again soon, and the other one is not meanwhile", async () => {
  const rpcUrls = [good.rpcUrl, stopped.rpcUrl];
  const client = saleClient({ ...SALE_FACTS, rpcUrls });
  const server = async () => {
    const query = { entityIDs: [ENTITY], saleUUID: SANDBOX_SALE_UUID };
    const read = await readPositions({ facts: { ...SALE_FACTS, rpcUrls }, rpcUrls }, query, deadlineIn(6_000));
    return read.ok ? read.data[0]?.bid.amount : read.error.code;
  };
  expect(await server()).toBe(125_500_000n);
  await bench.ask("evm_mine");
  const newest = await bench.context(ANN).publicClient.getBlockNumber();
  good.refuses = () => true;
  // The page needs a newer block than the good node has shown, so that it looks, and fails.
  noteNeeded(SANDBOX_DEFAULT_CHAIN_ID, newest);
  await expect(client.getBlockNumber()).rejects.toThrow();
  await expect(client.getBlock()).rejects.toThrow();
  expect(await server()).toBe("chain/unreachable");
  good.refuses = () => false;
  await vi.waitFor(async () => expect(await client.getBlockNumber()).toBe(newest), SOON);
  expect(await server()).toBe(125_500_000n);
}, 40_000);

it("a good one that fails when it is first asked is believed soon, too", async () => {
  // Nothing is known yet of nodes at these addresses.
  const others = await Promise.all([startLaggingNode(bench.rpcUrl), startLaggingNode(bench.rpcUrl)]);
  const [first, other] = others;
  other.stoppedAt = stopped.stoppedAt;
  first.refuses = () => true;
  const client = saleClient({ ...SALE_FACTS, rpcUrls: [first.rpcUrl, other.rpcUrl] });
  expect(await client.getBlockNumber()).toBe(stopped.stoppedAt);
  first.refuses = () => false;
  const newest = await bench.context(ANN).publicClient.getBlockNumber();
  await vi.waitFor(async () => expect(await client.getBlockNumber()).toBe(newest), SOON);
  await Promise.all(others.map((node) => node.close()));
}, 40_000);

it.each([45, 65, 89])("a node that is %i seconds behind makes no state old while another one is not", async (age) => {
  const others = await Promise.all([startLaggingNode(bench.rpcUrl), startLaggingNode(bench.rpcUrl)]);
  others[0].seemsOlderBy = age;
  await bench.ask("evm_mine");
  const rpcUrls = others.map(({ rpcUrl }) => rpcUrl);
  for (let read = 0; read < 3; read += 1) {
    const state = await readContract(
      { facts: { ...SALE_FACTS, rpcUrls }, rpcUrls },
      SANDBOX_SALE_UUID,
      deadlineIn(6_000),
    );
    if (!state.ok) throw new Error(state.error.code);
    expect(Date.now() / 1_000 - state.data.blockTime).toBeLessThan(20);
    expect(isOutdated(state.data.blockTime)).toBe(false);
  }
  await Promise.all(others.map((node) => node.close()));
});
