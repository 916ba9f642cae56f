import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestClient, http, type Address, type Hex } from "viem";
import type { ChainSettings } from "@/lib/config/chain";
import { readContract, readPositions } from "@/lib/chain/read-sale";
import { deadlineIn } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";
import type { Result } from "@/lib/result";
import { shortenAddress } from "@/lib/sale/hex";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { openSale } from "@/tests/conformance/support/open-sale";
import { ALICE, ANNA, ENTITY, OTHER_ENTITY } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";
import { answerJson, startLocalServer, type LocalServer } from "@/tests/support/local-server";
import { callBothUsdc } from "@/tests/support/purchase/one-symbol";
import { startRpcGate, type RpcGate } from "@/tests/support/purchase/rpc-gate";

const OTHER_UUID = "2c5f39cb-30b2-42e3-994a-1127e4ddb538";
const SILENT_AFTER_MS = 1_500;

let chain: RunningChain;
let gate: RpcGate;
let control: ChainControl;
let bench: SaleBench;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  gate = await startRpcGate(chain.rpcUrl);
  control = chainControl(chain.rpcUrl);
});
afterAll(() => gate.close().then(() => chain.close()));
beforeEach(async () => {
  await control.reset();
  bench = await openSale(chain.rpcUrl, SANDBOX_SALE);
});

function settings({
  contract = SANDBOX_SALE,
  rpcUrls = [chain.rpcUrl],
}: { contract?: Address; rpcUrls?: string[] } = {}) {
  const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
  const names = { chainId: SANDBOX_DEFAULT_CHAIN_ID, chainName: "Sandbox chain", nativeCurrency };
  return { facts: { ...names, contract, rpcUrls: [], sandboxWallet: true }, rpcUrls } satisfies ChainSettings;
}

function read(options: Parameters<typeof settings>[0] = {}, saleUUID = SANDBOX_SALE_UUID, ms = 10_000) {
  return readContract(settings(options), saleUUID, deadlineIn(ms));
}

function positions(entityIDs: readonly Hex[], atBlock?: number, ms = 10_000) {
  const query = { entityIDs, saleUUID: SANDBOX_SALE_UUID, ...(atBlock !== undefined && { atBlock }) };
  return readPositions(settings({ rpcUrls: [gate.rpcUrl] }), query, deadlineIn(ms));
}

/** What `ask` answers, and how often it asks the node for a block. */
async function blocksAsked<T>(ask: () => Promise<T>): Promise<{ answer: T; count: number }> {
  gate.requests.length = 0;
  const answer = await ask();
  return { answer, count: gate.requests.filter((body) => body.includes("eth_getBlockByNumber")).length };
}

function codeOf(result: Result<unknown>): string | undefined {
  return result.ok ? undefined : [result.error.code, result.error.reason].filter(Boolean).join(" ");
}

function dataOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.data;
}

/** Puts a contract at an address that answers every call with the words 1, 0, 0. */
async function putContractOfVersion1(address: Address): Promise<void> {
  const node = createTestClient({ mode: "anvil", transport: http(chain.rpcUrl) });
  await node.setCode({ address, bytecode: "0x600160005260606000f3" });
}

describe("the state of the sale", () => {
  it("is what the contract and the latest block say", async () => {
    await control.sale.setStage("Cancellation");
    await control.sale.setPaused(true);
    await control.sale.setClaimRefundEnabled(true);
    await control.sale.setReduceCommitmentEnabled(true);
    expect(dataOf(await read())).toEqual({
      stage: "cancellation",
      paused: true,
      blockTime: await control.time(),
      claimRefundEnabled: true,
      reduceCommitmentEnabled: true,
      tokens: [
        { address: SANDBOX_TOKENS.usdc, symbol: "USDC", decimals: 6, permit: { name: "USD Coin", version: "2" } },
        { address: SANDBOX_TOKENS.usdt, symbol: "USDT", decimals: 6 },
      ],
    });
  });

  it("tells tokens of one symbol apart, and what a wallet signs stays the same", async () => {
    const known = processGlobal("payment-tokens", () => new Map<string, unknown>());
    await callBothUsdc(bench.node);
    known.clear();
    const { tokens } = dataOf(await read());
    known.clear();
    expect(tokens.map(({ symbol, permit }) => [symbol, permit])).toEqual([
      [`USDC (${shortenAddress(SANDBOX_TOKENS.usdc)})`, { name: "USD Coin", version: "2" }],
      [`USDC (${shortenAddress(SANDBOX_TOKENS.usdt)})`, undefined],
    ]);
  });

  it("uses the chain's clock", async () => {
    const before = dataOf(await read()).blockTime;
    await control.moveClock(86_400);
    expect(dataOf(await read()).blockTime - before).toBeGreaterThanOrEqual(86_400);
  });
});

