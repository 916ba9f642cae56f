import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFunctionData, numberToHex, type Address, type Hash } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import { readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { requireConfirmed, type SendOptions } from "@/lib/wallet/transactions/require-confirmed";
import { waitForReceipt } from "@/lib/wallet/transactions/wait-for-receipt";
import type { SendEvent } from "@/lib/purchase/progress";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { deferred } from "@/tests/support/deferred";
import { ENTITY, PurchaseBench, reports, USDC } from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x"] = FUNDED_WALLETS;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** Starts a commitment whose transaction stays out of every block until the test mines. */
async function stuckCommitment(options: Pick<SendOptions, "onSlow" | "slowAfterMs"> = {}) {
  await bench.ask("evm_setAutomine", [false]);
  const sent = deferred<Hash>();
  const context = bench.context(ANN);
  const report = (event: SendEvent) => {
    if (event.type === "sent" && event.hash && event.nonce !== undefined) sent.resolve(event.hash);
  };
  const end = commit(context, bench.order(ANN), { ...options, report });
  end.catch(() => undefined);
  const hash = await sent.promise;
  const transaction = await context.publicClient.getTransaction({ hash });
  // The watcher looks into a whole block only once it knows what is to be replaced.
  const looksIntoBlocks = () => bench.requests.some((body) => /eth_getBlockByNumber.*true\]/.test(body));
  await vi.waitFor(() => expect(looksIntoBlocks()).toBe(true), { timeout: 20_000 });
  return { context, end, transaction };
}

async function replaceWith(
  { transaction }: Awaited<ReturnType<typeof stuckCommitment>>,
  call: { to: Address; data?: `0x${string}` },
  whileInNoBlock: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { from, nonce, gas } = transaction;
  const gasPrice = numberToHex((transaction.maxFeePerGas ?? transaction.gasPrice ?? 10n ** 9n) * 3n);
  const faster = { from, nonce: numberToHex(nonce), gas: numberToHex(gas), gasPrice, ...call };
  await bench.ask("eth_sendTransaction", [faster]);
  await whileInNoBlock();
  await bench.ask("evm_mine");
  await bench.ask("evm_setAutomine", [true]);
}

describe("a transaction that is replaced in the wallet", () => {
  it("by the same one with a higher fee is the commitment all the same", async () => {
    const stuck = await stuckCommitment();
    const { transaction, context, end } = stuck;
    await replaceWith(stuck, { to: SANDBOX_SALE, data: transaction.input });
    const { hash } = await end;
    expect(hash).not.toBe(transaction.hash);
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(125_500_000n);
  });

  it("by the same one, which no block takes until the page has asked for the first one anew, is the commitment too", async () => {
    const onSlow = vi.fn();
    const stuck = await stuckCommitment({ onSlow, slowAfterMs: 4_000 });
    // Nodes no longer know the first one then, so that nothing links the two.
    const polledAgain = () =>
      vi.waitFor(() => expect(onSlow.mock.calls.length).toBeGreaterThan(1), { timeout: 30_000 });
    await replaceWith(stuck, { to: SANDBOX_SALE, data: stuck.transaction.input }, polledAgain);
    await expect(stuck.end).resolves.toEqual({ block: expect.any(BigInt), done: expect.anything() });
    expect((await readEntityBid(stuck.context, ENTITY)).bid.amount).toBe(125_500_000n);
  });

  it("by nothing is told as cancelled, although that was mined with success", async () => {
    const stuck = await stuckCommitment();
    await replaceWith(stuck, { to: ANN });
    await expect(stuck.end).rejects.toMatchObject({ reason: { kind: "transaction-cancelled" } });
    expect((await readEntityBid(stuck.context, ENTITY)).bid.amount).toBe(0n);
  });

  it("by something else is told so", async () => {
    const stuck = await stuckCommitment();
    const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, 0n] });
    await replaceWith(stuck, { to: USDC.address, data });
    await expect(stuck.end).rejects.toMatchObject({ reason: { kind: "transaction-replaced" } });
  });

  it("while the page was closed is recognised by its nonce", { timeout: 30_000 }, async () => {
    const stuck = await stuckCommitment();
    const { hash, nonce } = stuck.transaction;
    await replaceWith(stuck, { to: ANN });
    const sent = { hash, nonce, account: ANN };
    const { publicClient } = bench.context(ANN);
    const outcome = await waitForReceipt(publicClient, sent);
    const usedBy = await publicClient.getBlockNumber();
    expect(outcome).toMatchObject({ status: "changed", message: { kind: "transaction-replaced" }, usedBy });
  });
});

describe("a transaction that the chain rejects after it was sent", () => {
  it("is explained with its fee and its reason", async () => {
    const context = bench.context(ANN);
    const { walletClient, chain, account } = context;
    const call = { to: SANDBOX_SALE, data: encodeFunctionData({ abi: saleAbi, functionName: "cancelBid" }) };
    // The gas limit is given, because no node estimates it for a call that fails.
    const hash = await walletClient.sendTransaction({ ...call, account, chain, gas: 500_000n });
    const effect = { of: "cancel", wallet: ANN, entityId: ENTITY } as const;
    await expect(requireConfirmed(context, { id: "send", call, effect, hash }, reports())).rejects.toMatchObject({
      reason: {
        kind: "InvalidStage",
        sentence:
          "The chain rejected your transaction. Only its network fee was paid. This is not possible at the current stage of the sale.",
      },
    });
  });
});

