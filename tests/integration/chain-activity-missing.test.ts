import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Hex } from "viem";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { processGlobal } from "@/lib/http/process-global";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { openSale } from "@/tests/conformance/support/open-sale";
import { ENTITY } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";
import { commit, mine, readActivityOf, told, untilRefunded, type ActivityRead } from "@/tests/support/activity";
import { startLocalServer } from "@/tests/support/local-server";
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

it("where the newest block is old, newer entries may be missing, also of an entity without any", async () => {
  await commit(bench);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  const all = await Promise.all([activityOf([ENTITY]), activityOf(["0x00000000000000000000000000000001"])]).finally(
    () => vi.useRealTimers(),
  );
  expect(all.map(({ missing }) => missing)).toEqual(["outdated", "outdated"]);
});

describe("a node that answers with fewer logs than the chain has", () => {
  it("is noticed whatever is lacking, until it has caught up", async () => {
    await commit(bench);
    await untilRefunded(bench, control);
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
    await commit(bench);
    const whole = await activityOf([ENTITY]);
    gate.cutLogs(0n);
    const rpcUrls = [gate.rpcUrl, chain.rpcUrl];
    expect(await activityOf([ENTITY], { rpcUrls })).toEqual(whole);
    expect((await activityOf([ENTITY], { rpcUrls: [gate.rpcUrl, `${gate.rpcUrl}/`] })).missing).toBe("behind");
  });

  it("as may be older ones, where it has forgotten those and still has the newest change", async () => {
    await commit(bench);
    const whole = await activityOf([ENTITY]);
    const [newest] = whole.entries;
    gate.forgetLogs(BigInt(newest?.block ?? 0));
    const rpcUrls = [gate.rpcUrl, chain.rpcUrl];
    processGlobal("activity", () => new Map()).clear();
    expect(await activityOf([ENTITY], { rpcUrls })).toEqual(whole);
  });

  it("and another one that hangs hides nothing of what it has", async () => {
    await commit(bench);
    await untilRefunded(bench, control);
    const whole = await activityOf([ENTITY]);
    const [newest] = whole.entries;
    gate.forgetLogs(BigInt(newest?.block ?? 0));
    const silent = await startLocalServer(() => undefined);
    processGlobal("activity", () => new Map()).clear();
    const { entries, missing } = await activityOf([ENTITY], { rpcUrls: [gate.rpcUrl, silent.origin], ms: 4_000 });
    expect(entries.length).toBeGreaterThan(0);
    expect(missing).not.toBe("none");
    await silent.close();
  });

  it("and another one that answers for few blocks at a time: the search there goes on until it is whole", async () => {
    await commit(bench);
    const whole = await activityOf([ENTITY]);
    const slow = await startRpcGate(chain.rpcUrl);
    slow.limitLogs(2);
    await mine(bench, 1_500);
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
    await mine(bench, 100);
    expect(await activityOf([ENTITY])).toMatchObject({ missing: "behind", entries: [] });
    const { blockNumber } = await bench.accepted(bench.bid({ amount: 130_000_000n }));
    gate.cutLogs(BigInt(blockNumber) - 1n);
    for (const blocks of [1, 100]) {
      await mine(bench, blocks);
      expect(await activityOf([ENTITY])).toMatchObject({ missing: "behind", entries: [{ kind: "commitment" }] });
    }
    gate.cutLogs(undefined);
    await mine(bench, 300);
    const all = ["addition Alice 30000000 USDC", "commitment Alice 100000000 USDC"];
    expect(told(await activityOf([ENTITY]))).toEqual(all);

    const next = await bench.accepted(bench.bid({ amount: 140_000_000n }));
    gate.cutLogs(BigInt(next.blockNumber) - 1n);
    await mine(bench, 100);
    expect(await activityOf([ENTITY])).toMatchObject({ missing: "behind", entries: [{}, {}] });
    gate.cutLogs(undefined);
    gate.requests.length = 0;
    expect(told(await activityOf([ENTITY]))).toEqual(["addition Alice 10000000 USDC", ...all]);
    const pages = gate.requests.filter((body) => body.includes("eth_getLogs"));
    expect(pages, "what was proven before is not read again").toHaveLength(1);
  });
});