describe("what is not this sale's contract is refused", () => {
  it.each([
    ["an address without a contract", { contract: ALICE.address }, SANDBOX_SALE_UUID, "sale/wrong_contract"],
    ["another contract", { contract: SANDBOX_TOKENS.usdt }, SANDBOX_SALE_UUID, "sale/wrong_contract"],
    ["the contract of another sale", {}, OTHER_UUID, "sale/wrong_contract"],
  ])("%s", async (_name, options, saleUUID, code) => {
    expect(codeOf(await read(options, saleUUID))).toBe(code);
  });

  it("Echo's ExampleSale of the same sale, which has neither version nor stages", async () => {
    const uuid = SANDBOX_SALE_UUID.replaceAll("-", "");
    // saleUUID() answers with the id; every other call reverts without data.
    const bytecode: Hex = `0x5f3560e01c63b185b20d146011575f5ffd5b6f${uuid}60801b5f5260205ff3`;
    const address = "0x00000000000000000000000000000000000000cc";
    await createTestClient({ mode: "anvil", transport: http(chain.rpcUrl) }).setCode({ address, bytecode });
    expect(codeOf(await read({ contract: address }))).toBe("sale/wrong_contract");
  });

  it("another major version, whose stage numbers mean something else", async () => {
    await putContractOfVersion1(ANNA.address);
    expect(codeOf(await read({ contract: ANNA.address }))).toBe("sale/unsupported_contract");
  });
});

describe("nodes", () => {
  let broken: LocalServer;
  let silent: LocalServer;

  beforeAll(async () => {
    broken = await startLocalServer((_request, response) => answerJson(response, 503, {}));
    silent = await startLocalServer(() => undefined);
  });
  afterAll(() => Promise.all([broken.close(), silent.close()]));

  it("replace one another, in order", async () => {
    const answer = await read({ rpcUrls: [broken.origin, silent.origin, chain.rpcUrl] });
    expect(dataOf(answer).stage).toBe("commitment");
    expect(silent.requests.length).toBeGreaterThan(0);
  });

  it("that are all down are a Failure that can be retried", async () => {
    expect(codeOf(await read({ rpcUrls: [broken.origin, "http://127.0.0.1:1"] }))).toBe("chain/unreachable");
  });

  it("that are silent are given up in time", async () => {
    expect(codeOf(await read({ rpcUrls: [silent.origin] }, SANDBOX_SALE_UUID, SILENT_AFTER_MS))).toBe(
      "chain/unreachable timeout",
    );
  });

  it("that answer with an error of their own are not taken for the contract", async () => {
    const failing = await startLocalServer(({ body }, response) => {
      const { id, method }: { id: number; method: string } = JSON.parse(body);
      const block = { number: "0x1", timestamp: "0x1", transactions: [] };
      const error = { code: -32_603, message: "internal error" };
      answerJson(response, 200, { jsonrpc: "2.0", id, ...(method === "eth_call" ? { error } : { result: block }) });
    });
    expect(codeOf(await read({ rpcUrls: [failing.origin] }))).toBe("chain/unreachable");
    await failing.close();
  });
});

describe("positions", () => {
  it("are those of every entity asked for, in their order, with all wallets", async () => {
    await bench.accepted(bench.bid({ amount: 125_500_000n }));
    await bench.accepted(bench.bid({ by: ANNA.address, token: bench.second, amount: 200_000_001n }));
    const [other, own] = dataOf(await positions([OTHER_ENTITY, ENTITY]));
    expect(other).toMatchObject({ state: "none", rows: [] });
    expect(own).toMatchObject({ state: "committed", bid: { amount: 200_000_001n } });
    expect(own?.rows.map(({ wallet, token, committed }) => [wallet, token, committed])).toEqual([
      [ALICE.address, bench.first, 125_500_000n],
      [ANNA.address, bench.second, 74_500_001n],
    ]);
  });

  it("wait for the requested block", async () => {
    const present = Number(await bench.node.getBlockNumber());
    const later = positions([ENTITY], present + 3);
    await bench.accepted(bench.bid({ amount: 5_000_000n }));
    await control.mine();
    await control.mine();
    expect(dataOf(await later)[0]?.bid.amount).toBe(5_000_000n);
  });

  it("are returned as they are if that block does not come in time", async () => {
    const present = Number(await bench.node.getBlockNumber());
    const asked = await blocksAsked(() => positions([ENTITY], present + 200, 3_000));
    expect(dataOf(asked.answer)[0]?.state).toBe("none");
    expect(asked.count).toBeGreaterThan(1);
  });

  it.each([1_000, Number.MAX_SAFE_INTEGER])("do not wait for block %d, which cannot come in time", async (ahead) => {
    const present = Number(await bench.node.getBlockNumber());
    const asked = await blocksAsked(() => positions([ENTITY], Math.min(present + ahead, Number.MAX_SAFE_INTEGER)));
    expect(dataOf(asked.answer)[0]?.state).toBe("none");
    // The latest one, and that one.
    expect(asked.count).toBe(2);
  });
});
