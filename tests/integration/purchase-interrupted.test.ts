import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Hash } from "viem";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import type { PendingTransaction } from "@/lib/purchase/pending";
import type { SaleChain } from "@/lib/sale/state";
import { commit } from "@/lib/wallet/transactions/commit";
import { readAllowance, readBalance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { getBack } from "@/lib/wallet/transactions/returns";
import { waitForPending } from "@/lib/wallet/transactions/transactions";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import {
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
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

describe("a wallet that sends, and answers with an error", () => {
  const sendsAndSays =
    (message: string): WalletManners =>
    ({ method, params }) =>
      method === "eth_sendTransaction"
        ? bench.ask(method, params).then(() => Promise.reject(Object.assign(new Error(message), { code: -32603 })))
        : undefined;

  it.each(["nonce too low", "execution reverted", "replacement transaction underpriced", "Request timed out"])(
    "has committed, once: %s",
    async (message) => {
      const context = bench.context(ANN, sendsAndSays(message));
      const flow = reports();
      await expect(commit(context, bench.order(ANN), flow)).resolves.toEqual({
        block: expect.any(BigInt),
        done: expect.anything(),
      });
      expect(flow.sent()).toEqual(["send"]);
      expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(FUNDS - 125_500_000n);
    },
  );

  it("is not said to have sent nothing while no block has it", async () => {
    await bench.ask("evm_setAutomine", [false]);
    const end = commit(bench.context(ANN, sendsAndSays("nonce too low")), bench.order(ANN), reports());
    await expect(end).rejects.toMatchObject({
      reason: { kind: "nonce-conflict", sentence: expect.not.stringContaining("Nothing was sent.") },
    });
    await bench.ask("evm_setAutomine", [true]);
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

describe("a reduction that the wallet may have sent", () => {
  const HALF = 50_000_000n;
  const reduction = {
    kind: "reduce",
    entityId: ENTITY,
    reduction: {
      rows: [{ wallet: ANN, token: USDC.address, amount: HALF }],
      ...{ amount: HALF, from: 2n * HALF, total: HALF },
    },
  } as const;

  beforeEach(async () => {
    await commit(bench.context(ANN), bench.order(ANN, { increment: 2n * HALF }), reports());
    await bench.control.sale.setStage("Cancellation");
    await bench.control.sale.setReduceCommitmentEnabled(true);
  });

  it("is told of before the wallet is asked, with the state that it changes", async () => {
    const flow = reports();
    const unanswering = bench.context(ANN, ({ method }) =>
      method === "eth_sendTransaction" ? Promise.reject(DECLINED) : undefined,
    );
    await expect(getBack(unanswering, reduction, flow)).rejects.toMatchObject({ reason: { kind: "user-rejected" } });
    expect(flow.events.at(-1)).toEqual({
      type: "asked",
      id: "send",
      before: { block: expect.any(String), value: `${2n * HALF}:0:false:false` },
    });
  });

  const answersWith =
    (error: Error, sends = false): WalletManners =>
    ({ method, params }) =>
      method === "eth_sendTransaction"
        ? Promise.resolve(sends && bench.ask(method, params)).then(() => Promise.reject(error))
        : undefined;
  const gasShortage = new Error("insufficient funds for gas");
  const disconnected = Object.assign(new Error("Disconnected from the extension's background."), { code: 4900 });

  it.each([
    ["nothing was sent if it refused, and the chain has nothing of it", gasShortage, false, /Nothing was sent\./],
    ["to check the wallet if that had sent it", gasShortage, true, /fine\. Check your wallet to see whether/],
    ["to check the wallet if that lost its connection", disconnected, false, /site\. Check your wallet to see whether/],
  ])("is said to be open or not: %s", async (_what, error, sends, sentence) => {
    await bench.ask("evm_setAutomine", [false]);
    const end = getBack(bench.context(ANN, answersWith(error, sends)), reduction, reports());
    await expect(end).rejects.toMatchObject({ reason: { sentence: expect.stringMatching(sentence) } });
    await bench.ask("evm_setAutomine", [true]);
  });

  it("is not sent again while the first one waits for its block, though the commitment still looks whole", async () => {
    await bench.ask("evm_setAutomine", [false]);
    const sendsAndFails: WalletManners = ({ method, params }) =>
      method === "eth_sendTransaction"
        ? bench.ask(method, params).then(() => Promise.reject(new Error("Request timed out")))
        : undefined;
    await expect(getBack(bench.context(ANN, sendsAndFails), reduction, reports())).rejects.toBeDefined();
    const second = reports();
    await expect(getBack(bench.context(ANN), reduction, second)).rejects.toMatchObject({
      reason: { kind: "busy", sentence: expect.stringMatching(/not in a block yet\. Nothing was sent\./) },
    });
    expect(second.sent()).toEqual([]);
    await bench.ask("evm_setAutomine", [true]);
    await bench.ask("evm_mine");
    const { bid, refunded } = await readEntityBid(bench.context(ANN), ENTITY);
    expect([bid.amount, refunded]).toEqual([HALF, false]);
  });
});

describe("a transaction that the browser remembers", () => {
  const scope = { chainId: SANDBOX_DEFAULT_CHAIN_ID, contract: SANDBOX_SALE, entityId: ENTITY };

  function resume(remembered: Pick<PendingTransaction, "kind"> & Partial<PendingTransaction>) {
    const chain: SaleChain = {
      ...{ chainId: scope.chainId, contract: scope.contract, rpcUrls: [bench.rpcUrl], sandboxWallet: true },
      chainName: "Sandbox",
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    };
    return waitForPending(chain, { ...scope, wallet: ANN, sentAt: 0, ...remembered }, {});
  }

  async function hashOf(order: ReturnType<PurchaseBench["order"]>, step: "approve" | "send"): Promise<Hash> {
    const flow = reports();
    await commit(bench.context(ANN), order, flow);
    const [hash = "0x"] = flow.events.flatMap((event) =>
      event.type === "sent" && event.id === step ? event.hash : [],
    );
    return hash ?? "0x";
  }

  it("is confirmed if it went to this sale, or approved its token", async () => {
    const order = bench.order(ANN, { token: USDT });
    const approval = await hashOf(order, "approve");
    await expect(resume({ kind: "approve", hash: approval, token: USDT.address })).resolves.toMatchObject({
      status: "confirmed",
    });
    const shown = { lockup: false, price: 0n, amount: order.increment };
    const commitment = await hashOf(bench.order(ANN, { shown }), "send");
    await expect(resume({ kind: "commit", hash: commitment })).resolves.toMatchObject({ status: "confirmed" });
  });

  it("is none of this sale if it did neither, whatever the storage says of it", async () => {
    const approval = await hashOf(bench.order(ANN, { token: USDT }), "approve");
    await expect(resume({ kind: "commit", hash: approval })).resolves.toMatchObject({
      status: "changed",
      message: { kind: "without-effect" },
    });
  });

  it("that was only asked for is not ended by the reduction of another wallet", async () => {
    const half = 50_000_000n;
    await commit(bench.context(ANN), bench.order(ANN, { increment: 4n * half }), reports());
    const shown = (await readEntityBid(bench.context(BEN), ENTITY)).bid;
    await commit(bench.context(BEN), bench.order(BEN, { shown, increment: half }), reports());
    await bench.control.sale.setStage("Cancellation");
    await bench.control.sale.setReduceCommitmentEnabled(true);
    const { publicClient } = bench.context(ANN);
    const before = { block: `${await publicClient.getBlockNumber()}`, value: `${5n * half}:0:false:false` };
    const rows = [{ wallet: BEN, token: USDC.address, amount: half / 2n }];
    const others = { rows, amount: half / 2n, from: 5n * half, total: (9n * half) / 2n };
    await getBack(bench.context(BEN), { kind: "reduce", entityId: ENTITY, reduction: others }, reports());
    const amounts = { takenBack: `${half}`, total: `${4n * half}` };
    const outcome = resume({ kind: "reduce", asked: true, before, ...amounts });
    const own = { rows: [{ wallet: ANN, token: USDC.address, amount: half / 2n }], amount: half / 2n };
    // The asked total is reached only now.
    const total = { from: (9n * half) / 2n, total: 4n * half };
    const { block } = await getBack(
      bench.context(ANN),
      { kind: "reduce", entityId: ENTITY, reduction: { ...own, ...total } },
      reports(),
    );
    expect(await outcome).toEqual({ status: "noticed", block, done: expect.anything() });
  });
});
