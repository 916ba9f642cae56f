import { afterAll, afterEach, beforeAll, beforeEach, expect, it, describe, vi } from "vitest";
import { HttpRequestError, TransactionReceiptNotFoundError, type Address } from "viem";
import { readContract } from "@/lib/chain/read-sale";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { deadlineIn } from "@/lib/http/deadline";
import { readSaleStage, readWalletEntity, saleClient } from "@/lib/wallet/transactions/read-chain";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { ALICE } from "@/tests/conformance/support/people";
import { startLocalServer, type LocalServer } from "@/tests/support/local-server";
import { SALE_FACTS } from "@/tests/support/purchase/lagging-node";

let chain: RunningChain;

beforeAll(async () => {
  // With a block now and then: without any, all nodes would be behind after half a minute.
  chain = await startChain({ port: 0, blockSeconds: 2 });
});
afterAll(() => chain.close());

const facts = { ...SALE_FACTS, rpcUrls: [] };

/** The code of the failure of the server's read; undefined if it succeeded. */
async function failureOf(rpcUrls: readonly string[], contract: Address = SANDBOX_SALE): Promise<string | undefined> {
  const read = await readContract({ facts: { ...facts, contract }, rpcUrls }, SANDBOX_SALE_UUID, deadlineIn(10_000));
  return read.ok ? undefined : read.error.code;
}

/** The request that arrived, as far as a node's answer depends on it. */
interface Asked {
  id: number;
  method: string;
}

/** The text or value that a node answers with, status 200; `undefined`: what the real node says. */
type Answering = (asked: Asked) => unknown;

