import { createPublicClient, custom, encodeFunctionData, erc20Abi, multicall3Abi, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { saleAbi } from "@/lib/sale/abi";
import { MULTICALL, OPERATOR, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { startDemo, type RunningDemo } from "@/sandbox/demo/start";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";

const publicUrl = "https://demo.example/sandbox";

let demo: RunningDemo;
beforeAll(async () => {
  demo = await startDemo({ port: 0, chainId: baseSepolia.id, redirectUri: REDIRECT_URI, publicUrl });
});
afterAll(() => demo.close());

async function ask(method: string, params: unknown): Promise<{ result?: string; error?: { message: string } }> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const request = new Request(`${publicUrl}/rpc`, { method: "POST", body });
  return (await demo.answer({ request, path: "/rpc", networks: ["203.0.113.1"] })).json();
}

describe("a buyer's transactions in a public demo", () => {
  const wallet = privateKeyToAccount(generatePrivateKey());
  let nonce: number;

  beforeAll(async () => {
    const body = JSON.stringify({ wallets: [wallet.address] });
    const request = new Request(`${publicUrl}/wallets`, { method: "POST", body });
    expect((await demo.answer({ request, path: "/wallets", networks: ["203.0.113.1"] })).status).toBe(201);
    nonce = Number((await ask("eth_getTransactionCount", [wallet.address, "latest"])).result);
  });

  const token = { address: SANDBOX_TOKENS.usdc, amount: 1n };
  const reduction = { wallet: wallet.address, token: token.address, amount: token.amount };
  it.each([
    [
      "approve",
      token.address,
      encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, 1n] }),
    ],
    ["cancelBid", SANDBOX_SALE, encodeFunctionData({ abi: saleAbi, functionName: "cancelBid" })],
    ["claimRefund", SANDBOX_SALE, encodeFunctionData({ abi: saleAbi, functionName: "claimRefund" })],
    [
      "reduceCommitment",
      SANDBOX_SALE,
      encodeFunctionData({ abi: saleAbi, functionName: "reduceCommitment", args: [[reduction]] }),
    ],
  ])("include %s", async (_, to, data) => {
    const fees = { maxFeePerGas: 10n ** 10n, gas: 200_000n };
    const raw = await wallet.signTransaction({ type: "eip1559", chainId: baseSepolia.id, nonce, to, data, ...fees });
    nonce += 1;
    expect((await ask("eth_sendRawTransaction", [raw])).result).toMatch(/^0x[0-9a-f]{64}$/);
  });
});

describe("reads in a batch through Multicall3, in a public demo", () => {
  it("reach the sale and its tokens, as viem and wagmi send them", async () => {
    const request = async ({ method, params }: { method: string; params?: unknown }) => {
      const { result, error } = await ask(method, params ?? []);
      if (error) throw new Error(error.message);
      return result;
    };
    const client = createPublicClient({
      chain: baseSepolia,
      transport: custom({ request }),
      batch: { multicall: true },
    });
    const sale = { address: SANDBOX_SALE, abi: saleAbi } as const;
    const token = { address: SANDBOX_TOKENS.usdc, abi: erc20Abi } as const;
    const reads = await Promise.all([
      client.readContract({ ...sale, functionName: "stage" }),
      client.readContract({ ...token, functionName: "decimals" }),
      client.readContract({ address: MULTICALL, abi: multicall3Abi, functionName: "getEthBalance", args: [OPERATOR] }),
    ]);
    expect(reads).toEqual([1, 6, 0n]);
  });

  it("reach nothing else, nor another batch within one", async () => {
    const stage = encodeFunctionData({ abi: saleAbi, functionName: "stage" });
    const batch = (target: Address, callData: Hex) =>
      encodeFunctionData({
        abi: multicall3Abi,
        functionName: "aggregate3",
        args: [
          [
            { target: SANDBOX_SALE, allowFailure: true, callData: stage },
            { target, allowFailure: true, callData },
          ],
        ],
      });
    // The first is the account of deterministic deployments, through which any code could run.
    const others = [
      batch("0x4e59b44847b379578588920cA78FbF26c0B4956C", "0x5b600056"),
      batch(OPERATOR, stage),
      batch(MULTICALL, batch(OPERATOR, stage)),
      // `blockAndAggregate`, which no client needs.
      `0xc3077fa9${batch(SANDBOX_SALE, stage).slice(10)}`,
      "0x",
    ];
    for (const data of others) {
      const { error } = await ask("eth_call", [{ to: MULTICALL, data }]);
      expect(error?.message).toContain("does not accept these parameters");
    }
  });
});
