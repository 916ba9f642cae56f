import { beforeEach, describe, expect, it } from "vitest";
import { createPublicClient, custom, type RpcLog } from "viem";
import { isRangeRefusal, logPages } from "@/lib/chain/log-pages";
import { AnswerTooLarge } from "@/lib/http/upstream";
import { HttpRequestError, RpcRequestError } from "viem";

const SALE = "0x00000000000000000000000000000000000000aa";
const URL = "http://node.test";

let nodes = 0;
let now = 0;
beforeEach(() => {
  nodes += 1;
});

interface Asked {
  from: number;
  to: number;
}

/** A node that answers with one log per block of a request, or refuses it. */
function node(refuse: (blocks: number) => Error | undefined) {
  const asked: Asked[] = [];
  const request = ({ method, params }: { method: string; params: [{ fromBlock: string; toBlock: string }] }) => {
    if (method !== "eth_getLogs") return Promise.reject(new Error(method));
    const [from, to] = [Number(params[0].fromBlock), Number(params[0].toBlock)];
    const error = refuse(to - from + 1);
    if (error) return Promise.reject(error);
    asked.push({ from, to });
    return Promise.resolve([{ blockNumber: `0x${to.toString(16)}` }]);
  };
  return { asked, client: createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) };
}

function refusal(message: string, code = -32_000): Error {
  return new RpcRequestError({ url: URL, body: {}, error: { code, message } });
}

const atMost = (most: number) => (blocks: number) =>
  blocks > most ? refusal(`eth_getLogs is limited to a ${most} range`) : undefined;

async function read({ client }: ReturnType<typeof node>, from: bigint, to: bigint) {
  const pages: { from: bigint; logs: readonly RpcLog[] }[] = [];
  const query = { address: SALE, topics: [], from, to } as const;
  for await (const page of logPages(client, `nodes ${nodes}`, query, () => now)) pages.push(page);
  return pages;
}

describe("pages of logs", () => {
  it.each([50_000, 10_000, 1_000, 999, 10, 1])(
    "cover every block once, the newest first, on a node that allows %i blocks",
    async (most) => {
      const to = most < 100 ? 120 : 12_345;
      const there = node(atMost(most));
      const pages = await read(there, 7n, BigInt(to));
      let top = to;
      for (const { from, logs } of pages) {
        expect(logs).toEqual([{ blockNumber: `0x${top.toString(16)}` }]);
        expect(top - Number(from) + 1).toBeLessThanOrEqual(most);
        top = Number(from) - 1;
      }
      expect(top).toBe(6);
      expect(there.asked).toHaveLength(pages.length);
    },
  );

  it("are asked for in the size that worked, until that is ten minutes ago", async () => {
    await read(node(atMost(1_000)), 0n, 5_000n);
    let refused = 0;
    const counting = node((blocks) => {
      if (blocks <= 1_000) return undefined;
      refused += 1;
      return refusal("block range is too wide");
    });
    await read(counting, 0n, 5_000n);
    expect(refused).toBe(0);
    now += 600_000;
    await read(counting, 0n, 5_000n);
    expect(refused).toBeGreaterThan(0);
  });

  it("of a filter that finds too much in one block are narrow around that block only, and others' are not narrow at all", async () => {
    const crowded = 300_000;
    const sizes: Record<string, number[]> = { own: [], other: [] };
    const asker = (whose: "own" | "other") => {
      const request = ({ params }: { params: [{ fromBlock: string; toBlock: string }] }) => {
        const [from, to] = [Number(params[0].fromBlock), Number(params[0].toBlock)];
        sizes[whose]?.push(to - from + 1);
        const finds = whose === "own" && from <= crowded && to >= crowded && to > from;
        return finds ? Promise.reject(refusal("query returned more than 10000 results", -32_005)) : Promise.resolve([]);
      };
      return createPublicClient({ transport: custom({ request }, { retryCount: 0 }) });
    };
    const search = async (whose: "own" | "other") => {
      const topics = [[`0x${whose === "own" ? "01" : "02"}` as const]];
      const query = { address: SALE, topics, from: 0n, to: 600_000n } as const;
      for await (const page of logPages(asker(whose), `nodes ${nodes}`, query, () => now))
        expect(page.logs).toEqual([]);
    };
    await search("own");
    await search("other");
    expect(sizes["other"]?.filter((size) => size < 50_000)).toHaveLength(1);
    expect(sizes["own"]?.length).toBeLessThan(200);
    expect(sizes["own"]?.slice(-5).some((size) => size >= 10_000)).toBe(true);
  });

  it("of a node that fails are an error, and not asked for in ever smaller sizes", async () => {
    let asked = 0;
    const failing = node(() => {
      asked += 1;
      return refusal("internal error");
    });
    await expect(read(failing, 0n, 5_000n)).rejects.toThrow("internal error");
    expect(asked).toBe(1);
  });

  it("of a node that refuses even one block are an error", async () => {
    await expect(
      read(
        node(() => refusal("block range is too wide")),
        0n,
        5_000n,
      ),
    ).rejects.toThrow("too wide");
  });
});

const http = (status: number, details: string, cause?: Error) =>
  new HttpRequestError({ url: URL, body: {}, status, details, ...(cause && { cause }) });

describe("a refusal of too many blocks or logs is recognised", () => {
  it.each([
    ["Infura's", refusal("query returned more than 10000 results. Try with this block range [0x1, 0x2].", -32_005)],
    ["QuickNode's", refusal("eth_getLogs is limited to a 10,000 range", -32_614)],
    [
      "Alchemy's",
      refusal("Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range", -32_602),
    ],
    ["Alchemy's for free plans", http(400, '{"code":-32600,"message":"requests with up to a 10 block range"}')],
    ["PublicNode's", refusal("exceed maximum block range: 50000", -32_701)],
    [
      "Cloudflare's",
      refusal("Invalid eth_getLogs request. 'fromBlock'-'toBlock' range too large. Max range: 800", -32_047),
    ],
    ["dRPC's", refusal("ranges over 10000 blocks are not supported on freetier", 35)],
    ["Besu's", refusal("Requested range exceeds maximum RPC range limit", -32_005)],
    ["Ankr's", refusal("block range is too wide", -32_600)],
    ["Chainstack's", refusal("Block range limit exceeded. See more details", -32_000)],
    ["a node's whose query took too long", refusal("query timeout exceeded", -32_002)],
    ["one with no words", refusal("", -32_005)],
    ["HTTP's", http(413, "Payload Too Large")],
    ["this app's own, of a large answer", http(200, "", new AnswerTooLarge())],
  ])("%s", (_name, error) => {
    expect(isRangeRefusal(error)).toBe(true);
  });

  it.each([
    ["Infura's rate limit", refusal("project ID request rate exceeded", -32_005)],
    ["a daily limit", refusal("daily request count exceeded, request rate limited", -32_005)],
    ["HTTP's rate limit", http(429, "limit exceeded")],
    ["a node that is behind", refusal("block range extends beyond current head block", -32_000)],
    ["an error of the node", refusal("header not found", -32_000)],
    ["an outage", http(503, "Service Unavailable")],
    ["a bug of this app", new TypeError("too many")],
  ])("%s is none", (_name, error) => {
    expect(isRangeRefusal(error)).toBe(false);
  });
});
