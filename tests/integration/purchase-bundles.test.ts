import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeFunctionData, numberToHex, type Address, type Hex } from "viem";
import { saleAbi } from "@/lib/sale/abi";
import { getBack, type ReturnOrder } from "@/lib/wallet/transactions/returns";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { delegate, sendBundle, type Operation } from "@/tests/support/purchase/bundles";
import {
  commitByTwo,
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x", CAROL = "0x"] = FUNDED_WALLETS;
const PART = 50_000_000n;
const WHOLE = 4n * PART;
const SEND = "eth_sendTransaction";

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

const CANCEL = encodeFunctionData({ abi: saleAbi, functionName: "cancelBid" });
const reduceCall = (wallet: Address, amount: bigint) =>
  encodeFunctionData({
    abi: saleAbi,
    functionName: "reduceCommitment",
    args: [[{ wallet, token: USDC.address, amount }]],
  });

const cancellation: ReturnOrder = { kind: "cancel", entityId: ENTITY };
function annsReduction(): ReturnOrder {
  const rows = [{ wallet: ANN, token: USDC.address, amount: PART }];
  return { kind: "reduce", entityId: ENTITY, reduction: { rows, amount: PART, from: WHOLE, total: WHOLE - PART } };
}

const committedByTwo = () => commitByTwo(bench, [ANN, BEN], WHOLE / 2n);

const operationOf = (params: unknown) => (params as [{ to: Address; data: Hex }])[0];

describe("a bundle with several operations of one entity (EIP-7702)", () => {
  beforeEach(async () => {
    await committedByTwo();
    await delegate(bench, ANN, BEN);
  });

  const bens = (data: Hex): Operation => ({ account: BEN, to: bench.context(BEN).contract, data });
  /** The wallet's request goes into a bundle. */
  function bundling(make: (anns: Operation) => Operation[]): WalletManners {
    return ({ method, params }) =>
      method === SEND ? sendBundle(bench, CAROL, make({ account: ANN, ...operationOf(params) })) : undefined;
  }
  const getAnns = (order: ReturnOrder, make: (anns: Operation) => Operation[]) =>
    getBack(bench.context(ANN, bundling(make)), order, reports());
  const failing = (operation: Operation): Operation => ({ ...operation, gas: 30_000 });
  const withoutEffect = { reason: { kind: "without-effect" } };

  it.each<[string, (anns: Operation) => Operation[], bigint]>([
    ["another wallet's before it", (anns) => [bens(reduceCall(BEN, PART / 2n)), anns], WHOLE - (3n * PART) / 2n],
    ["another wallet's after it", (anns) => [anns, bens(reduceCall(BEN, PART / 2n))], WHOLE - (3n * PART) / 2n],
    ["another wallet's cancellation after it", (anns) => [anns, bens(CANCEL)], 0n],
    ["another one of its own", (anns) => [anns, { ...anns, data: reduceCall(ANN, 1n) }], WHOLE - PART - 1n],
  ])("has carried a reduction out beside %s", async (_what, make, total) => {
    const { hash, done } = await getAnns(annsReduction(), make);
    expect(hash).toMatch(/^0x/);
    expect(done).toMatchObject({ token: USDC.address, takenBack: PART, total });
  });

  it("has not where the reduction failed in it, and another one succeeded", async () => {
    const end = getAnns(annsReduction(), (anns) => [failing(anns), bens(reduceCall(BEN, PART / 2n))]);
    await expect(end).rejects.toMatchObject(withoutEffect);
  });

  it("has not cancelled where the cancellation failed in it, and a reduction succeeded", async () => {
    const end = getAnns(cancellation, (anns) => [failing(anns), bens(reduceCall(BEN, PART / 2n))]);
    await expect(end).rejects.toMatchObject(withoutEffect);
  });

  it("has cancelled where another wallet's reduction came before it", async () => {
    const { done } = await getAnns(cancellation, (anns) => [bens(reduceCall(BEN, PART / 2n)), anns]);
    expect(done).toMatchObject({ takenBack: WHOLE });
  });
});

describe("another call of the sale, by the same account on another device, that used the nonce", () => {
  beforeEach(committedByTwo);

  const FEE = 2_000_000_000;

  /** The wallet's transaction stays out of every block, until one with a higher fee takes its place. */
  async function replaced(order: ReturnOrder, data: Hex) {
    await bench.ask("evm_setAutomine", [false]);
    const nonce = await bench.ask("eth_getTransactionCount", [ANN, "latest"]);
    const withFee = (call: object, fee: number) => [{ ...call, from: ANN, nonce, gasPrice: numberToHex(fee) }];
    let asked = Infinity;
    const manners: WalletManners = ({ method, params }) => {
      if (method !== SEND) return undefined;
      asked = bench.requests.length;
      return bench.ask(SEND, withFee(operationOf(params), FEE));
    };
    const context = bench.context(ANN, manners);
    const end = getBack(context, order, reports());
    end.catch(() => undefined);
    // The watcher looks into a whole block only once it knows what is to be replaced.
    const looks = () => bench.requests.slice(asked).some((body) => /eth_getBlockByNumber.*true\]/.test(body));
    await vi.waitFor(() => expect(looks()).toBe(true), { timeout: 20_000 });
    await bench.ask(SEND, withFee({ to: context.contract, data, gas: "0x100000" }, 3 * FEE));
    await bench.ask("evm_mine", []);
    await bench.ask("evm_setAutomine", [true]);
    return end;
  }

  it.each<[string, ReturnOrder, Hex]>([
    ["a cancellation is no reduction", annsReduction(), CANCEL],
    ["a reduction is no cancellation", cancellation, reduceCall(ANN, PART)],
    ["another reduction is not the asked one", annsReduction(), reduceCall(ANN, PART + 1n)],
  ])("%s", async (_what, order, data) => {
    await expect(replaced(order, data)).rejects.toMatchObject({ reason: { kind: "transaction-replaced" } });
  });
});
