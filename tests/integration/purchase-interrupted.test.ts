import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commit } from "@/lib/wallet/transactions/commit";
import { readAllowance, readBalance } from "@/lib/wallet/transactions/read-chain";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { PurchaseBench, reports, USDC, USDT, type WalletManners } from "@/tests/support/purchase/purchase-bench";

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
