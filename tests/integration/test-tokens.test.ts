import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createWalletClient,
  decodeFunctionResult,
  encodeFunctionData,
  erc20Abi,
  http,
  parseSignature,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { sandboxUsdcAbi } from "@/sandbox/chain/artifacts/sandbox-usdc-abi";
import { sandboxUsdtAbi } from "@/sandbox/chain/artifacts/sandbox-usdt-abi";
import { FUNDED_WALLETS, OPERATOR } from "@/sandbox/chain/chain-facts";
import { SANDBOX_CHAIN_ID } from "@/lib/config/sandbox";
import { nodeClient, send, type NodeClient } from "@/sandbox/chain/node-client";
import { startChain, type RunningChain } from "@/sandbox/chain/start";

const [OWNER = OPERATOR, OTHER = OPERATOR] = FUNDED_WALLETS;

let chain: RunningChain;
let node: NodeClient;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  node = nodeClient(chain.rpcUrl);
});
afterAll(() => chain.close());

const DECIMALS_AND_SYMBOLS = [
  ["usdc", "USDC"],
  ["usdt", "USDT"],
] as const;

function allowance(token: Address, owner: Address): Promise<bigint> {
  return node.readContract({ address: token, abi: erc20Abi, functionName: "allowance", args: [owner, OTHER] });
}

/** The return value of a call from `from`, undecoded. */
async function call(from: Address, to: Address, data: Hex): Promise<Hex> {
  return (await node.call({ account: from, to, data })).data ?? "0x";
}

it.each(DECIMALS_AND_SYMBOLS)("the sandbox's %s has 6 decimals", async (name, symbol) => {
  const token = { address: chain.tokens[name], abi: erc20Abi } as const;
  expect(await node.readContract({ ...token, functionName: "decimals" })).toBe(6);
  expect(await node.readContract({ ...token, functionName: "symbol" })).toBe(symbol);
});

describe("the USDC-like token", () => {
  const owner = privateKeyToAccount(generatePrivateKey());
  const value = 5_000_000n;
  const PERMIT = ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"];

  async function permit(version: string, deadline: bigint): Promise<Hex> {
    const wallet = createWalletClient({ account: owner, transport: http(chain.rpcUrl) });
    const signature = await wallet.signTypedData({
      domain: { name: "USD Coin", version, chainId: SANDBOX_CHAIN_ID, verifyingContract: chain.tokens.usdc },
      types: { Permit: PERMIT.map((field) => field.split(":")).map(([name = "", type = ""]) => ({ name, type })) },
      primaryType: "Permit",
      message: { owner: owner.address, spender: OTHER, value, nonce: 0n, deadline },
    });
    const { r, s, yParity } = parseSignature(signature);
    const args = [owner.address, OTHER, value, deadline, yParity + 27, r, s] as const;
    return encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "permit", args });
  }

  async function inAnHour(): Promise<bigint> {
    return (await node.getBlock()).timestamp + 3600n;
  }

  it("says domain version 2", async () => {
    const token = { address: chain.tokens.usdc, abi: sandboxUsdcAbi } as const;
    expect(await node.readContract({ ...token, functionName: "version" })).toBe("2");
  });

  it("refuses a permit signed for domain version 1, or one that has expired", async () => {
    await expect(call(OTHER, chain.tokens.usdc, await permit("1", await inAnHour()))).rejects.toThrow(
      "EIP2612: invalid signature",
    );
    await expect(call(OTHER, chain.tokens.usdc, await permit("2", 1n))).rejects.toThrow("permit is expired");
  });

  it("takes a permit signed for domain version 2 from anybody, once", async () => {
    const data = await permit("2", await inAnHour());
    await send(node, { from: OTHER, to: chain.tokens.usdc, data });
    expect(await allowance(chain.tokens.usdc, owner.address)).toBe(value);
    await expect(call(OTHER, chain.tokens.usdc, data)).rejects.toThrow("EIP2612: invalid signature");
  });

  it("returns true from approve", async () => {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [OTHER, 1n] });
    const result = await call(OWNER, chain.tokens.usdc, data);
    expect(decodeFunctionResult({ abi: erc20Abi, functionName: "approve", data: result })).toBe(true);
  });
});

describe("the USDT-like token", () => {
  const approve = (amount: bigint) =>
    encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "approve", args: [OTHER, amount] });

  it("returns nothing from transfer, transferFrom and approve", async () => {
    const transfer = encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "transfer", args: [OTHER, 1n] });
    expect(await call(OWNER, chain.tokens.usdt, transfer)).toBe("0x");
    expect(await call(OWNER, chain.tokens.usdt, approve(1n))).toBe("0x");
    const fromAbi: Abi = sandboxUsdtAbi.filter((item) => item.type === "function" && item.name === "transferFrom");
    expect(fromAbi).toMatchObject([{ outputs: [] }]);
  });

  it("changes an allowance only through zero", async () => {
    const usdt = chain.tokens.usdt;
    await send(node, { from: OWNER, to: usdt, data: approve(5n) });
    await expect(call(OWNER, usdt, approve(6n))).rejects.toThrow("approve from non-zero to non-zero");
    await send(node, { from: OWNER, to: usdt, data: approve(0n) });
    await send(node, { from: OWNER, to: usdt, data: approve(6n) });
    expect(await allowance(usdt, OWNER)).toBe(6n);
  });

  it("refuses with text what exceeds the allowance or the balance", async () => {
    const take = (amount: bigint) =>
      encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "transferFrom", args: [OWNER, OTHER, amount] });
    await expect(call(OTHER, chain.tokens.usdt, take(7n))).rejects.toThrow("exceeds allowance");
    const all = encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "transfer", args: [OTHER, 10n ** 15n] });
    await expect(call(OWNER, chain.tokens.usdt, all)).rejects.toThrow("exceeds balance");
  });

  it("has no EIP-2612", async () => {
    const nonces = encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "nonces", args: [OWNER] });
    await expect(call(OWNER, chain.tokens.usdt, nonces)).rejects.toThrow();
  });
});