describe("a transaction that the node does not know at first", () => {
  const FOREVER = { timeout: 20_000 };

  /** As `stuckCommitment`, with a node that cannot tell the nonce for as long as the test wants. */
  async function unknownCommitment() {
    await bench.ask("evm_setAutomine", [false]);
    bench.brokenMethod = "eth_getTransactionByHash";
    const flow = reports();
    const context = bench.context(ANN);
    const end = commit(context, bench.order(ANN), { ...flow, slowAfterMs: 200 });
    await vi.waitFor(() => expect(flow.sent()).toEqual(["send"]), FOREVER);
    const nonces = () => flow.events.flatMap((event) => (event.type === "sent" ? [event.nonce] : []));
    return { end, nonces };
  }

  it("has its nonce told as soon as the node knows it, so that it is remembered over a reload", async () => {
    const { end, nonces } = await unknownCommitment();
    const asked = () => bench.requests.filter((body) => body.includes("eth_getTransactionByHash")).length;
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(5), FOREVER);
    expect(nonces()).toEqual([undefined]);
    bench.brokenMethod = undefined;
    await vi.waitFor(() => expect(nonces()).toEqual([undefined, expect.any(Number)]), FOREVER);
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
    await end;
    expect(nonces()).toHaveLength(2);
  });

  it("and that waits of an earlier page load has its nonce told as well", async () => {
    const { transaction, context } = await stuckCommitment();
    const onNonce = vi.fn();
    const outcome = waitForReceipt(context.publicClient, { hash: transaction.hash, account: ANN }, { onNonce });
    await vi.waitFor(() => expect(onNonce).toHaveBeenCalledExactlyOnceWith(transaction.nonce), FOREVER);
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
    expect(await outcome).toMatchObject({ status: "confirmed" });
  });
});

describe("a transaction that takes long", () => {
  it("is called slow and waited for, never failed", async () => {
    const { transaction, context } = await stuckCommitment();
    const onSlow = vi.fn();
    const sent = { hash: transaction.hash, account: ANN };
    const outcome = waitForReceipt(context.publicClient, sent, { onSlow, slowAfterMs: 200 });
    await vi.waitFor(() => expect(onSlow).toHaveBeenCalledTimes(2), { timeout: 20_000 });
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
    expect(await outcome).toMatchObject({ status: "confirmed" });
  });

  it("is given up at once when the user says so", async () => {
    const { transaction, context } = await stuckCommitment();
    const controller = new AbortController();
    const sent = { hash: transaction.hash, account: ANN };
    const outcome = waitForReceipt(context.publicClient, sent, { signal: controller.signal });
    controller.abort();
    expect(await outcome).toEqual({ status: "aborted" });
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
  });
});

describe("a node that cannot be reached", () => {
  it("before anything was sent ends the attempt in words; later it works again", async () => {
    const context = bench.context(ANN);
    bench.isDown = true;
    const flow = reports();
    const end = commit(context, bench.order(ANN), flow);
    await expect(end).rejects.toMatchObject({ reason: { kind: "network", action: "retry" } });
    expect(flow.sent()).toEqual([]);
    bench.isDown = false;
    await commit(context, bench.order(ANN), reports());
  });

  it("after the transaction was sent fails nothing: the outcome is awaited", async () => {
    const { transaction, context } = await stuckCommitment();
    bench.isDown = true;
    const before = bench.requests.length;
    const sent = { hash: transaction.hash, account: ANN };
    const outcome = waitForReceipt(context.publicClient, sent, { slowAfterMs: 300 });
    await vi.waitFor(() => expect(bench.requests.length).toBeGreaterThan(before + 10), { timeout: 20_000 });
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
    bench.isDown = false;
    expect(await outcome).toMatchObject({ status: "confirmed" });
  });

  it(
    "when the nonce is used makes no replacement of a commitment that is in a block",
    { timeout: 30_000 },
    async () => {
      const { transaction, context, end } = await stuckCommitment();
      await bench.ask("evm_mine");
      await bench.ask("evm_setAutomine", [true]);
      await end;
      const counts = () => bench.requests.filter((body) => body.includes("eth_getTransactionCount")).length;
      const before = counts();
      bench.brokenMethod = "eth_getTransactionReceipt";
      const { hash, nonce } = transaction;
      const outcome = waitForReceipt(context.publicClient, { hash, nonce, account: ANN });
      await vi.waitFor(() => expect(counts()).toBeGreaterThan(before + 1), { timeout: 20_000 });
      bench.brokenMethod = undefined;
      expect(await outcome).toMatchObject({ status: "confirmed" });
    },
  );
});
