import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodeFunctionData } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import { readAllowance, readBalance, readEntityBid } from "@/lib/wallet/transactions/read-chain";
import { tokenAbi } from "@/lib/sale/abi";
import type { PaymentToken } from "@/lib/sale/state";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import {
  ENTITY,
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

const STAYS =
  "Your commitment was not sent, but your approval was. You need to give it again only if it no longer fits your commitment.";

/** Has the user decline what the wallet is asked to send for the nth time. */
function decliningTransaction(nth: number): WalletManners {
  const declined = Object.assign(new Error("User rejected the request."), { code: 4001 });
  let asked = 0;
  return ({ method }) => (method === "eth_sendTransaction" && ++asked === nth ? Promise.reject(declined) : undefined);
}

/** The reason of a commitment in USDT that does not come about. */
async function refusal(manners: WalletManners, changes: Partial<CommitOrder> = {}) {
  const order = { ...bench.order(ANN, { token: USDT }), ...changes };
  return commit(bench.context(ANN, manners), order, reports()).then(
    () => "committed",
    ({ reason }: { reason: unknown }) => reason,
  );
}

describe("a failure after the approval says that it stays", () => {
  it("where the user declines the commitment", async () => {
    expect(await refusal(decliningTransaction(2))).toMatchObject({
      kind: "user-rejected",
      sentence: `You declined in your wallet. ${STAYS}`,
    });
  });

  it("where the user declines it only after the permit has expired once and was renewed", async () => {
    const { getPermit } = bench.order(ANN, { token: USDT });
    let permits = 0;
    const stale = async () => {
      const permit = await getPermit();
      // The one after the approval runs out between its issue and the bid.
      if (++permits === 2) await bench.control.moveClock(700);
      return permit;
    };
    const reason = await refusal(decliningTransaction(2), { getPermit: stale });
    expect(reason).toMatchObject({ kind: "user-rejected", sentence: expect.stringContaining(STAYS) });
    expect(permits).toBe(3);
  });

  it("where the wallet switches its chain", async () => {
    let sent = false;
    const reason = await refusal(({ method }) => {
      if (method === "eth_chainId" && sent) return Promise.resolve("0x1");
      sent ||= method === "eth_sendTransaction";
      return undefined;
    });
    expect(reason).toMatchObject({ kind: "wrong-chain", sentence: expect.stringContaining(STAYS) });
  });

  it("where the permit after it allows less", async () => {
    const allowed = bench.order(ANN, { token: USDT });
    const lowered = bench.order(ANN, { token: USDT, permit: { MaxAmount: "100000000" } });
    let permits = 0;
    const reason = await refusal(() => undefined, {
      getPermit: () => (++permits === 1 ? allowed : lowered).getPermit(),
    });
    expect(reason).toMatchObject({ sentence: `Your total can be at most 100 USDT: you can add 100 USDT. ${STAYS}` });
    expect(permits).toBe(2);
  });

  it("but says that only the old one was set to zero where the user declines the new one", async () => {
    await bench.approve(ANN, USDT.address, 5n);
    expect(await refusal(decliningTransaction(2))).toMatchObject({
      kind: "user-rejected",
      sentence: "You declined in your wallet. Your commitment was not sent. Only your old approval was reset to zero.",
    });
  });

  it("and says that nothing was sent where the user declines the approval itself", async () => {
    expect(await refusal(decliningTransaction(1))).toMatchObject({
      sentence: "You declined in your wallet. Nothing was sent.",
    });
  });
});

/** Has the user change the spending cap when the wallet asks for the first transaction, as wallets offer to. */
function capping(amount: bigint): WalletManners {
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, amount] });
  let asked = 0;
  return ({ method }) => {
    if (method !== "eth_sendTransaction" || ++asked > 1) return undefined;
    return bench.ask(method, [{ from: ANN, to: USDT.address, data }]);
  };
}

describe("an approval that the user changed in the wallet", () => {
  it("to less than is needed is told with both amounts, and can be given again", async () => {
    const order = bench.order(ANN, { token: USDT });
    const first = reports();
    await expect(commit(bench.context(ANN, capping(50_000_000n)), order, first)).rejects.toMatchObject({
      reason: {
        kind: "approved-too-little",
        sentence: "You approved 50 USDT, but 125.50 USDT is needed. Approve that much, or commit less.",
      },
    });
    const second = reports();
    await commit(bench.context(ANN), order, second);
    expect([first.sent(), second.sent()]).toEqual([["approve"], ["reset-allowance", "approve", "send"]]);
  });

  it("to more than is needed serves as well", async () => {
    const flow = reports();
    const context = bench.context(ANN, capping(200_000_000n));
    await commit(context, bench.order(ANN, { token: USDT }), flow);
    expect(flow.sent()).toEqual(["approve", "send"]);
    expect(await readAllowance(context, USDT.address, ANN)).toBe(74_500_000n);
  });
});

/** The shown bid of the entity, of which Ben has committed 1,000 USDC, while the sale may take 10,000 from Ann's wallet. */
async function withOldAllowance(token: PaymentToken) {
  await commit(bench.context(BEN), bench.order(BEN, { increment: 1_000_000_000n }), reports());
  await bench.approve(ANN, token.address, 10_000_000_000n);
  return (await readEntityBid(bench.context(ANN), ENTITY)).bid;
}

