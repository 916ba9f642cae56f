import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createPublicClient, createWalletClient, erc20Abi, http, keccak256, toHex } from "viem";
import { baseSepolia } from "viem/chains";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { EMPTY_WALLET, FUNDED_WALLETS, PERSONA_WALLETS, MULTICALL, OPERATOR } from "@/sandbox/chain/chain-facts";
import multicall from "@/sandbox/chain/multicall3.json" with { type: "json" };
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";

const DAY = 86_400;
const sale = { address: SANDBOX_SALE, abi: sandboxSaleAbi } as const;

function reader({ rpcUrl }: { rpcUrl: string }) {
  return createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }) });
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

describe("the sandbox's chain", () => {
  let chain: RunningChain;
  let client: ReturnType<typeof reader>;
  let control: ChainControl;
  let fresh: number;

  beforeAll(async () => {
    chain = await startChain({ port: 0 });
    client = reader(chain);
    control = chainControl(chain.rpcUrl);
    fresh = await control.time();
  });
  afterAll(() => chain.close());

  const read = (functionName: "stage" | "paused" | "claimRefundEnabled" | "reduceCommitmentEnabled") =>
    client.readContract({ ...sale, functionName });

  const balance = (token: "usdc" | "usdt", owner: (typeof FUNDED_WALLETS)[number]) =>
    client.readContract({ address: chain.tokens[token], abi: erc20Abi, functionName: "balanceOf", args: [owner] });

  it("is a local development chain whose latest block is current", async () => {
    expect(await client.getChainId()).toBe(SANDBOX_DEFAULT_CHAIN_ID);
    expect(Math.abs(fresh - seconds())).toBeLessThan(60);
  });

  it("has the sale at its fixed address, set up for the sandbox's Echo", async () => {
    expect(await client.readContract({ ...sale, functionName: "saleUUID" })).toBe(
      `0x${SANDBOX_SALE_UUID.replaceAll("-", "")}`,
    );
    expect(await client.readContract({ ...sale, functionName: "version" })).toEqual([2, 0, 0]);
    expect(await client.readContract({ ...sale, functionName: "paymentTokens" })).toEqual(Object.values(chain.tokens));
    const signerRole = keccak256(toHex("PURCHASE_PERMIT_SIGNER_ROLE"));
    expect(
      await client.readContract({ ...sale, functionName: "hasRole", args: [signerRole, permitSigner().address] }),
    ).toBe(true);
  });

  it("starts like a sale of Echo: open for commitments, refunds and reductions off, 30 wallets", async () => {
    expect(await read("stage")).toBe(1);
    expect(await read("paused")).toBe(false);
    expect(await read("claimRefundEnabled")).toBe(false);
    expect(await read("reduceCommitmentEnabled")).toBe(false);
    expect(await client.readContract({ ...sale, functionName: "maxWalletsPerEntity" })).toBe(30);
  });

  it("has Multicall3 where every chain has it, so that foreign apps can batch their reads, also after a reset", async () => {
    const batched = () =>
      createPublicClient({ chain: baseSepolia, transport: http(chain.rpcUrl), batch: { multicall: true } });
    const codeHash = async () => keccak256((await client.getCode({ address: MULTICALL })) ?? "0x");
    const stages = () =>
      batched().multicall({ contracts: [{ ...sale, functionName: "stage" } as const], allowFailure: false });
    expect(await codeHash()).toBe(multicall.codeHash);
    expect(await stages()).toEqual([1]);
    await control.reset();
    expect(await stages()).toEqual([1]);
  });

  it("has funded wallets, an empty one and an operator, and the node signs for all of them", async () => {
    for (const wallet of [...FUNDED_WALLETS, ...PERSONA_WALLETS]) {
      expect(await balance("usdc", wallet)).toBe(100_000_000_000n);
      expect(await balance("usdt", wallet)).toBe(100_000_000_000n);
    }
    expect(await balance("usdc", EMPTY_WALLET)).toBe(0n);
    expect(await client.getBalance({ address: EMPTY_WALLET })).toBeGreaterThan(0n);
    const accounts = await createWalletClient({ transport: http(chain.rpcUrl) }).getAddresses();
    expect(accounts).toEqual(expect.arrayContaining([OPERATOR, EMPTY_WALLET, ...FUNDED_WALLETS, ...PERSONA_WALLETS]));
  });

  it("moves the sale from any stage to any other, pauses it and switches its flags", async () => {
    for (const [stage, name] of [
      [3, "Settlement"],
      [0, "PreOpen"],
      [4, "Done"],
      [2, "Cancellation"],
    ] as const) {
      await control.sale.setStage(name);
      expect(await read("stage")).toBe(stage);
    }
    await control.sale.setPaused(true);
    expect(await read("paused")).toBe(true);
    await control.sale.setClaimRefundEnabled(true);
    expect(await read("claimRefundEnabled")).toBe(true);
    await control.sale.setReduceCommitmentEnabled(true);
    expect(await read("reduceCommitmentEnabled")).toBe(true);
  });

  it("mints tokens and removes a wallet's ETH", async () => {
    await control.mint(chain.tokens.usdt, EMPTY_WALLET, 7n);
    expect(await balance("usdt", EMPTY_WALLET)).toBe(7n);
    await control.setNativeBalance(EMPTY_WALLET, 0n);
    expect(await client.getBalance({ address: EMPTY_WALLET })).toBe(0n);
  });

  it("moves its clock and continues from there", async () => {
    await control.moveClock(3 * DAY);
    expect((await control.time()) - seconds()).toBeGreaterThan(3 * DAY - 60);
    await control.setClock(seconds() + 5 * DAY);
    await control.mine();
    expect((await control.time()) - seconds()).toBeGreaterThan(5 * DAY - 60);
  });

  it("rejects an earlier time", async () => {
    await expect(control.setClock(fresh - 1)).rejects.toThrow("lower than");
  });

  it("is in its initial state after a reset, with its clock", async () => {
    await control.reset();
    expect(await read("stage")).toBe(1);
    expect(await read("paused")).toBe(false);
    expect(await balance("usdt", EMPTY_WALLET)).toBe(0n);
    expect(Math.abs((await control.time()) - seconds())).toBeLessThan(60);
  });

  it("is at wall time after a reset, not at the start time of the node", async () => {
    const later = fresh + 5;
    await vi.waitFor(() => expect(seconds()).toBeGreaterThanOrEqual(later), { timeout: 20_000 });
    await control.reset();
    expect(await control.time()).toBeGreaterThanOrEqual(later);
  });
});

