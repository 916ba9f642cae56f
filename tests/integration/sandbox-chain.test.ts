import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createPublicClient, createTestClient, createWalletClient, erc20Abi, http, keccak256, toHex } from "viem";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { EMPTY_WALLET, FUNDED_WALLETS, OPERATOR, SANDBOX_CHAIN_ID, SANDBOX_SALE } from "@/sandbox/chain/chain-facts";
import { chainControl } from "@/sandbox/chain/control";
import type { ChainControl } from "@/sandbox/chain/control";
import { startChain } from "@/sandbox/chain/start";
import type { ChainOptions, RunningChain } from "@/sandbox/chain/start";
import { SANDBOX_SALE_UUID } from "@/sandbox/constants";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";
import { freePort } from "@/tests/support/free-port";
import { startLocalServer } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const DAY = 86_400;
const sale = { address: SANDBOX_SALE, abi: sandboxSaleAbi } as const;

const running: { close(): Promise<void> | void }[] = [];

async function start(options: ChainOptions): Promise<RunningChain> {
  const chain = await startChain(options);
  running.push(chain);
  return chain;
}

function folder(): string {
  const made = temporaryFolder();
  running.unshift({ close: made.remove });
  return made.path;
}

function reader({ rpcUrl }: { rpcUrl: string }) {
  return createPublicClient({ transport: http(rpcUrl, { retryCount: 0 }) });
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

afterEach(async () => {
  for (const { close } of running.splice(0).reverse()) await close();
});

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

  it("is a local development chain whose latest block is of now", async () => {
    expect(await client.getChainId()).toBe(SANDBOX_CHAIN_ID);
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

  it("starts as Echo starts a sale: open for commitments, refunds and reductions off, 30 wallets", async () => {
    expect(await read("stage")).toBe(1);
    expect(await read("paused")).toBe(false);
    expect(await read("claimRefundEnabled")).toBe(false);
    expect(await read("reduceCommitmentEnabled")).toBe(false);
    expect(await client.readContract({ ...sale, functionName: "maxWalletsPerEntity" })).toBe(30);
  });

  it("has funded wallets, an empty one and an operator, all of which the node signs for", async () => {
    for (const wallet of FUNDED_WALLETS) {
      expect(await balance("usdc", wallet)).toBe(100_000_000_000n);
      expect(await balance("usdt", wallet)).toBe(100_000_000_000n);
    }
    expect(await balance("usdc", EMPTY_WALLET)).toBe(0n);
    expect(await client.getBalance({ address: EMPTY_WALLET })).toBeGreaterThan(0n);
    const accounts = await createWalletClient({ transport: http(chain.rpcUrl) }).getAddresses();
    expect(accounts).toEqual(expect.arrayContaining([OPERATOR, EMPTY_WALLET, ...FUNDED_WALLETS]));
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

  it("gives tokens, and takes away what gas is paid with", async () => {
    await control.mint(chain.tokens.usdt, EMPTY_WALLET, 7n);
    expect(await balance("usdt", EMPTY_WALLET)).toBe(7n);
    await control.setNativeBalance(EMPTY_WALLET, 0n);
    expect(await client.getBalance({ address: EMPTY_WALLET })).toBe(0n);
  });

  it("moves its clock and goes on from there", async () => {
    await control.moveClock(3 * DAY);
    expect((await control.time()) - seconds()).toBeGreaterThan(3 * DAY - 60);
    await control.setClock(seconds() + 5 * DAY);
    await control.mine();
    expect((await control.time()) - seconds()).toBeGreaterThan(5 * DAY - 60);
  });

  it("refuses to turn its clock back", async () => {
    await expect(control.setClock(fresh - 1)).rejects.toThrow("lower than");
  });

  it("is after a reset as it was at first, the clock too", async () => {
    await control.reset();
    expect(await read("stage")).toBe(1);
    expect(await read("paused")).toBe(false);
    expect(await balance("usdt", EMPTY_WALLET)).toBe(0n);
    expect(Math.abs((await control.time()) - seconds())).toBeLessThan(60);
  });

  it("is at wall time after a reset, and not at the time at which the node was started", async () => {
    const later = fresh + 5;
    await vi.waitFor(() => expect(seconds()).toBeGreaterThanOrEqual(later), { timeout: 20_000 });
    await control.reset();
    expect(await control.time()).toBeGreaterThanOrEqual(later);
  });
});

describe("two runs of the sandbox's chain", () => {
  it("share balances, stage and a clock that was moved ahead", async () => {
    const options = { port: await freePort(), dataFolder: folder() };
    const first = await start(options);
    const before = chainControl(first.rpcUrl);
    await before.sale.setStage("Settlement");
    await before.moveClock(30 * DAY);
    const time = await before.time();
    await first.close();

    const second = await start(options);
    expect(await reader(second).readContract({ ...sale, functionName: "stage" })).toBe(3);
    expect(await chainControl(second.rpcUrl).time()).toBeGreaterThanOrEqual(time);
  });

  it("keep everything that happened, and not the blocks in which nothing did", async () => {
    const options = { port: await freePort(), dataFolder: folder() };
    const file = join(options.dataFolder, `sandbox-chain-${options.port}.json`);
    const blocksKept = () => Number(JSON.parse(readFileSync(file, "utf8")).blocks.length);
    const first = await start(options);
    await createTestClient({ mode: "anvil", transport: http(first.rpcUrl) }).mine({ blocks: 600 });
    await chainControl(first.rpcUrl).sale.setStage("Cancellation");
    const height = await reader(first).getBlockNumber();
    const events = (client: ReturnType<typeof reader>) => client.getLogs({ address: SANDBOX_SALE, fromBlock: 0n });
    const logs = await events(reader(first));
    await first.close();
    expect(blocksKept()).toBeGreaterThan(600);

    const second = await start(options);
    expect(await reader(second).getBlockNumber()).toBeGreaterThanOrEqual(height);
    expect(await events(reader(second))).toEqual(logs);
    expect(await reader(second).readContract({ ...sale, functionName: "stage" })).toBe(2);
    await second.close();
    expect(blocksKept()).toBeLessThan(400);
  });

  it("start anew after contracts of another version", async () => {
    const options = { port: await freePort(), dataFolder: folder() };
    const first = await start(options);
    await chainControl(first.rpcUrl).sale.setStage("Done");
    const node = createTestClient({ mode: "anvil", transport: http(first.rpcUrl) });
    await node.setCode({ address: SANDBOX_SALE, bytecode: "0x00" });
    await first.close();

    const second = await start(options);
    expect(await reader(second).readContract({ ...sale, functionName: "stage" })).toBe(1);
  });

  it("start anew after a file that is no state, and keep that file", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const options = { port: await freePort(), dataFolder: folder() };
    const file = join(options.dataFolder, `sandbox-chain-${options.port}.json`);
    writeFileSync(file, '{"half":');
    const chain = await start(options);
    expect(await reader(chain).readContract({ ...sale, functionName: "stage" })).toBe(1);
    const [warning] = vi.mocked(console.warn).mock.lastCall ?? [];
    const aside = /is now (\S+)\. The chain/.exec(String(warning))?.[1] ?? "";
    expect(readFileSync(aside, "utf8")).toBe('{"half":');
  });
});

describe("a chain's port", () => {
  it("is shared by two that start at once: one runs it, the other attaches and leaves it running", async () => {
    const port = await freePort();
    const chains = await Promise.all([start({ port }), start({ port })]);
    expect(chains.map(({ attached }) => attached).sort()).toEqual([false, true]);
    await chains.find(({ attached }) => attached)?.close();
    for (const chain of chains) expect(await reader(chain).readContract({ ...sale, functionName: "stage" })).toBe(1);
  });

  it("is refused when something else answers there", async () => {
    const stranger = await startLocalServer((_, response) => void response.writeHead(404).end());
    running.push(stranger);
    await expect(startChain({ port: Number(new URL(stranger.origin).port) })).rejects.toThrow(
      "is taken by something that is not this sandbox's chain",
    );
  });
});

describe("the node", () => {
  it("answers others while its parent is busy, however much it has to say", async () => {
    const { rpcUrl } = await start({ port: 0 });
    const script = `const calls = Array.from({ length: 1000 }, (_, id) => ({ jsonrpc: "2.0", id, method: "eth_chainId" }));
      const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(calls) };
      for (let round = 0; round < 30; round += 1) await (await fetch("${rpcUrl}", request)).text();`;
    const other = spawnSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 30_000 });
    expect(other.status).toBe(0);
  });

  it("ends when its parent is killed, and has written the chain down", async () => {
    const options = { port: await freePort(), dataFolder: folder() };
    const script = `import("./sandbox/chain/start.ts").then(({ startChain }) => startChain(${JSON.stringify(options)}))
      .then(({ rpcUrl }) => console.log(rpcUrl))`;
    const parent = spawn(process.execPath, ["--import", "tsx", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [output] = await once(parent.stdout, "data");
    const client = reader({ rpcUrl: String(output).trim() });
    expect(await client.readContract({ ...sale, functionName: "stage" })).toBe(1);

    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(client.getChainId()).rejects.toThrow(), { timeout: 20_000 });
    const file = join(options.dataFolder, `sandbox-chain-${options.port}.json`);
    await vi.waitFor(() => expect(() => JSON.parse(readFileSync(file, "utf8"))).not.toThrow(), { timeout: 20_000 });
  });
});
