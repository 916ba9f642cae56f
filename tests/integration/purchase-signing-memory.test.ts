import { encodeFunctionData, parseSignature, type Address } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { commit } from "@/lib/wallet/transactions/commit";
import { readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { sandboxUsdcAbi } from "@/sandbox/chain/artifacts/sandbox-usdc-abi";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { send } from "@/sandbox/chain/node-client";
import { ENTITY, PurchaseBench, reports, USDC, type OrderChanges } from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;

const SIGN = "eth_signTypedData_v4";

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

async function shownBid() {
  return (await readEntityBid(bench.context(ANN), ENTITY)).bid;
}

/** Ann adds 50 USDC, and before her wallet has signed for it, something happens. Also what the tab writes off, and what was sent. */
async function addWhile(meanwhile: (params: unknown) => Promise<unknown>, changes: OrderChanges = {}) {
  const unable: Address[] = [];
  const signing = {
    cannotSign: (token: Address) => unable.includes(token),
    remember: (token: Address) => void unable.push(token),
  };
  const context = bench.context(ANN, ({ method, params }) =>
    method === SIGN ? meanwhile(params).then(() => bench.ask(SIGN, params)) : undefined,
  );
  const flow = reports();
  const order = bench.order(ANN, { ...changes, shown: await shownBid(), increment: 50_000_000n });
  const outcome = await commit({ ...context, signing }, order, flow).then(
    () => "confirmed",
    (error: { reason: { kind: string } }) => error.reason.kind,
  );
  return { outcome, unable, sent: flow.sent() };
}

/** Ann signs the same for another spender, who uses it: the nonce is gone. */
async function useNonce(params: unknown): Promise<void> {
  const [, json] = z.tuple([z.string(), z.string()]).parse(params);
  const asked = z.looseObject({ message: z.looseObject({}) }).parse(JSON.parse(json));
  const message = { ...asked.message, spender: BEN };
  const signature = await bench.ask(SIGN, [ANN, JSON.stringify({ ...asked, message })]);
  const { r, s, v = 27n } = parseSignature(z.templateLiteral(["0x", z.string()]).parse(signature));
  const { value, deadline } = z.object({ value: z.coerce.bigint(), deadline: z.coerce.bigint() }).parse(message);
  const args = [ANN, BEN, value, deadline, Number(v), r, s] as const;
  const data = encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "permit", args });
  await send(bench.node, { from: BEN, to: USDC.address, data });
}

describe("a wallet signs as well as ever", () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      "another wallet of the entity commits",
      async () =>
        commit(bench.context(BEN), bench.order(BEN, { shown: await shownBid(), increment: 7_000_000n }), reports()),
    ],
    [
      "the operator takes a part down",
      () => bench.control.sale.forceReduceCommitment([{ wallet: ANN, token: USDC.address, amount: 5_000_000n }]),
    ],
  ])("where %s meanwhile, which ends the order", async (_what, meanwhile) => {
    await commit(bench.context(ANN), bench.order(ANN), reports());
    expect(await addWhile(meanwhile)).toEqual({ outcome: "commitment-changed", unable: [], sent: [] });
  });

  it("where the nonce of its signature was used meanwhile: this time it pays by approval", async () => {
    expect(await addWhile(useNonce)).toEqual({ outcome: "confirmed", unable: [], sent: ["approve", "send"] });
  });

  it("where its answer comes after the signature's own deadline", async () => {
    const permit = { ExpiresAt: (await bench.control.time()) + 7_200 };
    const late = () => bench.control.moveClock(1_900);
    expect(await addWhile(late, { permit })).toEqual({ outcome: "confirmed", unable: [], sent: ["approve", "send"] });
  });
});

it("a signature that the token refuses without any such reason writes the wallet off", async () => {
  const token = { ...USDC, permit: { name: "USD Coin", version: "1" } };
  const unable = await addWhile(() => Promise.resolve(), { token });
  expect(unable).toEqual({ outcome: "confirmed", unable: [USDC.address], sent: ["approve", "send"] });
});
