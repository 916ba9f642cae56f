import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import { readAllowance, readBalance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { parsePriceTick } from "@/lib/purchase/price";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { encodePayload } from "@/sandbox/echo/permits/permit";
import {
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type OrderChanges,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
const FUNDS = 100_000_000_000n;
const AMOUNT = 125_500_000n;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

async function run(wallet: Address, changes: OrderChanges = {}, manners?: WalletManners) {
  const flow = reports();
  const context = bench.context(wallet, manners);
  const confirmed = await commit(context, bench.order(wallet, changes), flow);
  const { bid } = await readEntityBid(context, ENTITY);
  return { ...flow, context, confirmed, bid };
}

describe("a commitment of 125.50 by EIP-2612", () => {
  it("takes one transaction, and exactly that amount", async () => {
    const { context, sent, began, confirmed, bid } = await run(ANN);
    expect(sent()).toEqual(["send"]);
    expect(began()).toEqual(["check", "permit", "sign", "send", "confirm"]);
    expect(bid).toEqual({ amount: AMOUNT, lockup: false, price: 0n });
    expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(FUNDS - AMOUNT);
    expect(await readAllowance(context, USDC.address, ANN)).toBe(0n);
    expect(confirmed.block).toBe(await context.publicClient.getBlockNumber());
  });

  it("can be added to, from another wallet of the entity too, which pays only what it adds", async () => {
    const { bid: shown } = await run(ANN);
    const second = await run(ANN, { increment: 10_000_000n, shown });
    const third = await run(BEN, { increment: 1n, shown: second.bid });
    expect(third.bid.amount).toBe(135_500_001n);
    expect(await readBalance(third.context.publicClient, USDC.address, ANN)).toBe(FUNDS - 135_500_000n);
    expect(await readBalance(third.context.publicClient, USDC.address, BEN)).toBe(FUNDS - 1n);
  });

  it("falls back to an approval where the wallet signs no typed data", async () => {
    const unsupported = Object.assign(new Error("the method does not exist"), { code: -32601 });
    const { sent, bid } = await run(ANN, {}, ({ method }) =>
      method === "eth_signTypedData_v4" ? Promise.reject(unsupported) : undefined,
    );
    expect(sent()).toEqual(["approve", "send"]);
    expect(bid.amount).toBe(AMOUNT);
  });

  it("falls back to an approval where the token does not take the signature", async () => {
    const wrongDomain = { ...USDC, permit: { name: "USD Coin", version: "1" } };
    const { sent, bid } = await run(ANN, { token: wrongDomain });
    expect(sent()).toEqual(["approve", "send"]);
    expect(bid.amount).toBe(AMOUNT);
  });

  it("is approved instead by a wallet with code at its address", async () => {
    await bench.ask("anvil_setCode", [ANN, "0x00"]);
    const { began } = await run(ANN);
    expect(began()).toEqual(["check", "approve", "permit", "send", "confirm"]);
  });
});

describe("a commitment with a token that has to be approved", () => {
  const usdt = { token: USDT };

  it("is approved for exactly the amount, and the permit is fetched after that", async () => {
    const { began, sent, context, bid } = await run(ANN, usdt);
    expect(began()).toEqual(["check", "approve", "permit", "send", "confirm"]);
    expect(sent()).toEqual(["approve", "send"]);
    expect(bid.amount).toBe(AMOUNT);
    expect(await readAllowance(context, USDT.address, ANN)).toBe(0n);
    expect(await readBalance(context.publicClient, USDT.address, ANN)).toBe(FUNDS - AMOUNT);
  });

  it("goes through zero where an old allowance is too small", async () => {
    await bench.approve(ANN, USDT.address, 5n);
    const { sent, context, bid } = await run(ANN, usdt);
    expect(sent()).toEqual(["reset-allowance", "approve", "send"]);
    expect(bid.amount).toBe(AMOUNT);
    expect(await readBalance(context.publicClient, USDT.address, ANN)).toBe(FUNDS - AMOUNT);
  });

  it("is made where the token says of a missing approval nothing at all, as mainnet's USDT does", async () => {
    await bench.muteRefusals(USDT.address);
    const { sent, bid } = await run(ANN, usdt);
    expect(sent()).toEqual(["approve", "send"]);
    expect(bid.amount).toBe(AMOUNT);
  });

  it("is not approved again where the allowance covers it", async () => {
    await bench.approve(ANN, USDT.address, AMOUNT);
    expect((await run(ANN, usdt)).sent()).toEqual(["send"]);
  });
});

describe("the terms of a bid", () => {
  it("carry a lockup where the permit forces it", async () => {
    const expected = { amount: AMOUNT, price: 0n, lockup: true };
    const { bid } = await run(ANN, { permit: { Payload: encodePayload(true) }, expected });
    expect(bid).toEqual(expected);
  });

  it("carry the price that the user chose in an auction, and can raise it without paying", async () => {
    const auction = { MinPrice: 2, MaxPrice: 9 };
    const tick = parsePriceTick("0.0215");
    const at3 = { amount: AMOUNT, price: 3n, lockup: false };
    const first = await run(ANN, { permit: auction, price: 3n, tick, expected: at3 });
    expect(first.bid).toEqual(at3);
    const at5 = { ...at3, price: 5n };
    const second = await run(ANN, { permit: auction, price: 5n, tick, increment: 0n, expected: at5 });
    expect(second.bid).toEqual(at5);
    expect(second.sent()).toEqual(["send"]);
    expect(await readBalance(second.context.publicClient, USDC.address, ANN)).toBe(FUNDS - AMOUNT);
  });

  it("carry the permit's price in a sale of one price", async () => {
    const expected = { amount: AMOUNT, price: 7n, lockup: false };
    expect((await run(ANN, { permit: { MinPrice: 7, MaxPrice: 7 }, expected })).bid).toEqual(expected);
  });
});

describe("an expired permit", () => {
  it("is renewed once by itself", async () => {
    let time = 0;
    const order = bench.order(ANN);
    const flow = reports();
    const stale = async () => {
      const permit = await order.getPermit();
      // The first one runs out between its issue and the simulation.
      if (time++ === 0) await bench.control.moveClock(700);
      return permit;
    };
    await commit(bench.context(ANN), { ...order, getPermit: stale }, flow);
    expect(bench.permits).toBe(2);
    expect(flow.sent()).toEqual(["send"]);
  });
});

describe("gas", () => {
  it("is allowed for with a margin over the estimate", async () => {
    const { context, confirmed } = await run(ANN);
    const { hash = "0x" } = confirmed;
    const [transaction, receipt] = await Promise.all([
      context.publicClient.getTransaction({ hash }),
      context.publicClient.getTransactionReceipt({ hash }),
    ]);
    expect(Number(transaction.gas)).toBeGreaterThan(Number(receipt.gasUsed) * 1.4);
  });
});
