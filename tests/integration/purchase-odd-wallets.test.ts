import { encodeErrorResult, type Hex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { saleAbi } from "@/lib/sale/abi";
import { commit } from "@/lib/wallet/transactions/commit";
import { readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { getBack } from "@/lib/wallet/transactions/returns";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { deferred } from "@/tests/support/deferred";
import {
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
const AMOUNT = 125_500_000n;
const SIGN = "eth_signTypedData_v4";
const SEND = "eth_sendTransaction";

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** A tab's memory of wallets that cannot sign. */
function signingMemory() {
  const tokens = new Set<string>();
  return {
    tokens,
    cannotSign: (token: string) => tokens.has(token),
    remember: (token: string) => void tokens.add(token),
  };
}

describe("a wallet that does not sign typed data pays by approval", () => {
  const fails = (error: unknown) => async () => {
    await Promise.resolve();
    throw error;
  };
  const answers = (answer: unknown) => () => Promise.resolve(answer);

  it.each<[string, () => Promise<unknown>]>([
    ["an unknown method", fails({ code: -32601, message: "the method does not exist" })],
    ["an unsupported method", fails({ code: 4200 })],
    ["JSON-RPC's internal error", fails({ code: -32603, message: "Internal JSON-RPC error." })],
    ["wrong parameters", fails({ code: -32602, message: "Invalid params" })],
    ["a device's status word", fails(new Error("Ledger device: UNKNOWN_ERROR (0x6d02)"))],
    ["a device's old firmware", fails({ name: "TransportStatusError", statusCode: 0x6a80 })],
    ["words about blind signing", fails(new Error("Please enable Blind signing in the Ethereum app"))],
    ["plain text", fails("eth_signTypedData_v4 is not supported")],
    ["{}", fails({})],
    ["null", fails(null)],
    ["undefined", fails(undefined)],
    ["the answer null", answers(null)],
    ["the answer {}", answers({})],
    ["an empty answer", answers("0x")],
    ["a contract's signature (ERC-1271)", answers(`0x${"ab".repeat(130)}`)],
    ["a signature of nobody", answers(`0x${"11".repeat(64)}1b`)],
  ])("and answers with %s", async (_what, answer) => {
    const flow = reports();
    const signing = signingMemory();
    let asked = 0;
    const context = {
      ...bench.context(ANN, ({ method }) => (method === SIGN ? (asked++, answer()) : undefined)),
      signing,
    };
    await commit(context, bench.order(ANN), flow);
    expect(flow.sent()).toEqual(["approve", "send"]);
    expect(flow.events).toContainEqual({ type: "noted", note: "cannot-sign" });
    const shown = (await readEntityBid(context, ENTITY)).bid;
    expect(shown.amount).toBe(AMOUNT);
    await commit(context, bench.order(ANN, { increment: 1n, shown }), reports());
    expect(asked, "it is asked once").toBe(1);
  });

  it("with the signature of another of its accounts", async () => {
    const flow = reports();
    const byBen: WalletManners = ({ method, params }) => {
      if (method !== SIGN || !Array.isArray(params)) return undefined;
      return bench.ask(method, [BEN, params[1]]);
    };
    await commit(bench.context(ANN, byBen), bench.order(ANN), flow);
    expect(flow.sent()).toEqual(["approve", "send"]);
  });

  it("but is asked again later where it had another reason", async () => {
    const signing = signingMemory();
    let asked = 0;
    const busy: WalletManners = ({ method }) =>
      method === SIGN && ++asked === 1 ? fails({ code: -32002, message: "pending" })() : undefined;
    const context = { ...bench.context(ANN, busy), signing };
    await commit(context, bench.order(ANN), reports());
    const shown = (await readEntityBid(context, ENTITY)).bid;
    const flow = reports();
    await commit(context, bench.order(ANN, { increment: 1n, shown }), flow);
    expect([asked, flow.sent()]).toEqual([2, ["send"]]);
  });

  it.each<[string, unknown]>([
    ["4001", { code: 4001 }],
    ["4001 as text", { code: "4001" }],
    ["words", "User denied message signature"],
    ["a device's refusal", new Error("Ledger device: Condition of use not satisfied (0x6985)")],
  ])("but not for a user who declines with %s", async (_how, error) => {
    const flow = reports();
    const context = bench.context(ANN, ({ method }) => (method === SIGN ? fails(error)() : undefined));
    await expect(commit(context, bench.order(ANN), flow)).rejects.toMatchObject({ reason: { kind: "user-rejected" } });
    expect(flow.sent()).toEqual([]);
  });
});

describe("a wallet that answers a sent transaction with", () => {
  /** Sends, and answers with something made of the hash. */
  const answering =
    (answer: (hash: unknown) => unknown): WalletManners =>
    ({ method, params }) =>
      method === SEND ? bench.ask(method, params).then(answer) : undefined;

  it.each<[string, (hash: unknown) => unknown]>([
    ["null", () => null],
    ["undefined", () => undefined],
    ["{}", () => ({})],
    ["a number", () => 7],
    ["true", () => true],
    ["empty text", () => ""],
    ["0x", () => "0x"],
    ["words", () => "success"],
    ["a shorter hash", (hash) => String(hash).slice(0, 40)],
  ])("%s: nothing unreadable is kept, and the effect tells that it was sent", async (_what, answer) => {
    const flow = reports();
    const context = bench.context(ANN, answering(answer));
    const confirmed = await commit(context, bench.order(ANN, { token: USDT }), flow);
    expect(confirmed).toEqual({ block: await context.publicClient.getBlockNumber(), done: expect.anything() });
    expect(flow.events.flatMap((event) => (event.type === "sent" ? [event.hash] : []))).toEqual([undefined, undefined]);
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(AMOUNT);
  });

  it.each<[string, (hash: unknown) => unknown]>([
    ["the hash in an object", (hash) => ({ hash })],
    ["the hash by another name", (hash) => ({ transactionHash: hash })],
    ["the hash in a transaction", (hash) => ({ tx: { hash } })],
    ["a JSON-RPC answer", (hash) => ({ jsonrpc: "2.0", id: 1, result: hash })],
    ["the hash in upper case", (hash) => `0x${String(hash).slice(2).toUpperCase()}`],
    ["the hash without 0x", (hash) => String(hash).slice(2)],
  ])("%s: it is found", async (_what, answer) => {
    const context = bench.context(ANN, answering(answer));
    const { hash = "0x" } = await commit(context, bench.order(ANN), reports());
    expect(await context.publicClient.getTransaction({ hash })).toMatchObject({ hash });
  });

  it("nothing readable, while the chain cannot be read: check your wallet", async () => {
    const sent = deferred<void>();
    const context = bench.context(
      ANN,
      answering(() => (sent.resolve(), null)),
    );
    const flow = reports(() => void (bench.brokenMethod = "eth_blockNumber"));
    await expect(commit(context, bench.order(ANN), flow)).rejects.toMatchObject({
      reason: { kind: "still-pending", sentence: expect.stringMatching(/Check in your wallet/) },
    });
    await sent.promise;
  });
});

describe("a wallet that sends, and then answers with an error, is asked once and not again by another method", () => {
  const CODES = [-32000, -32601, -32602, -32004];

  /** Sends what it is asked to, by either method, and answers the first request with an error. */
  function sending(code: number) {
    const asked: string[] = [];
    const manners: WalletManners = ({ method, params }) => {
      if (method !== SEND && method !== "wallet_sendTransaction") return undefined;
      asked.push(method);
      const sent = bench.ask(SEND, params);
      if (method !== SEND) return sent;
      return sent.then(() => Promise.reject(Object.assign(new Error("it failed"), { code })));
    };
    return { asked, context: bench.context(ANN, manners) };
  }

  it.each(CODES)("a commitment (%i)", async (code) => {
    const { asked, context } = sending(code);
    // The chain shows what the wallet's answer denies.
    await expect(commit(context, bench.order(ANN), reports())).resolves.toEqual({
      block: expect.any(BigInt),
      done: expect.anything(),
    });
    expect(asked).toEqual([SEND]);
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(AMOUNT);
  });

  it.each(CODES)("a reduction, of which the second would take back as much again (%i)", async (code) => {
    await commit(bench.context(ANN), bench.order(ANN), reports());
    await bench.control.sale.setReduceCommitmentEnabled(true);
    await bench.control.sale.setStage("Cancellation");
    const { asked, context } = sending(code);
    const rows = [{ wallet: ANN, token: USDC.address, amount: 25_500_000n }];
    const reduction = { rows, amount: 25_500_000n, from: AMOUNT, total: 100_000_000n };
    const end = getBack(context, { kind: "reduce", entityId: ENTITY, reduction }, reports());
    await expect(end).resolves.toEqual({ block: expect.any(BigInt), done: expect.anything() });
    expect(asked).toEqual([SEND]);
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(100_000_000n);
  });
});

describe("a wallet's odd answers before a transaction", () => {
  it.each<[string, unknown, string]>([
    ["eth_accounts", null, "wallet-disconnected"],
    ["eth_accounts", {}, "wallet-disconnected"],
    ["eth_accounts", [7], "wallet-disconnected"],
    ["eth_chainId", null, "wrong-chain"],
    ["eth_chainId", {}, "wrong-chain"],
    ["eth_chainId", "0x", "wrong-chain"],
    ["eth_chainId", 1, "wrong-chain"],
  ])("%s with %j ask for nothing", async (method, answer, kind) => {
    const context = bench.context(ANN, (asked) => (asked.method === method ? Promise.resolve(answer) : undefined));
    const flow = reports();
    const sentence: unknown = expect.stringContaining("Nothing was sent.");
    await expect(commit(context, bench.order(ANN), flow)).rejects.toMatchObject({ reason: { kind, sentence } });
    expect(flow.sent()).toEqual([]);
  });

  it("accounts in another spelling are the same accounts", async () => {
    const context = bench.context(ANN, ({ method }) =>
      method === "eth_accounts" ? Promise.resolve([ANN.toLowerCase()]) : undefined,
    );
    await commit(context, bench.order(ANN), reports());
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(AMOUNT);
  });
});

describe("a wallet whose own node is behind, and refuses what the page's own simulation has accepted,", () => {
  const REASON = "Your wallet's network refused the transaction, though it passed this page's own check.";
  /** Sends the transactions before this one, and answers to it with the node's words. */
  function refuses(error: Error, nth: number): WalletManners {
    let asked = 0;
    return ({ method }) => (method === SEND && ++asked === nth ? Promise.reject(error) : undefined);
  }

  const reverted = (facts: object, message = "execution reverted") => Object.assign(new Error(message), facts);

  it.each<[string, Error]>([
    ["nothing but a revert", reverted({ code: -32603 })],
    ["a revert without data", reverted({ code: 3, data: "0x" })],
    ["a missing allowance", reverted({ code: 3 }, "execution reverted: ERC20: insufficient allowance")],
  ])("with %s, is told apart from the sale, and what was sent is said", async (_what, error) => {
    const byApproval = commit(bench.context(ANN, refuses(error, 2)), bench.order(ANN, { token: USDT }), reports());
    await expect(byApproval).rejects.toMatchObject({
      reason: { sentence: expect.stringContaining(`${REASON} Your commitment was not sent, but your approval was.`) },
    });
    const bySignature = commit(bench.context(ANN, refuses(error, 1)), bench.order(ANN), reports());
    await expect(bySignature).rejects.toMatchObject({
      reason: { action: "retry", sentence: `${REASON} Nothing was sent. Try again in a moment.` },
    });
  });

  it("is not believed about the sale, but the sale itself is", async () => {
    await commit(bench.context(ANN), bench.order(ANN), reports());
    await bench.control.sale.setStage("Cancellation");
    const cancel = { kind: "cancel", entityId: ENTITY } as const;
    const data = encodeErrorResult({ abi: saleAbi, errorName: "InvalidStage", args: [1, [2]] });
    const wrongStage = reverted({ code: 3, data });
    const stale = getBack(bench.context(ANN, refuses(wrongStage, 1)), cancel, reports());
    await expect(stale).rejects.toMatchObject({ reason: { kind: "wallet-node-refused" } });
    const closing: WalletManners = ({ method }) =>
      method === SEND ? bench.control.sale.setStage("Settlement").then(() => Promise.reject(wrongStage)) : undefined;
    await expect(getBack(bench.context(ANN, closing), cancel, reports())).rejects.toMatchObject({
      reason: { kind: "InvalidStage", sentence: expect.stringContaining("Nothing was sent.") },
    });
  });

  it.each<[string, Hex | undefined, string]>([
    ["says so of a reduction too", undefined, "Nothing was sent. Try again in a moment."],
    [
      "leaves open whether it was sent for an account that others may send for, which counts nothing",
      `0xef0100${"11".repeat(20)}`,
      "Check your wallet to see whether anything was sent. If not, try again in a moment.",
    ],
  ])("%s", async (_what, code, rest) => {
    await commit(bench.context(ANN), bench.order(ANN), reports());
    await bench.control.sale.setReduceCommitmentEnabled(true);
    await bench.control.sale.setStage("Cancellation");
    if (code) await bench.ask("anvil_setCode", [ANN, code]);
    const rows = [{ wallet: ANN, token: USDC.address, amount: 1_000_000n }];
    const reduction = { rows, amount: 1_000_000n, from: AMOUNT, total: AMOUNT - 1_000_000n };
    const context = bench.context(ANN, refuses(reverted({ code: 3 }), 1));
    await expect(getBack(context, { kind: "reduce", entityId: ENTITY, reduction }, reports())).rejects.toMatchObject({
      reason: { sentence: `${REASON} ${rest}` },
    });
  });
});