describe("a node that answers with status 200, and without a usable result,", () => {
  const servers: LocalServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function nodeThat(answer: Answering): Promise<LocalServer> {
    const server = await startLocalServer(async ({ method, body }, response) => {
      const headers = { "Access-Control-Allow-Origin": "*", "Content-Type": "application/json" };
      const asked: Asked = method === "POST" ? JSON.parse(body) : { id: 0, method: "" };
      const given = answer(asked);
      const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
      const text = given === undefined ? await (await fetch(chain.rpcUrl, request)).text() : given;
      response.writeHead(200, headers).end(typeof text === "string" ? text : JSON.stringify(text));
    });
    servers.push(server);
    return server;
  }

  const result = (value: unknown) => (asked: Asked) => ({ jsonrpc: "2.0", id: asked.id, result: value });
  const error = (value: unknown) => (asked: Asked) => ({ jsonrpc: "2.0", id: asked.id, error: value });
  /** Usable until the contract is called. */
  const onCall = (answer: Answering) => (asked: Asked) => (asked.method === "eth_call" ? answer(asked) : undefined);
  const onBlock = (answer: Answering) => (asked: Asked) => (/getBlock/.test(asked.method) ? answer(asked) : undefined);

  it.each<[string, Answering]>([
    ["a page", () => "<!doctype html><h1>Welcome</h1>"],
    ["nothing", () => ""],
    ["{}", () => ({})],
    ["null", () => "null"],
    ["a text", () => '"ok"'],
    ["half of an answer", () => '{"jsonrpc":"2.0","id":1,"resu'],
    ["a list", (asked) => [result("0x1")(asked)]],
    ["an empty list", () => []],
    ["another request's answer", (asked) => result("0x1")({ ...asked, id: asked.id + 1 })],
    ["a result that is null", result(null)],
    ["a result that is {}", result({})],
    ["a result that is false", result(false)],
    ["a result that is a number", result(31_337)],
    ["no result at all", (asked) => ({ jsonrpc: "2.0", id: asked.id })],
    ["neither result nor error", (asked) => ({ id: asked.id, error: null, result: null })],
    ["an error of its own", error({ code: -32_603, message: "Internal error" })],
    ["an error that is a text", error("rate limited")],
    ["an error without a code", error({ message: "Too many requests" })],
    ["an unknown method", error({ code: -32_601, message: "the method eth_call does not exist" })],
    ["a limit", error({ code: -32_005, message: "daily request count exceeded" })],
    ["a rejection", error({ code: -32_003, message: "rejected" })],
    ["an unauthorised key", error({ code: 4001, message: "Unauthorized" })],
    ["another chain", result("0x1")],
    ["an error about calls", onCall(error({ code: -32_000, message: "missing trie node" }))],
    ["calls that return nothing", onCall(result("0x"))],
    ["calls that return null", onCall(result(null))],
    ["calls that return half a byte", onCall(result("0x0"))],
    ["calls that return text", onCall(result("not hex"))],
    ["a block that is null", onBlock(result(null))],
    ["a block without a time", onBlock(result({ number: "0x1" }))],
    ["a block that is a text", onBlock(result("0x1"))],
    ["a block of last year", onBlock(result({ number: "0x1", timestamp: "0x60000000", transactions: [] }))],
  ])("%s: the next one is asked, by the server and by browsers", async (_case, answer) => {
    const odd = await nodeThat(answer);
    const rpcUrls = [odd.origin, chain.rpcUrl];
    expect(await failureOf(rpcUrls)).toBeUndefined();
    const browser = saleClient({ ...facts, rpcUrls });
    expect((await browser.getBlock()).timestamp).toBeGreaterThan(1_700_000_000n);
    const { stage } = await readSaleStage({ publicClient: browser, contract: SANDBOX_SALE });
    expect(stage).toBe("commitment");
    expect(odd.requests.length).toBeGreaterThan(0);
  });

  it.each<[string, Answering]>([
    ["a page", () => "<html>"],
    ["{}", () => ({})],
    ["null", () => "null"],
    ["a block that is null", onBlock(result(null))],
    ["calls that return nothing", onCall(result("0x"))],
  ])("%s: alone, it is a failure that can be retried", async (_case, answer) => {
    expect(await failureOf([(await nodeThat(answer)).origin])).toBe("chain/unreachable");
  });

  it("is preferred again if no other has anything newer", async () => {
    const old = onBlock(result({ number: "0x1", timestamp: "0x60000000", transactions: [] }));
    const rpcUrls = [(await nodeThat(old)).origin, (await nodeThat(old)).origin];
    const browser = saleClient({ ...facts, rpcUrls });
    expect((await browser.getBlock()).number).toBe(1n);
  });

  it("is not the cause of a refusal by the contract: that is an answer, and no other is asked", async () => {
    const [first, second] = [await nodeThat(() => undefined), await nodeThat(() => undefined)];
    const browser = saleClient({ ...facts, rpcUrls: [first.origin, second.origin] });
    const reader = { publicClient: browser, contract: SANDBOX_SALE };
    await expect(readWalletEntity(reader, ALICE.address)).rejects.toThrow("WalletNotInitialized");
    expect(first.requests.filter(({ body }) => body.includes("eth_call"))).toHaveLength(1);
    expect(second.requests).toEqual([]);
  });

  it("does not hide that there is no contract: if no node knows one, that is the answer", async () => {
    const rpcUrls = [(await nodeThat(() => undefined)).origin, chain.rpcUrl];
    const browser = saleClient({ ...facts, rpcUrls });
    const reader = { publicClient: browser, contract: ALICE.address };
    await expect(readSaleStage(reader)).rejects.toThrow('returned no data ("0x")');
    expect(await failureOf(rpcUrls, ALICE.address)).toBe("sale/wrong_contract");
  });

  describe("and whose head has stopped,", () => {
    const OLD = "0x60000000";
    const block = (number: string, timestamp: string) => result({ number, timestamp, transactions: [] });
    const asksFor = (server: LocalServer, method: string) =>
      server.requests.filter(({ body }) => body.includes(`"${method}"`)).length;

    /** A node that has seen no block since the one with this number, and is of the state of that time in every answer. */
    function stuckAt(number: string, timestamp = OLD): Answering {
      const answers = new Map<string, Answering>([
        ["eth_blockNumber", result(number)],
        ["eth_getBlockByNumber", block(number, timestamp)],
        ["eth_getTransactionReceipt", result(null)],
        ["eth_getTransactionByHash", result(null)],
        // The stage before the sale opens.
        ["eth_call", result(`0x${"0".repeat(64)}`)],
      ]);
      return (asked) => answers.get(asked.method)?.(asked);
    }

    const browserOf = (...nodes: LocalServer[]) =>
      saleClient({ ...facts, rpcUrls: [...nodes.map(({ origin }) => origin), chain.rpcUrl] });

    it("is left for every question, and looked at once for all that are asked at the same time", async () => {
      const stuck = await nodeThat(stuckAt("0x1"));
      const browser = browserOf(stuck);
      const read = () =>
        Promise.all([
          browser.getBlockNumber({ cacheTime: 0 }),
          readSaleStage({ publicClient: browser, contract: SANDBOX_SALE }),
        ]);
      for (const [number, { stage }] of await Promise.all([read(), read(), read()])) {
        expect(number).toBeGreaterThan(1n);
        expect(stage).toBe("commitment");
      }
      expect(asksFor(stuck, "eth_getBlockByNumber")).toBe(1);
      expect(asksFor(stuck, "eth_call") + asksFor(stuck, "eth_blockNumber")).toBe(0);
    });

    it("is the answer with the newest block, if no other has a recent one", async () => {
      const [older, newer] = [await nodeThat(stuckAt("0x1")), await nodeThat(stuckAt("0x2"))];
      const browser = saleClient({ ...facts, rpcUrls: [older.origin, newer.origin] });
      expect(await browser.getBlockNumber({ cacheTime: 0 })).toBe(2n);
    });

    it("is preferred while its block is of the future, as on a chain whose time was moved", async () => {
      const ahead = await nodeThat(stuckAt("0x1", "0xffffffff"));
      expect(await browserOf(ahead).getBlockNumber({ cacheTime: 0 })).toBe(1n);
    });

    it("is not looked at if it is the only one", async () => {
      const stuck = await nodeThat(stuckAt("0x1"));
      const browser = saleClient({ ...facts, rpcUrls: [stuck.origin] });
      expect(await browser.getBlockNumber({ cacheTime: 0 })).toBe(1n);
      expect(asksFor(stuck, "eth_getBlockByNumber")).toBe(0);
    });

    describe("by the clock", () => {
      beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "performance"] }));
      afterEach(() => void vi.useRealTimers());

      it("is noticed within a minute, and preferred again a minute after it goes on, whatever the wall clock does", async () => {
        let answer: Answering = () => undefined;
        const first = await nodeThat((asked) => answer(asked));
        const browser = browserOf(first);
        const asksFirst = async () => {
          const before = asksFor(first, "eth_blockNumber");
          await browser.getBlockNumber({ cacheTime: 0 });
          return asksFor(first, "eth_blockNumber") > before;
        };
        expect(await asksFirst()).toBe(true);
        answer = stuckAt("0x1");
        vi.advanceTimersByTime(60_000);
        expect(await asksFirst()).toBe(false);
        answer = () => undefined;
        vi.setSystemTime(Date.now() - 3_600_000);
        vi.advanceTimersByTime(59_999);
        expect(await asksFirst()).toBe(false);
        vi.advanceTimersByTime(1);
        expect(await asksFirst()).toBe(true);
      });
    });
  });

  describe("but does not know a transaction that another one knows,", () => {
    const unknown: Answering = (asked) =>
      /eth_getTransaction(?:Receipt|ByHash)/.test(asked.method) ? result(null)(asked) : undefined;
    const browserOf = (...rpcUrls: string[]) => saleClient({ ...facts, rpcUrls });

    it("is not believed", async () => {
      const [hash] = (await browserOf(chain.rpcUrl).getBlock({ blockNumber: 1n })).transactions;
      if (!hash) throw new Error("The first block has no transaction.");
      // Not the chain's own address, which the tests above have found behind at the times of their own clocks.
      const other = await nodeThat(() => undefined);
      const browser = browserOf((await nodeThat(unknown)).origin, other.origin);
      expect((await browser.getTransactionReceipt({ hash })).blockNumber).toBe(1n);
      expect((await browser.getTransaction({ hash })).blockNumber).toBe(1n);
    });

    it("is believed if no other knows it or answers, and one that fails is not waited for each time", async () => {
      const [first, second] = [await nodeThat(unknown), await nodeThat(() => "<html>")];
      const browser = browserOf(first.origin, second.origin);
      const ask = () => browser.getTransactionReceipt({ hash: `0x${"12".repeat(32)}` });
      await expect(ask()).rejects.toThrow(TransactionReceiptNotFoundError);
      const asked = second.requests.length;
      expect(asked).toBeGreaterThan(0);
      await expect(ask()).rejects.toThrow(TransactionReceiptNotFoundError);
      expect(second.requests).toHaveLength(asked);
    });

    it("is not believed while it is behind a block that another one has shown, which fails meanwhile", async () => {
      let isOverloaded = false;
      let number = "0x1";
      const timestamp = `0x${Math.floor(Date.now() / 1_000).toString(16)}`;
      const ahead = await nodeThat(() => (isOverloaded ? "<html>" : undefined));
      const behind = await nodeThat((asked) => {
        if (asked.method === "eth_blockNumber") return result(number)(asked);
        return onBlock(result({ number, timestamp }))(asked) ?? unknown(asked);
      });
      const browser = browserOf(ahead.origin, behind.origin);
      const shown = await browser.getBlockNumber();
      isOverloaded = true;
      const ask = () => browser.getTransactionReceipt({ hash: `0x${"12".repeat(32)}` });
      await expect(ask()).rejects.toThrow(HttpRequestError);
      number = `0x${shown.toString(16)}`;
      await expect(ask()).rejects.toThrow(TransactionReceiptNotFoundError);
    });
  });
});
