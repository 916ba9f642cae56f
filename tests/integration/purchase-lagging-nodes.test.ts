import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { numberToHex, type Hash } from "viem";
import { readPositions } from "@/lib/chain/read-sale";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { deadlineIn } from "@/lib/http/deadline";
import { explainReplacement } from "@/lib/purchase/errors/explain-error";
import type { SendEvent } from "@/lib/purchase/progress";
import { noteNeeded } from "@/lib/wallet/node-order";
import { commit } from "@/lib/wallet/transactions/commit";
import { judgeReceipt } from "@/lib/wallet/transactions/proof";
import { readEntityBid, saleClient } from "@/lib/wallet/transactions/read-chain";
import { getBack, type ReturnOrder } from "@/lib/wallet/transactions/returns";
import { readProspect } from "@/lib/wallet/transactions/watch-effect";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { deferred } from "@/tests/support/deferred";
import { startLocalServer } from "@/tests/support/local-server";
import { SALE_FACTS, startLaggingNode, type LaggingNode } from "@/tests/support/purchase/lagging-node";
import {
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
const WHOLE = 200_000_000n;
const PART = 50_000_000n;
const SEND = "eth_sendTransaction";
const COUNT = "eth_getTransactionCount";
const PATIENT = { timeout: 30_000 };

const reduction = {
  rows: [{ wallet: ANN, token: USDC.address, amount: PART }],
  amount: PART,
  from: WHOLE,
  total: WHOLE - PART,
};
const reduce: ReturnOrder = { kind: "reduce", entityId: ENTITY, reduction };
const reduces = { of: "reduction", wallet: ANN, entityId: ENTITY, amount: PART, total: WHOLE - PART } as const;

let bench: PurchaseBench;
const nodes: LaggingNode[] = [];

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

/** The block before Ann's commitment. */
let before: bigint;

/** Ann has committed the whole, and may take it back. */
beforeEach(async () => {
  await bench.begin();
  before = await newest();
  await commit(bench.context(ANN), bench.order(ANN, { increment: WHOLE }), reports());
  await bench.control.sale.setReduceCommitmentEnabled(true);
});

async function nodeOf(stoppedAt?: bigint): Promise<LaggingNode> {
  const node = await startLaggingNode(bench.rpcUrl);
  node.stoppedAt = stoppedAt;
  nodes.push(node);
  return node;
}

/** Ann's context on a page that reads through these nodes, the preferred one first. */
function contextOf(ahead: readonly LaggingNode[], { seen, manners }: { seen?: bigint; manners?: WalletManners } = {}) {
  const publicClient = saleClient({ ...SALE_FACTS, rpcUrls: ahead.map(({ rpcUrl }) => rpcUrl) });
  return { ...bench.context(ANN, manners), publicClient, ...(seen !== undefined && { seen }) };
}

const newest = () => bench.context(ANN).publicClient.getBlockNumber();
const committed = async () => (await readEntityBid(bench.context(ANN), ENTITY)).bid.amount;

/** The reason for which a request ended, or "done". */
const endOf = (sent: Promise<unknown>) =>
  sent.then(
    () => "done",
    (error: { reason: unknown }) => error.reason,
  );

describe("a reduction that was sped up, and whose nonce only one node has counted before it was overloaded", () => {
  it(
    "is not called replaced by a node that is behind, and is told once that one has its block",
    { timeout: 60_000 },
    async () => {
      await bench.control.sale.setStage("Cancellation");
      const [ahead, behind] = [await nodeOf(), await nodeOf(await newest())];
      await bench.ask("evm_setAutomine", [false]);
      const sent = deferred<Hash>();
      const report = (event: SendEvent) => {
        if (event.type === "sent" && event.hash && event.nonce !== undefined) sent.resolve(event.hash);
      };
      const settled = vi.fn();
      const end = getBack(contextOf([ahead, behind]), reduce, { report, slowAfterMs: 500 }).finally(settled);
      end.catch(() => undefined);
      const transaction = await bench.context(ANN).publicClient.getTransaction({ hash: await sent.promise });

      ahead.refuses = () => true;
      const { from, to, input: data, nonce, gas } = transaction;
      const faster = { from, to, data, nonce: numberToHex(nonce), gas: numberToHex(gas), gasPrice: "0x174876e800" };
      await bench.ask(SEND, [faster]);
      await bench.ask("evm_mine");
      await bench.ask("evm_setAutomine", [true]);
      const counted = deferred<void>();
      ahead.refuses = (method) => !["eth_blockNumber", COUNT].includes(method);
      ahead.onAnswered = (method) => {
        if (method !== COUNT) return;
        ahead.refuses = () => true;
        counted.resolve();
      };
      await counted.promise;
      const before = behind.asked(COUNT);
      await vi.waitFor(() => expect(behind.asked(COUNT)).toBeGreaterThan(before + 3), PATIENT);
      expect(settled).not.toHaveBeenCalled();
      behind.stoppedAt = undefined;
      await expect(end).resolves.toMatchObject({ block: expect.any(BigInt) });
      expect(await committed()).toBe(WHOLE - PART);
    },
  );

  it("is looked for in the block by which its nonce was counted, though another machine of the same node is behind", async () => {
    await bench.control.sale.setStage("Cancellation");
    const node = await nodeOf();
    const context = contextOf([node]);
    const { before } = await readProspect(context, reduces);
    const stoppedAt = await newest();
    const { block: usedBy } = await getBack(bench.context(ANN), reduce, reports());
    node.stoppedAt = stoppedAt;
    const found = { status: "changed", message: explainReplacement("replaced"), usedBy } as const;
    const asked = { account: ANN, to: SANDBOX_SALE, effect: reduces, ...(before && { before }) };
    const start = node.asked("eth_blockNumber");
    const outcome = judgeReceipt(context, found, asked, { slowAfterMs: Infinity });
    await vi.waitFor(() => expect(node.asked("eth_blockNumber")).toBeGreaterThan(start + 6), PATIENT);
    node.stoppedAt = undefined;
    expect(await outcome).toEqual({ status: "noticed", block: usedBy });
  });
});

describe("what is asked for on top of a bid, while the nodes are behind what the page has seen,", () => {
  const UNREAD = {
    kind: "network",
    sentence: "Your latest commitment could not be read from the chain. Nothing was sent. Try again in a moment.",
  };

  it("is no second reduction", async () => {
    await bench.control.sale.setStage("Cancellation");
    const node = await nodeOf(await newest());
    const { block: seen } = await getBack(bench.context(ANN), reduce, reports());
    const flow = reports();
    expect(await endOf(getBack(contextOf([node], { seen }), reduce, flow))).toMatchObject(UNREAD);
    expect(flow.began()).toEqual(["check"]);
    expect(await committed()).toBe(WHOLE - PART);
  });

  it("is waited for a little, and compared with the bid as it is", async () => {
    await bench.control.sale.setStage("Cancellation");
    const node = await nodeOf(await newest());
    const { block: seen } = await getBack(bench.context(ANN), reduce, reports());
    node.onAnswered = (method) => void (method === "eth_blockNumber" && (node.stoppedAt = undefined));
    const end = await endOf(getBack(contextOf([node], { seen }), reduce, reports()));
    expect(end).toMatchObject({ kind: "commitment-changed" });
    expect(await committed()).toBe(WHOLE - PART);
  });

  it("is sent if another node has the block, though the preferred one is behind", async () => {
    await bench.control.sale.setStage("Cancellation");
    const behind = await nodeOf(await newest());
    await bench.ask("evm_mine");
    const seen = await newest();
    const end = await endOf(getBack(contextOf([behind, await nodeOf()], { seen }), reduce, reports()));
    expect(end).toBe("done");
    expect(await committed()).toBe(WHOLE - PART);
  });

  it("is checked against what the sale and the tokens are at that block, whatever machine the balancer asks for the latest", async () => {
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const node = await nodeOf();
    await bench.control.sale.setPaused(true);
    node.latestAt = await newest();
    await bench.control.sale.setPaused(false);
    const context = contextOf([node], { seen: await newest() });
    expect(await endOf(commit(context, bench.order(ANN, { shown, increment: PART }), reports()))).toBe("done");
  });

  it("is no commitment either", async () => {
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const node = await nodeOf(await newest());
    const { block: seen } = await commit(bench.context(BEN), bench.order(BEN, { shown, increment: PART }), reports());
    const flow = reports();
    const order = bench.order(ANN, { shown, increment: 2n * PART });
    // Whichever read gives up first: the bid's, or the sale's.
    const sentence = expect.stringMatching(/could not be read from the chain\. Nothing was sent\./);
    expect(await endOf(commit(contextOf([node], { seen }), order, flow))).toMatchObject({ kind: "network", sentence });
    expect(flow.sent()).toEqual([]);
    expect(await committed()).toBe(WHOLE + PART);
  });
});

describe("with a preferred node that has stopped a moment ago, and another one that goes on,", () => {
  const two = async (stoppedAt: bigint) => [await nodeOf(stoppedAt), await nodeOf()] as const;

  it("a wallet whose first commitment is younger can cancel it", async () => {
    await bench.control.sale.setStage("Cancellation");
    const seen = await newest();
    const context = contextOf(await two(before), { seen });
    expect(await endOf(getBack(context, { kind: "cancel", entityId: ENTITY }, reports()))).toBe("done");
  });

  it("the approval that was just given counts", async () => {
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const seen = await newest();
    const flow = reports();
    const order = bench.order(ANN, { token: USDT, shown, increment: PART });
    expect(await endOf(commit(contextOf(await two(seen), { seen }), order, flow))).toBe("done");
    expect(flow.sent()).toEqual(["approve", "send"]);
    expect(await committed()).toBe(WHOLE + PART);
  });

  it("the server reads at the block that is asked for, wherever it is", async () => {
    const nodes = await two(before);
    const rpcUrls = nodes.map(({ rpcUrl }) => rpcUrl);
    const query = { entityIDs: [ENTITY], saleUUID: SANDBOX_SALE_UUID, atBlock: Number(await newest()) };
    const read = await readPositions({ facts: { ...SALE_FACTS, rpcUrls }, rpcUrls }, query, deadlineIn(10_000));
    expect(read.ok && read.data[0]?.bid.amount).toBe(WHOLE);
  });
});

it("a node that hangs is not waited for again and again while the other one lacks the block that is asked for", async () => {
  const behind = await nodeOf(before);
  const hanging = await startLocalServer(() => new Promise<void>(() => undefined));
  const rpcUrls = [behind.rpcUrl, hanging.origin];
  const query = { entityIDs: [ENTITY], saleUUID: SANDBOX_SALE_UUID, atBlock: Number(await newest()) };
  const read = () => readPositions({ facts: { ...SALE_FACTS, rpcUrls }, rpcUrls }, query, deadlineIn(6_000));
  noteNeeded(SANDBOX_DEFAULT_CHAIN_ID, await newest());
  expect((await read()).ok).toBe(true);
  const asked = hanging.requests.length;
  expect((await read()).ok).toBe(true);
  // A look whether it is back, for which nobody waits.
  const looks = hanging.requests.slice(asked).map(({ body }) => body);
  expect(looks.filter((body) => !/eth_chainId|"latest"/.test(body))).toEqual([]);
  await hanging.close();
});

it("a reduction that the wallet has sent, and answered with an error, is not looked for in older blocks than the one before it", async () => {
  await bench.control.sale.setStage("Cancellation");
  const node = await nodeOf();
  const stoppedAt = (await newest()) - 1n;
  const failing = async (params: unknown) => {
    await bench.ask(SEND, params);
    node.stoppedAt = stoppedAt;
    throw Object.assign(new Error("The wallet's own service failed."), { code: -32_603 });
  };
  const manners: WalletManners = ({ method, params }) => (method === SEND ? failing(params) : undefined);
  const end = endOf(getBack(contextOf([node], { manners }), reduce, reports()));
  await vi.waitFor(() => expect(node.stoppedAt).toBe(stoppedAt), PATIENT);
  const start = node.asked("eth_blockNumber");
  await vi.waitFor(() => expect(node.asked("eth_blockNumber")).toBeGreaterThan(start + 4), PATIENT);
  node.stoppedAt = undefined;
  expect(await end).toBe("done");
  expect(await committed()).toBe(WHOLE - PART);
});

it("a wallet that has signed before is asked to sign again, though a node that is behind would refuse its signature, and none is written off", async () => {
  const node = await nodeOf();
  await bench.control.moveClock(4_000);
  const seen = await newest();
  const { bid } = await readEntityBid(bench.context(ANN), ENTITY);
  // The balancer asks the node that is behind for the state that decides, and the other one for blocks that are named.
  node.latestAt = before;
  const remember = vi.fn();
  const flow = reports();
  const context = { ...contextOf([node], { seen }), signing: { cannotSign: () => false, remember } };
  await commit(context, bench.order(ANN, { increment: PART, shown: bid }), flow);
  expect(flow.sent()).toEqual(["send"]);
  expect(remember).not.toHaveBeenCalled();
  expect(await committed()).toBe(WHOLE + PART);
});