describe("the door of the chain", () => {
  const GUESTS = { hosts: ["sandbox"], origins: ["https://app.tunnel.example"] };
  let chain: RunningChain;
  let port: number;

  beforeAll(async () => {
    chain = await startChain({ port: 0, guests: GUESTS });
    port = Number(new URL(chain.rpcUrl).port);
  });
  afterAll(() => chain.close());

  /** `fetch` lets no caller set Host and Origin. */
  function ask(headers: Record<string, string>, method = "POST", asked = "eth_chainId") {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: asked, params: [] });
    return new Promise<{ status: number; allowed: string | undefined; text: string }>((resolve, reject) => {
      const sent = request({
        host: "127.0.0.1",
        port,
        method,
        headers: { "content-type": "application/json", ...headers },
      });
      sent.on("error", reject).on("response", (answer) => {
        const { statusCode: status = 0, headers: given } = answer;
        text(answer).then(
          (body) => resolve({ status, allowed: given["access-control-allow-origin"], text: body }),
          reject,
        );
      });
      sent.end(method === "POST" ? body : undefined);
    });
  }

  it.each(["http://localhost:3000", "http://127.0.0.1:5173", "http://sale.localhost:3000", ...GUESTS.origins])(
    "is open to pages of %s",
    async (origin) => {
      expect(await ask({ origin })).toMatchObject({
        status: 200,
        allowed: origin,
        text: expect.stringContaining("0x"),
      });
      expect(await ask({ origin }, "OPTIONS")).toMatchObject({ status: 204, allowed: origin });
    },
  );

  it.each(["http://evil.example", "null", "https://localhost.evil.example", "https://tunnel.example", "file://"])(
    "is closed to pages of %s, which could have the node ask this network",
    async (origin) => {
      for (const method of ["POST", "OPTIONS"])
        expect(await ask({ origin }, method, "anvil_reset")).toMatchObject({ status: 403, allowed: undefined });
    },
  );

  it("is closed to a foreign name that leads here (DNS rebinding), and open to the names of its settings", async () => {
    expect(await ask({ host: `evil.example:${port}` })).toMatchObject({ status: 421 });
    expect(await ask({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` })).toMatchObject({
      status: 421,
    });
    expect(await ask({ host: "sandbox:8546" })).toMatchObject({ status: 200 });
  });

  it("is open to programs, which say no origin, and gives pages no answer to read without it", async () => {
    expect(await ask({})).toMatchObject({ status: 200, allowed: undefined });
  });
});