/** The operator takes most of Ben's part back while the wallet shows the bid. */
function takenBackMeanwhile(): WalletManners {
  const reductions = [{ wallet: BEN, token: USDC.address, amount: 999_000_000n }];
  return ({ method, params }) => {
    const isBid = JSON.stringify(params ?? "")
      .toLowerCase()
      .includes(`"to":"${SANDBOX_SALE.toLowerCase()}"`);
    if (method !== "eth_sendTransaction" || !isBid) return undefined;
    return bench.control.sale.forceReduceCommitment(reductions).then(() => bench.ask(method, params));
  };
}

describe("an old allowance that could pay for more than the user confirms", () => {
  it.each([
    [USDC, ["approve", "send"]],
    [USDT, ["reset-allowance", "approve", "send"]],
  ])("is set to the exact amount first", async (token, steps) => {
    const shown = await withOldAllowance(token);
    const flow = reports();
    const context = bench.context(ANN);
    await commit(context, bench.order(ANN, { token, shown, increment: 100_000_000n }), flow);
    expect(flow.sent()).toEqual(steps);
    expect(await readAllowance(context, token.address, ANN)).toBe(0n);
  });

  it.each([USDC, USDT])(
    "pays nothing if the entity's commitment is lowered meanwhile, and the error says that",
    async (token) => {
      const shown = await withOldAllowance(token);
      const context = bench.context(ANN, takenBackMeanwhile());
      const held = await readBalance(context.publicClient, token.address, ANN);
      const order = bench.order(ANN, { token, shown, increment: 100_000_000n });
      await expect(commit(context, order, reports())).rejects.toMatchObject({ reason: { kind: "commitment-changed" } });
      expect(await readBalance(context.publicClient, token.address, ANN)).toBe(held);
    },
  );

  it("is not accepted where the user raises the new one in the wallet either, and an exact one can be given then", async () => {
    await commit(bench.context(BEN), bench.order(BEN, { increment: 1_000_000_000n }), reports());
    const shown = (await readEntityBid(bench.context(ANN), ENTITY)).bid;
    const order = bench.order(ANN, { token: USDT, shown, increment: 100_000_000n });
    const raised = commit(bench.context(ANN, capping(2n ** 256n - 1n)), order, reports());
    await expect(raised).rejects.toMatchObject({
      reason: { kind: "approved-too-much", action: "retry", sentence: expect.stringContaining("leave the amount") },
    });
    const second = reports();
    await commit(bench.context(ANN), order, second);
    expect(second.sent()).toEqual(["reset-allowance", "approve", "send"]);
  });

  it("is withdrawn before a bid that takes nothing", async () => {
    const shown = await withOldAllowance(USDT);
    const flow = reports();
    const context = bench.context(ANN);
    const order = bench.order(ANN, { token: USDT, shown, increment: 0n, wantsLockup: true });
    await commit(context, { ...order, expected: { ...shown, lockup: true } }, flow);
    expect(flow.sent()).toEqual(["reset-allowance", "send"]);
    expect(await readAllowance(context, USDT.address, ANN)).toBe(0n);
  });
});

describe("a node that does not have the approval's block yet", () => {
  it("is asked again until it has", async () => {
    const { publicClient, ...others } = bench.context(ANN);
    const flow = reports();
    const behind = { looks: 0 };
    const isAwaited = (functionName: string) => functionName === "allowance" && flow.sent().includes("approve");
    const readContract: typeof publicClient.readContract = (parameters) => {
      if (!isAwaited(parameters.functionName) || ++behind.looks > 2) return publicClient.readContract(parameters);
      return Promise.reject(new Error("header not found"));
    };
    const context = { ...others, publicClient: { ...publicClient, readContract } };
    await commit(context, bench.order(ANN, { token: USDT }), flow);
    expect(behind.looks).toBe(3);
    expect(flow.sent()).toEqual(["approve", "send"]);
  });

  it("is asked again after a reset too, where it still sees the old allowance and refuses a new one", async () => {
    await bench.approve(ANN, USDT.address, 5n);
    const { publicClient, ...others } = bench.context(ANN);
    const before = await publicClient.getBlockNumber();
    const approval = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, 125_500_000n] });
    let looks = 0;
    const call: typeof publicClient.call = (parameters) => {
      if (parameters.data !== approval || ++looks > 2) return publicClient.call(parameters);
      // The balancer first asks a machine that is behind for its latest state, then one that is behind for a block that it lacks.
      if (parameters.blockNumber !== undefined) return Promise.reject(new Error("header not found"));
      return publicClient.call({ account: ANN, to: USDT.address, data: approval, blockNumber: before });
    };
    const flow = reports();
    await commit({ ...others, publicClient: { ...publicClient, call } }, bench.order(ANN, { token: USDT }), flow);
    expect(looks).toBe(3);
    expect(flow.sent()).toEqual(["reset-allowance", "approve", "send"]);
  });
});
