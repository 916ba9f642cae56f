import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createPublicClient, createTestClient, http } from "viem";
import { baseSepolia } from "viem/chains";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import { chainControl } from "@/sandbox/chain/control";
import { startNode } from "@/sandbox/chain/node";
import { startChain, type ChainOptions, type RunningChain } from "@/sandbox/chain/start";
import { freePort, startLocalServer } from "@/tests/support/local-server";
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

afterEach(async () => {
  for (const { close } of running.splice(0).reverse()) await close();
});

describe("two runs of the sandbox's chain", () => {
  it("share balances, stage and a clock that was moved forward", async () => {
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

  it("have the payment tokens that each was started with; a change starts the chain anew, and a reset keeps them", async () => {
    const options = { port: await freePort(), dataFolder: folder() };
    const tokens = (chain: RunningChain) => reader(chain).readContract({ ...sale, functionName: "paymentTokens" });
    const first = await start(options);
    expect(await tokens(first)).toEqual([first.tokens.usdc, first.tokens.usdt]);
    await chainControl(first.rpcUrl).sale.setStage("Settlement");
    await first.close();

    const second = await start({ ...options, paymentTokens: ["usdt"] });
    expect(await tokens(second)).toEqual([first.tokens.usdt]);
    expect(await reader(second).readContract({ ...sale, functionName: "stage" })).toBe(1);
    await chainControl(second.rpcUrl).sale.setStage("Settlement");
    await second.close();

    const third = await start({ ...options, paymentTokens: ["usdt"] });
    expect(await reader(third).readContract({ ...sale, functionName: "stage" })).toBe(3);
    await chainControl(third.rpcUrl).reset();
    expect(await tokens(third)).toEqual([first.tokens.usdt]);
  });

  it("keep every transaction, but not the empty blocks", async () => {
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

  it("start a new chain after contracts of another version", async () => {
    const options = { port: await freePort(), dataFolder: folder() };
    const first = await start(options);
    await chainControl(first.rpcUrl).sale.setStage("Done");
    const node = createTestClient({ mode: "anvil", transport: http(first.rpcUrl) });
    await node.setCode({ address: SANDBOX_SALE, bytecode: "0x00" });
    await first.close();

    const second = await start(options);
    expect(await reader(second).readContract({ ...sale, functionName: "stage" })).toBe(1);
  });

  it("start a new chain under another id, and keep the earlier one aside", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const options = { port: await freePort(), dataFolder: folder() };
    const file = join(options.dataFolder, `sandbox-chain-${options.port}.json`);
    const first = await start(options);
    await chainControl(first.rpcUrl).sale.setStage("Done");
    await first.close();

    const second = await start({ ...options, chainId: baseSepolia.id });
    expect(await reader(second).getChainId()).toBe(baseSepolia.id);
    expect(await reader(second).readContract({ ...sale, functionName: "stage" })).toBe(1);
    expect(vi.mocked(console.warn).mock.lastCall).toEqual([
      `sandbox: the stored chain has the id 31337, not 84532: the chain starts anew. The earlier one is now ${file}.chain-31337.`,
    ]);
    await chainControl(second.rpcUrl).sale.setStage("Cancellation");
    await second.close();

    vi.mocked(console.warn).mockClear();
    const third = await start({ ...options, chainId: baseSepolia.id });
    expect(await reader(third).readContract({ ...sale, functionName: "stage" }), "the same id again").toBe(2);
    expect(console.warn).not.toHaveBeenCalled();
  });

  it("start a new chain after an invalid state file, and keep that file", async () => {
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
  it("is shared by two that start at the same time: one runs the chain, the other attaches and leaves it running", async () => {
    const port = await freePort();
    const chains = await Promise.all([start({ port }), start({ port })]);
    expect(chains.map(({ attached }) => attached).sort()).toEqual([false, true]);
    await chains.find(({ attached }) => attached)?.close();
    for (const chain of chains) expect(await reader(chain).readContract({ ...sale, functionName: "stage" })).toBe(1);
  });

  it("is waited for while its node does not answer yet", async () => {
    const { rpcUrl } = await start({ port: 0 });
    let silentFor = 10;
    const starting = await startLocalServer(async ({ body }, response) => {
      if (silentFor-- > 0) return void response.destroy();
      const headers = { "content-type": "application/json" };
      response.end(await (await fetch(rpcUrl, { method: "POST", headers, body })).text());
    });
    running.push(starting);
    const { attached } = await start({ port: Number(new URL(starting.origin).port) });
    expect(attached).toBe(true);
  });

  it("is rejected when a chain of another id answers there, with both ids", async () => {
    const { rpcUrl } = await start({ port: 0 });
    await expect(startChain({ port: Number(new URL(rpcUrl).port), chainId: baseSepolia.id })).rejects.toThrow(
      "is a chain with the id 31337, not 84532. Stop it, or set SANDBOX_CHAIN_ID=31337",
    );
  });

  it("is rejected when another program answers there", async () => {
    const stranger = await startLocalServer((_, response) => void response.writeHead(404).end());
    running.push(stranger);
    await expect(startChain({ port: Number(new URL(stranger.origin).port) })).rejects.toThrow(
      "is used by a program that is not this sandbox's chain",
    );
  });
});

describe("the node", () => {
  it("answers others while its parent is busy, even after much output", async () => {
    const { rpcUrl, close } = await startNode({ port: 0, chainId: SANDBOX_DEFAULT_CHAIN_ID });
    onTestFinished(close);
    const script = `const calls = Array.from({ length: 1000 }, (_, id) => ({ jsonrpc: "2.0", id, method: "eth_chainId" }));
      const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(calls) };
      for (let round = 0; round < 30; round += 1) await (await fetch("${rpcUrl}", request)).text();`;
    const other = spawnSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 30_000 });
    expect(other.status).toBe(0);
  });

  it("ends when its parent is killed, and has stored the chain", async () => {
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
