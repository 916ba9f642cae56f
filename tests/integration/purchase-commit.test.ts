import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "viem";
import { commit } from "@/hooks/wallet/lazy/commit";
import { readAllowance, readBalance, readEntityBid } from "@/hooks/wallet/lazy/read-chain";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { ENTITY, PurchaseBench, reports, USDC, type OrderChanges } from "@/tests/support/purchase-bench";

const [ANN = "0x"] = FUNDED_WALLETS;
const FUNDS = 100_000_000_000n;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

async function run(wallet: Address, changes: OrderChanges = {}) {
  const flow = reports();
  const context = bench.context(wallet);
  const confirmed = await commit(context, bench.order(wallet, changes), flow);
  return { ...flow, context, confirmed };
}

describe("a commitment of 125.50 by EIP-2612", () => {
  it("takes one transaction, and exactly that amount", async () => {
    const { context, sent, began, confirmed } = await run(ANN);
    expect(sent()).toEqual(["send"]);
    expect(began()).toEqual(["check", "permit", "sign", "send", "confirm"]);
    expect(await readEntityBid(context, ENTITY)).toMatchObject({ bid: { amount: 125_500_000n, lockup: false } });
    expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(FUNDS - 125_500_000n);
    expect(await readAllowance(context, USDC.address, ANN)).toBe(0n);
    expect(confirmed.block).toBe(await context.publicClient.getBlockNumber());
  });
});
