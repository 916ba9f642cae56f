import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Hex } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import { readAllowance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { waitForRequest } from "@/lib/wallet/transactions/wait-for-request";
import type { StateBefore } from "@/lib/purchase/progress";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
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
const SEND = "eth_sendTransaction";
const PATIENT = { timeout: 20_000 };
const NO_TRANSACTION: Hex = `0x${"ab".repeat(32)}`;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** A wallet that keeps what it is asked to send, and answers with something else. */
function proposing(answer: (proposal: number) => unknown) {
  const proposals: unknown[] = [];
  const manners: WalletManners = ({ method, params }) => {
    if (method !== SEND) return undefined;
    proposals.push(params);
    return Promise.resolve(answer(proposals.length));
  };
  const proposed = (count: number) => vi.waitFor(() => expect(proposals).toHaveLength(count), PATIENT);
  return {
    manners,
    proposed,
    /** The others sign: the latest proposal is carried out. */
    execute: async (count: number) => {
      await proposed(count);
      return bench.ask(SEND, proposals.at(-1));
    },
  };
}

const makeContract = (code: Hex = "0x00") => bench.ask("anvil_setCode", [ANN, code]);

/** The states that a flow has stored to recognise effects by. */
function befores({ events }: ReturnType<typeof reports>): (StateBefore | undefined)[] {
  return events.flatMap((event) => (event.type === "sent" ? [event.before] : []));
}

describe("a contract account, for which others have to sign", () => {
  it.each<[string, (proposal: number) => unknown]>([
    ["a hash that never appears", () => NO_TRANSACTION],
    ["a short identifier", (proposal) => `0x${proposal}`],
    ["a long identifier (EIP-5792)", () => `0x${"cd".repeat(64)}`],
    ["a UUID", () => "6f4bd9f2-3f0e-4d2c-9a39-0a4c07f0a4b1"],
    ["an object with an identifier", () => ({ id: "0x12", safeTxHash: NO_TRANSACTION })],
    ["null", () => null],
  ])("is waited for by the effect where its wallet answers with %s", async (_what, answer) => {
    await makeContract();
    const { manners, execute } = proposing(answer);
    const context = bench.context(ANN, manners);
    const flow = reports();
    const end = commit(context, bench.order(ANN), flow);
    await execute(1);
    await execute(2);
    const confirmed = await end;
    expect(confirmed.hash).toBeUndefined();
    expect(confirmed.block).toBe(await context.publicClient.getBlockNumber());
    expect(flow.sent()).toEqual(["approve", "send"]);
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(AMOUNT);
    expect(befores(flow)).toEqual([
      { block: expect.any(String), value: "0" },
      { block: expect.any(String), value: "0" },
    ]);
  });

  it("is named by its hash where that is the transaction's", async () => {
    await makeContract();
    const context = bench.context(ANN);
    const { hash = "0x" } = await commit(context, bench.order(ANN), reports());
    expect(await context.publicClient.getTransactionReceipt({ hash })).toMatchObject({ status: "success" });
  });

  it("is not confirmed by a transaction that only proposes", async () => {
    await makeContract();
    await bench.approve(ANN, USDC.address, AMOUNT);
    const proposal = await bench.ask(SEND, [{ from: BEN, to: BEN }]);
    const { manners, execute, proposed } = proposing(() => proposal);
    const context = bench.context(ANN, manners);
    const settled = vi.fn();
    const end = commit(context, bench.order(ANN), reports()).finally(settled);
    await proposed(1);
    const asked = () => bench.requests.filter((body) => body.includes("eth_getTransactionReceipt")).length;
    await vi.waitFor(() => expect(asked()).toBeGreaterThan(0), PATIENT);
    expect(settled).not.toHaveBeenCalled();
    await execute(1);
    expect((await end).block).toBe(await context.publicClient.getBlockNumber());
  });

  it("goes through zero with USDT too", async () => {
    await bench.approve(ANN, USDT.address, 5n);
    await makeContract();
    const { manners, execute } = proposing(() => NO_TRANSACTION);
    const context = bench.context(ANN, manners);
    const flow = reports();
    const end = commit(context, bench.order(ANN, { token: USDT }), flow);
    for (const proposal of [1, 2, 3]) await execute(proposal);
    await end;
    expect(flow.sent()).toEqual(["reset-allowance", "approve", "send"]);
    expect(await readAllowance(context, USDT.address, ANN)).toBe(0n);
  });

  it("is not confirmed by what another wallet of the entity does meanwhile", async () => {
    await makeContract();
    await bench.approve(ANN, USDC.address, AMOUNT);
    const { manners, proposed } = proposing(() => NO_TRANSACTION);
    const context = bench.context(ANN, manners);
    const controller = new AbortController();
    const settled = vi.fn();
    const end = commit(context, bench.order(ANN), { ...reports(), signal: controller.signal });
    end.catch(() => undefined).finally(settled);
    await proposed(1);
    await commit(bench.context(BEN), bench.order(BEN), reports());
    const states = () => bench.requests.filter((body) => body.includes(ENTITY.slice(2))).length;
    const before = states();
    await vi.waitFor(() => expect(states()).toBeGreaterThan(before + 3), PATIENT);
    expect(settled).not.toHaveBeenCalled();
    controller.abort();
    await expect(end).rejects.toMatchObject({ reason: { kind: "still-pending" } });
  });

  it("is waited for after a reload, with what was stored before it was sent", async () => {
    await makeContract();
    await bench.approve(ANN, USDC.address, AMOUNT);
    const { manners, execute, proposed } = proposing(() => "0x1234");
    const context = bench.context(ANN, manners);
    const flow = reports();
    const closed = new AbortController();
    commit(context, bench.order(ANN), { ...flow, signal: closed.signal }).catch(() => undefined);
    await proposed(1);
    await vi.waitFor(() => expect(flow.sent()).toEqual(["send"]), PATIENT);
    closed.abort();
    const [before] = befores(flow);
    const effect = {
      of: "commitment",
      wallet: ANN,
      entityId: ENTITY,
      token: USDC.address,
      increment: AMOUNT,
      total: AMOUNT,
    } as const;
    const onSlow = vi.fn();
    const asked = { account: ANN, to: context.contract, effect, ...(before && { before }) };
    const found = waitForRequest(context, asked, { onSlow, slowAfterMs: 100 });
    await vi.waitFor(() => expect(onSlow).toHaveBeenCalled(), PATIENT);
    await execute(1);
    expect(await found).toEqual({
      status: "noticed",
      block: await context.publicClient.getBlockNumber(),
      done: expect.anything(),
    });
  });
});

it("is not confirmed by the operator, who takes an earlier commitment down meanwhile", async () => {
  await commit(bench.context(ANN), bench.order(ANN), reports());
  await makeContract();
  await bench.approve(ANN, USDC.address, AMOUNT);
  const { manners, proposed } = proposing(() => NO_TRANSACTION);
  const context = bench.context(ANN, manners);
  const settled = vi.fn();
  const controller = new AbortController();
  const shown = (await readEntityBid(context, ENTITY)).bid;
  const end = commit(context, bench.order(ANN, { shown }), { ...reports(), signal: controller.signal });
  end.catch(() => undefined).finally(settled);
  await proposed(1);
  await bench.control.sale.forceReduceCommitment([{ wallet: ANN, token: USDC.address, amount: 25_500_000n }]);
  const states = () => bench.requests.filter((body) => body.includes(ENTITY.slice(2))).length;
  const before = states();
  await vi.waitFor(() => expect(states()).toBeGreaterThan(before + 3), PATIENT);
  expect(settled).not.toHaveBeenCalled();
  controller.abort();
  await expect(end).rejects.toMatchObject({ reason: { kind: "still-pending" } });
});

describe("an account that sends through others, under a hash that no node learns of", () => {
  it.each<[string, Hex]>([
    ["it delegates to a contract (EIP-7702)", `0xef0100${"11".repeat(20)}`],
    ["its contract is not deployed yet", "0x"],
  ])("is waited for by the effect: %s", async (_what, code) => {
    await makeContract(code);
    const { manners, execute } = proposing(() => NO_TRANSACTION);
    const context = bench.context(ANN, manners);
    const flow = reports();
    const end = commit(context, bench.order(ANN, { token: USDT }), flow);
    await execute(1);
    await execute(2);
    const confirmed = await end;
    expect(confirmed.hash).toBeUndefined();
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(AMOUNT);
    expect(befores(flow), "nothing is said of others who sign").toEqual([undefined, undefined]);
  });

  it("also after a reload", async () => {
    const { manners, execute, proposed } = proposing(() => NO_TRANSACTION);
    const context = bench.context(ANN, manners);
    const flow = reports();
    const closed = new AbortController();
    commit(context, bench.order(ANN, { token: USDT }), { ...flow, signal: closed.signal }).catch(() => undefined);
    await proposed(1);
    await vi.waitFor(() => expect(flow.sent()).toEqual(["approve"]), PATIENT);
    closed.abort();
    const fallback = flow.events.flatMap((event) => (event.type === "sent" ? [event.fallback] : []))[0];
    const effect = { of: "allowance", wallet: ANN, token: USDT.address } as const;
    const asked = { account: ANN, to: USDT.address, hash: NO_TRANSACTION, effect };
    const found = waitForRequest(context, { ...asked, ...(fallback && { fallback }) });
    await execute(1);
    expect(await found).toEqual({
      status: "noticed",
      block: await context.publicClient.getBlockNumber(),
      done: expect.anything(),
    });
  });
});

describe("a wallet that names a transaction of somebody else, as bundlers of operations send", () => {
  const CODES: readonly [string, Hex][] = [
    ["delegates to a contract (EIP-7702)", `0xef0100${"11".repeat(20)}`],
    ["has no code", "0x"],
  ];
  const bundle = () => bench.ask(SEND, [{ from: BEN, to: BEN }]);

  it.each(CODES)("has committed nothing where its success changed nothing: the account %s", async (_what, code) => {
    await makeContract(code);
    await bench.approve(ANN, USDC.address, AMOUNT);
    const context = bench.context(ANN, ({ method }) => (method === SEND ? bundle() : undefined));
    const end = commit(context, bench.order(ANN), reports());
    await expect(end).rejects.toMatchObject({ reason: { kind: "without-effect", action: "reload" } });
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(0n);
  });

  it.each(CODES)("has committed where another transaction had the effect: the account %s", async (_what, code) => {
    await makeContract(code);
    await bench.approve(ANN, USDC.address, AMOUNT);
    const carriedOut = async (params: unknown) => (await bench.ask(SEND, params), bundle());
    const context = bench.context(ANN, ({ method, params }) => (method === SEND ? carriedOut(params) : undefined));
    const confirmed = await commit(context, bench.order(ANN), reports());
    expect(confirmed, "the named transaction is not the commitment").toEqual({
      block: expect.any(BigInt),
      done: expect.anything(),
    });
    expect((await readEntityBid(context, ENTITY)).bid.amount).toBe(AMOUNT);
  });

  it("has committed nothing where it names the commitment before", async () => {
    const first = await commit(bench.context(ANN), bench.order(ANN), reports());
    await bench.approve(ANN, USDC.address, AMOUNT);
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const context = bench.context(ANN, ({ method }) => (method === SEND ? Promise.resolve(first.hash) : undefined));
    const flow = reports();
    const end = commit(context, bench.order(ANN, { shown }), flow);
    end.catch(() => undefined);
    await vi.waitFor(() => expect(flow.sent()).toEqual(["send"]), PATIENT);
    await bench.ask("evm_mine");
    await expect(end).rejects.toMatchObject({ reason: { kind: "without-effect" } });
  });
});

it("an account that delegates to a contract (EIP-7702) sends as any other", async () => {
  await makeContract(`0xef0100${"11".repeat(20)}`);
  const flow = reports();
  const { hash } = await commit(bench.context(ANN), bench.order(ANN), flow);
  expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
  expect(befores(flow)).toEqual(befores(flow).map(() => undefined));
});
