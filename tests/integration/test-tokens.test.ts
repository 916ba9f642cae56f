import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BaseError,
  createWalletClient,
  decodeFunctionResult,
  encodeErrorResult,
  encodeFunctionData,
  erc20Abi,
  http,
  isHex,
  parseAbi,
  parseSignature,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { sandboxUsdcAbi } from "@/sandbox/chain/artifacts/sandbox-usdc-abi";
import { sandboxUsdtAbi } from "@/sandbox/chain/artifacts/sandbox-usdt-abi";
import { FUNDED_WALLETS, OPERATOR } from "@/sandbox/chain/chain-facts";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { nodeClient, send, type NodeClient } from "@/sandbox/chain/node-client";
import { tokenIssuer } from "@/sandbox/chain/token-issuer";
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

/** The data of a call's revert: "0x" without any, absent if the call succeeds. */
async function refusal(from: Address, to: Address, data: Hex): Promise<Hex | undefined> {
  const outcome = await call(from, to, data).catch((error: unknown) => error);
  if (typeof outcome === "string") return undefined;
  if (!(outcome instanceof BaseError)) throw outcome;
  let found: Hex = "0x";
  outcome.walk((cause) => {
    if (cause instanceof Object && "data" in cause && isHex(cause.data)) found = cause.data;
    return false;
  });
  return found;
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
      domain: { name: "USD Coin", version, chainId: SANDBOX_DEFAULT_CHAIN_ID, verifyingContract: chain.tokens.usdc },
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
    expect(await refusal(OWNER, usdt, approve(6n))).toBe("0x");
    await send(node, { from: OWNER, to: usdt, data: approve(0n) });
    await send(node, { from: OWNER, to: usdt, data: approve(6n) });
    expect(await allowance(usdt, OWNER)).toBe(6n);
  });

  it("refuses without data what exceeds the allowance or the balance", async () => {
    const take = (amount: bigint) =>
      encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "transferFrom", args: [OWNER, OTHER, amount] });
    expect(await refusal(OTHER, chain.tokens.usdt, take(7n))).toBe("0x");
    const all = encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "transfer", args: [OTHER, 10n ** 15n] });
    expect(await refusal(OWNER, chain.tokens.usdt, all)).toBe("0x");
  });

  it("has no EIP-2612", async () => {
    const nonces = encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "nonces", args: [OWNER] });
    await expect(call(OWNER, chain.tokens.usdt, nonces)).rejects.toThrow();
  });
});

describe("a token's issuer", () => {
  const [BLOCKED = OPERATOR, SPENDER = OPERATOR] = FUNDED_WALLETS.slice(2);
  const transfer = (to: Address) => encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, 1n] });
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SPENDER, 1n] });
  const text = (message: string) =>
    encodeErrorResult({ abi: parseAbi(["error Error(string)"]), errorName: "Error", args: [message] });
  const issuer = () => tokenIssuer(node);

  it("blocks a wallet in USDC: it cannot pay, be paid or approve, and each refusal says so", async () => {
    const { usdc } = chain.tokens;
    await issuer().setBlocked("usdc", BLOCKED, true);
    for (const [from, data] of [
      [BLOCKED, transfer(SPENDER)],
      [BLOCKED, approve],
      [SPENDER, transfer(BLOCKED)],
    ] as const) {
      expect(await refusal(from, usdc, data)).toBe(text("Blacklistable: account is blacklisted"));
    }
    await issuer().setBlocked("usdc", BLOCKED, false);
    expect(await refusal(BLOCKED, usdc, transfer(SPENDER))).toBeUndefined();
  });

  it("blocks a wallet in USDT: it cannot pay, without a word, but can approve and be paid", async () => {
    const { usdt } = chain.tokens;
    await issuer().setBlocked("usdt", BLOCKED, true);
    expect(await refusal(BLOCKED, usdt, transfer(SPENDER))).toBe("0x");
    expect(await refusal(BLOCKED, usdt, approve)).toBeUndefined();
    expect(await refusal(SPENDER, usdt, transfer(BLOCKED))).toBeUndefined();
    await issuer().setBlocked("usdt", BLOCKED, false);
    expect(await refusal(BLOCKED, usdt, transfer(SPENDER))).toBeUndefined();
  });

  it.each([
    ["usdc", text("Pausable: paused"), text("Pausable: paused")],
    ["usdt", "0x", undefined],
  ] as const)("pauses %s, for everybody", async (token, paying, approving) => {
    await issuer().setPaused(token, true);
    await issuer().setPaused(token, true);
    expect(await refusal(SPENDER, chain.tokens[token], transfer(OTHER))).toBe(paying);
    expect(await refusal(SPENDER, chain.tokens[token], approve)).toBe(approving);
    await issuer().setPaused(token, false);
    expect(await refusal(SPENDER, chain.tokens[token], transfer(OTHER))).toBeUndefined();
  });

  it("is the only one who can block and pause", async () => {
    const block = encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "blacklist", args: [OTHER] });
    const add = encodeFunctionData({ abi: sandboxUsdtAbi, functionName: "addBlackList", args: [OTHER] });
    const pause = encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "pause" });
    expect(await refusal(OTHER, chain.tokens.usdc, block)).toBe(text("Blacklistable: caller is not the blacklister"));
    expect(await refusal(OTHER, chain.tokens.usdt, add)).toBe("0x");
    expect(await refusal(OTHER, chain.tokens.usdc, pause)).toBe(text("Pausable: caller is not the pauser"));
    expect(await refusal(OTHER, chain.tokens.usdt, pause)).toBe("0x");
  });

  it("is known by the wallets it has blocked, and by what it has paused", async () => {
    await issuer().setBlocked("usdt", BLOCKED, true);
    await issuer().setPaused("usdc", true);
    expect(await issuer().facts()).toEqual({
      usdcPaused: true,
      usdtPaused: false,
      blockedWallets: [{ token: "usdt", wallet: BLOCKED }],
    });
  });
});
