import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFunctionData, numberToHex, type Address, type Hash } from "viem";
import { commit } from "@/hooks/wallet/lazy/commit";
import { readAllowance, readBalance, readEntityBid } from "@/hooks/wallet/lazy/read-chain";
import { waitForOutcome } from "@/hooks/wallet/lazy/wait-for-outcome";
import type { PurchaseStepEvent } from "@/lib/sale/purchase-steps";
import { tokenAbi } from "@/lib/sale/token-abi";
import { FUNDED_WALLETS, SANDBOX_SALE } from "@/sandbox/chain/chain-facts";
import { deferred } from "@/tests/support/deferred";
import { ENTITY, PurchaseBench, reports, USDC, USDT, type WalletManners } from "@/tests/support/purchase-bench";

const [ANN = "0x"] = FUNDED_WALLETS;
const FUNDS = 100_000_000_000n;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

const DECLINED = Object.assign(new Error("User rejected the request."), { code: 4001 });

function declining(method: string): WalletManners {
  return (request) => (request.method === method ? Promise.reject(DECLINED) : undefined);
}

describe("who declines in the wallet", () => {
  it.each([
    ["the signature", "eth_signTypedData_v4", USDC],
    ["the approval", "eth_sendTransaction", USDT],
    ["the transaction", "eth_sendTransaction", USDC],
  ])("at %s is told so, and nothing was sent", async (_at, method, token) => {
    const flow = reports();
    const context = bench.context(ANN, declining(method));
    const end = commit(context, bench.order(ANN, { token }), flow);
    await expect(end).rejects.toMatchObject({ reason: { kind: "user-rejected" } });
    expect(flow.sent()).toEqual([]);
    expect(await readBalance(context.publicClient, token.address, ANN)).toBe(FUNDS);
    expect(await readAllowance(context, token.address, ANN)).toBe(0n);
  });

  it("at the bid after an approval can go on: the approval is not asked for again", async () => {
    let asked = 0;
    const onlyOnce: WalletManners = ({ method }) =>
      method === "eth_sendTransaction" && ++asked === 2 ? Promise.reject(DECLINED) : undefined;
    const order = bench.order(ANN, { token: USDT });
    const first = reports();
    await expect(commit(bench.context(ANN, onlyOnce), order, first)).rejects.toMatchObject({
      reason: { kind: "user-rejected" },
    });
    const second = reports();
    await commit(bench.context(ANN), order, second);
    expect([first.sent(), second.sent()]).toEqual([["approve"], ["send"]]);
  });
});

describe("a wallet that is not as the page knows it", () => {
  it("on another chain is asked for nothing", async () => {
    const asked: string[] = [];
    const context = bench.context(ANN, ({ method }) => {
      asked.push(method);
      return method === "eth_chainId" ? Promise.resolve("0x1") : undefined;
    });
    await expect(commit(context, bench.order(ANN), reports())).rejects.toMatchObject({
      reason: { kind: "wrong-chain" },
    });
    expect(asked).not.toContain("eth_sendTransaction");
    expect(asked).not.toContain("eth_signTypedData_v4");
  });

  it("that switches its chain while the permit is fetched sends nothing", async () => {
    let chain: string | undefined;
    const context = bench.context(ANN, ({ method }) =>
      method === "eth_chainId" && chain ? Promise.resolve(chain) : undefined,
    );
    const order = bench.order(ANN);
    const getPermit = () => {
      chain = "0x1";
      return order.getPermit();
    };
    const flow = reports();
    await expect(commit(context, { ...order, getPermit }, flow)).rejects.toMatchObject({
      reason: { kind: "wrong-chain" },
    });
    expect(flow.sent()).toEqual([]);
    expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(FUNDS);
  });

  it("without the account that the page shows is asked for nothing", async () => {
    const context = bench.context(ANN, ({ method }) => (method === "eth_accounts" ? Promise.resolve([]) : undefined));
    await expect(commit(context, bench.order(ANN), reports())).rejects.toMatchObject({
      reason: { kind: "wallet-disconnected" },
    });
  });
});

/** Starts a commitment whose transaction stays out of every block until the test mines. */
async function stuckCommitment() {
  await bench.ask("evm_setAutomine", [false]);
  const sent = deferred<Hash>();
  const context = bench.context(ANN);
  const report = (event: PurchaseStepEvent) => {
    if (event.type === "sent" && event.nonce !== undefined) sent.resolve(event.hash);
  };
  const end = commit(context, bench.order(ANN), { report });
  end.catch(() => undefined);
  const hash = await sent.promise;
  const transaction = await context.publicClient.getTransaction({ hash });
  // Once by the flow, once by this test: the third is the watcher's, which knows from then on what is to be replaced.
  const looks = () => bench.requests.filter((body) => body.includes("eth_getTransactionByHash")).length;
  await vi.waitFor(() => expect(looks()).toBeGreaterThanOrEqual(3), { timeout: 20_000 });
  return { context, end, transaction };
}

async function replaceWith(
  { transaction }: Awaited<ReturnType<typeof stuckCommitment>>,
  call: { to: Address; data?: `0x${string}` },
): Promise<void> {
  const { from, nonce, gas } = transaction;
  const gasPrice = numberToHex((transaction.maxFeePerGas ?? transaction.gasPrice ?? 10n ** 9n) * 3n);
  const faster = { from, nonce: numberToHex(nonce), gas: numberToHex(gas), gasPrice, ...call };
  await bench.ask("eth_sendTransaction", [faster]);
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
    const outcome = await waitForOutcome(bench.context(ANN).publicClient, sent);
    expect(outcome).toMatchObject({ status: "changed", message: { kind: "transaction-replaced" } });
  });
});

describe("a transaction that takes long", () => {
  it("is called slow and waited for, never failed", async () => {
    const { transaction, context } = await stuckCommitment();
    const onSlow = vi.fn();
    const sent = { hash: transaction.hash, account: ANN };
    const outcome = waitForOutcome(context.publicClient, sent, { onSlow, slowAfterMs: 200 });
    await vi.waitFor(() => expect(onSlow).toHaveBeenCalledTimes(2), { timeout: 20_000 });
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
    expect(await outcome).toMatchObject({ status: "confirmed" });
  });

  it("is given up at once when the user says so", async () => {
    const { transaction, context } = await stuckCommitment();
    const controller = new AbortController();
    const sent = { hash: transaction.hash, account: ANN };
    const outcome = waitForOutcome(context.publicClient, sent, { signal: controller.signal });
    controller.abort();
    expect(await outcome).toEqual({ status: "given-up" });
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
    const outcome = waitForOutcome(context.publicClient, sent, { slowAfterMs: 300 });
    await vi.waitFor(() => expect(bench.requests.length).toBeGreaterThan(before + 10), { timeout: 20_000 });
    await bench.ask("evm_mine");
    await bench.ask("evm_setAutomine", [true]);
    bench.isDown = false;
    expect(await outcome).toMatchObject({ status: "confirmed" });
  });
});
