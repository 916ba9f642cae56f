import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { encodeEventTopics, numberToHex, padHex, type Hex } from "viem";
import { scanActivity } from "@/lib/chain/scan-activity";
import type { ChainSettings } from "@/lib/config/chain";
import { deadlineIn } from "@/lib/http/deadline";
import { saleAbi } from "@/lib/sale/abi";
import { answerJson, startLocalServer, type LocalServer } from "@/tests/support/local-server";
import { somePosition } from "@/tests/support/purchase/some-purchase";

const SALE = "0x00000000000000000000000000000000000005a1";
const WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";
const OWN: Hex = "0x0000000000000000000000000000e001";
const OTHER: Hex = "0x0000000000000000000000000000e002";

/** A chain of 100,000 blocks; those up to the one 100 before the last are final. */
const HEAD = 100_000;
const FIRST_EVENT = 2;

interface Answer {
  result?: unknown;
  error?: { code: number; message: string };
}

let server: LocalServer;
let asked: [from: number, to: number][] = [];
let answerLogs: (from: number, to: number) => Answer;
let chains = 0;

function logOf(block: number, entityID: Hex, address = SALE) {
  const topics = encodeEventTopics({
    abi: saleAbi,
    eventName: "EntityInitialized",
    args: { entityID, wallet: WALLET },
  });
  const hash = padHex(numberToHex(block), { size: 32 });
  const place = { blockNumber: numberToHex(block), blockHash: hash, transactionHash: hash, logIndex: "0x0" };
  return { address, topics, data: "0x", transactionIndex: "0x0", removed: false, ...place };
}

function answerTo(method: string, params: unknown[]): Answer {
  if (method === "eth_getLogs") {
    const { fromBlock, toBlock } = Object(params[0]) as { fromBlock: Hex; toBlock: Hex };
    return answerLogs(Number(fromBlock), Number(toBlock));
  }
  const number = { latest: HEAD, finalized: HEAD - 100 }[String(params[0])] ?? Number(params[0]);
  const [hex, hash] = [numberToHex(number), padHex(numberToHex(number), { size: 32 })];
  return { result: { number: hex, timestamp: hex, hash, transactions: [] } };
}

beforeAll(async () => {
  server = await startLocalServer(({ body }, response) => {
    const { id, method, params }: { id: number; method: string; params: unknown[] } = JSON.parse(body);
    answerJson(response, 200, { jsonrpc: "2.0", id, ...answerTo(method, params) });
  });
});
afterAll(() => server.close());
beforeEach(() => {
  chains += 1;
  asked = [];
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  answerLogs = (from, to) => {
    asked.push([from, to]);
    if (to - from >= 1_000) return { error: { code: -32_602, message: "eth_getLogs is limited to a 1000 range" } };
    // As on a slow node: ten pages of four requests each take the four seconds of a search.
    vi.advanceTimersByTime(100);
    // The wall clock is set back meanwhile, which prolongs no search.
    vi.setSystemTime(Date.now() - 1_000);
    const events =
      from <= FIRST_EVENT && to >= FIRST_EVENT
        ? [logOf(FIRST_EVENT, OWN), logOf(FIRST_EVENT, OTHER), logOf(3, OWN, WALLET)]
        : [];
    return { result: events };
  };
});
afterEach(() => vi.useRealTimers());

function scan() {
  const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
  const facts = {
    chainId: chains,
    chainName: "Test",
    nativeCurrency,
    contract: SALE,
    rpcUrls: [],
    sandboxWallet: false,
  } as const;
  const chain: ChainSettings = { facts, rpcUrls: [server.origin] };
  const holdings = [{ entityId: OWN, position: somePosition("none") }];
  return scanActivity(chain, { holdings, head: BigInt(HEAD) }, deadlineIn(60_000));
}

it("what cannot be searched in one go is found by the next ones, which read no final block twice", async () => {
  const outcomes = [];
  let searches = 0;
  do {
    const { missing, events } = await scan();
    outcomes.push(missing);
    if (missing !== "to-search") expect(events.map(({ entityId, block }) => [entityId, block])).toEqual([[OWN, 2n]]);
  } while (outcomes.at(-1) === "to-search" && (searches += 1) < 20);
  expect(outcomes.length).toBeGreaterThan(1);
  expect(outcomes.at(-1)).toBe("none");
  const final = asked.filter(([from, to]) => to - from < 1_000 && from <= HEAD - 100).map(([from]) => from);
  expect(new Set(final).size).toBe(final.length);
});

it("a node that fails on the way leaves what was found, and says that the rest is unread; the next search goes on there", async () => {
  const answer = answerLogs;
  let left = 12;
  answerLogs = (from, to) => {
    if (to - from < 1_000) left -= 1;
    return left < 0 ? { error: { code: -32_000, message: "internal error" } } : answer(from, to);
  };
  expect((await scan()).missing).toBe("unread");
  left = Infinity;
  const before = asked.length;
  while ((await scan()).missing === "to-search");
  expect((await scan()).missing).toBe("none");
  const later = asked.slice(before).map(([, to]) => to);
  expect(later.filter((to) => to < HEAD && to > HEAD - 8_000)).toEqual([]);
});

it("a node that cannot even give the newest blocks is an error", async () => {
  answerLogs = () => ({ error: { code: -32_000, message: "internal error" } });
  await expect(scan()).rejects.toThrow("internal error");
});
