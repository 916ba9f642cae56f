import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import type { TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import {
  PurchaseBench,
  reports,
  USDC,
  USDT,
  type OrderChanges,
  type WalletManners,
} from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
/** Longer than a permit lives. */
const LATE_S = 700;

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** A wallet whose window stays open while something happens, and whose user then confirms; further requests are declined. */
function confirmingAfter(meanwhile: () => Promise<unknown>): { asked: string[]; manners: WalletManners } {
  const asked: string[] = [];
  let confirmed = false;
  const decline = () => Promise.reject(Object.assign(new Error("User rejected the request."), { code: 4001 }));
  return {
    asked,
    manners({ method, params }) {
      const asksUser = method === "eth_sendTransaction" || method === "eth_signTypedData_v4";
      if (asksUser) asked.push(method);
      if (asksUser && confirmed) return decline();
      if (method !== "eth_sendTransaction") return undefined;
      confirmed = true;
      return meanwhile().then(() => bench.ask(method, params));
    },
  };
}

/** The end of a commitment, the wallet's requests, and the tokens that the tab remembers as not signable by it. */
async function ended(changes: OrderChanges, meanwhile: () => Promise<unknown>) {
  const wallet = confirmingAfter(meanwhile);
  const remembered: Address[] = [];
  const signing = { cannotSign: () => false, remember: (token: Address) => void remembered.push(token) };
  const context: TransactionContext = { ...bench.context(ANN, wallet.manners), signing };
  const count = () => context.publicClient.getTransactionCount({ address: ANN });
  const before = await count();
  const reason: unknown = await commit(context, bench.order(ANN, changes), reports()).then(
    () => "committed",
    (error: { reason: unknown }) => error.reason,
  );
  return { reason, asked: wallet.asked, remembered, mined: (await count()) - before };
}

const wait = () => bench.ask("evm_increaseTime", [LATE_S]);
const FEE = /^The chain rejected your transaction\. Only its network fee was paid\./;

describe("a commitment that the chain rejects after the wallet has sent it", () => {
  it.each([
    ["by a signature", USDC, ["eth_signTypedData_v4", "eth_sendTransaction"]],
    ["from an allowance", USDT, ["eth_sendTransaction"]],
  ])(
    "because it was confirmed too late ends there, paid %s: nothing is asked for again",
    async (_way, token, asked) => {
      if (token === USDT) await bench.approve(ANN, USDT.address, 10n ** 12n);
      const end = await ended({ token }, wait);
      expect(end).toEqual({
        reason: { kind: "PurchasePermitExpired", sentence: expect.stringMatching(FEE), action: "retry" },
        asked,
        remembered: [],
        mined: 1,
      });
      expect(end.reason).toMatchObject({ sentence: expect.stringMatching(/permit expired before it was used/) });
      expect(end.reason).toMatchObject({ sentence: expect.not.stringContaining("Nothing was sent") });
    },
  );

  it("because another wallet of the entity committed meanwhile says that, and the wallet still counts as one that can sign", async () => {
    const end = await ended({}, () =>
      commit(bench.context(BEN), bench.order(BEN, { increment: 100_000_000n }), reports()),
    );
    expect(end).toEqual({
      reason: {
        kind: "commitment-changed",
        sentence: expect.stringMatching(/network fee was paid\. Your entity's commitment .* Check your position/),
        action: "reload",
      },
      asked: ["eth_signTypedData_v4", "eth_sendTransaction"],
      remembered: [],
      mined: 1,
    });
    expect(end.reason).toMatchObject({ sentence: expect.not.stringContaining("Nothing was sent") });
  });

  it("although the wallet answered with an error is not said to be unsent, and not asked for again", async () => {
    const asked: string[] = [];
    const context = bench.context(ANN, ({ method, params }) => {
      if (method !== "eth_sendTransaction") return undefined;
      asked.push(method);
      return wait()
        .then(() => bench.ask(method, params))
        .then(() => Promise.reject(new Error("insufficient funds for gas")));
    });
    const reason: unknown = await commit(context, bench.order(ANN), reports()).catch(
      (error: { reason: unknown }) => error.reason,
    );
    expect(asked).toHaveLength(1);
    expect(reason).toMatchObject({
      sentence: expect.stringMatching(/Check your wallet to see whether anything was sent/),
    });
    expect(reason).toMatchObject({ sentence: expect.not.stringContaining("Nothing was sent") });
  });
});
