import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Address } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import { readBalance } from "@/lib/wallet/transactions/read-chain";
import { COMMITMENT_CHANGED } from "@/lib/purchase/errors/purchase-error";
import { EMPTY_WALLET, FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { encodePayload } from "@/sandbox/echo/permits/permit";
import { PurchaseBench, reports, USDC, USDT, type OrderChanges } from "@/tests/support/purchase/purchase-bench";

const [ANN = "0x", BEN = "0x"] = FUNDED_WALLETS;
const FUNDS = 100_000_000_000n;
const AMOUNT = 125_500_000n;
const OTHER_ENTITY = "0x22222222222222222222222222222222";

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** The reason of a commitment that does not come about, which transactions were sent on the way, and whether a signature was asked for. */
async function refusal(wallet: Address, changes: OrderChanges = {}) {
  const flow = reports();
  let signed = false;
  const context = bench.context(wallet, ({ method }) => {
    signed ||= method === "eth_signTypedData_v4";
    return undefined;
  });
  const end = await commit(context, bench.order(wallet, changes), flow).then(
    () => "committed",
    (error: { reason: unknown }) => error.reason,
  );
  return { reason: end, sent: flow.sent(), signed };
}

async function committed(wallet: Address, changes: OrderChanges = {}): Promise<void> {
  await commit(bench.context(wallet), bench.order(wallet, changes), reports());
}

interface Case {
  what: string;
  before?: () => Promise<void>;
  wallet?: Address;
  changes?: OrderChanges;
  kind: string;
  sentence: RegExp;
}

const now = () => Math.floor(Date.now() / 1000);

const CASES: readonly Case[] = [
  {
    what: "below the minimum",
    changes: { permit: { MinAmount: "200000000" } },
    kind: "under-min",
    sentence: /at least 200 USD[CT]/,
  },
  {
    what: "above the maximum",
    changes: { permit: { MaxAmount: "100000000" } },
    kind: "over-max",
    sentence: /at most 100 USD[CT]/,
  },
  {
    what: "before the window",
    changes: { permit: { OpensAt: now() + 9_000 } },
    kind: "window-not-open",
    sentence: /You can commit from/,
  },
  {
    what: "after the window",
    changes: { permit: { ClosesAt: now() - 9_000 } },
    kind: "window-closed",
    sentence: /Your time window closed on/,
  },
  {
    what: "with a permit for another wallet",
    changes: { permit: { Wallet: BEN } },
    kind: "wrong-wallet",
    sentence: /Switch back to it/,
  },
  {
    what: "with a permit for another sale",
    changes: { permit: { SaleUUID: "0x11111111111111111111111111111111" } },
    kind: "wrong-sale",
    sentence: /another sale/,
  },
  {
    what: "with a signature that is none of the permit's",
    changes: { signature: `0x${"11".repeat(64)}1b` },
    kind: "ECDSAInvalidSignature",
    sentence: /not valid/,
  },
  {
    what: "with a permit that now forces a lockup which was not shown",
    changes: { permit: { Payload: encodePayload(true) } },
    kind: "commitment-changed",
    sentence: /Nothing was sent/,
  },
  {
    what: "with a permit whose integer was rounded",
    changes: { permit: { MaxPrice: 2 ** 53 } },
    kind: "inexact-integer",
    sentence: /was rounded in transit/,
  },
  {
    what: "while the sale is paused",
    before: () => bench.control.sale.setPaused(true),
    kind: "SalePaused",
    sentence: /paused.*Nothing was sent\.$/,
  },
  ...(["PreOpen", "Cancellation", "Settlement", "Done"] as const).map((stage) => ({
    what: `in the stage ${stage}`,
    before: () => bench.control.sale.setStage(stage),
    kind: "InvalidStage",
    sentence: /current stage.*Nothing was sent\.$/,
  })),
  {
    what: "by a wallet of another entity",
    before: () => committed(ANN, { entityId: OTHER_ENTITY }),
    kind: "WalletTiedToAnotherEntity",
    sentence: /another entity/,
  },
  {
    what: "by one wallet too many",
    before: async () => {
      await committed(BEN);
      await bench.control.sale.setMaxWalletsPerEntity(1);
    },
    changes: { shown: { amount: AMOUNT, lockup: false, price: 0n } },
    kind: "MaxWalletsPerEntityExceeded",
    sentence: /at most 1 wallet\./,
  },
  {
    what: "by a wallet that does not hold the amount",
    wallet: EMPTY_WALLET,
    kind: "ERC20InsufficientBalance",
    sentence: /holds 0 USD[CT], but 125\.50 USD[CT] is needed/,
  },
  {
    what: "by a wallet that cannot pay for gas",
    before: () => bench.control.setNativeBalance(ANN, 0n),
    kind: "gas-shortage",
    sentence: /network fee/,
  },
];

// USDT has to be approved: what is bound to fail must be known before that is paid for.
const CASES_OF_TOKENS = [USDC, USDT].flatMap((token) => CASES.map((one) => ({ ...one, token, symbol: token.symbol })));

describe("a commitment is refused in words, and nothing is sent,", () => {
  it.each(CASES_OF_TOKENS)("$what, in $symbol", async ({ before, wallet = ANN, changes, token, kind, sentence }) => {
    await before?.();
    const { reason, sent, signed } = await refusal(wallet, { ...changes, token });
    expect(reason).toMatchObject({ kind, sentence: expect.stringMatching(sentence) });
    expect(reason).toMatchObject({ sentence: expect.not.stringMatching(/0x[0-9a-f]{8}/i) });
    expect(sent).toEqual([]);
    // The fee can only be estimated once there is a signature.
    expect(signed).toBe(kind === "gas-shortage" && token === USDC);
  });
});

describe("an expired permit", () => {
  it("that Sonar keeps giving is told before anything is approved", async () => {
    const { reason, sent } = await refusal(ANN, { token: USDT, permit: { ExpiresAt: now() - 9_000 } });
    expect(reason).toMatchObject({ kind: "permit-expired" });
    expect(sent).toEqual([]);
  });
});

describe("a total that another wallet has changed meanwhile", () => {
  const shown = { amount: 0n, lockup: false, price: 0n };

  it("is noticed before anything is approved", async () => {
    await committed(BEN, { increment: 2_000_000n });
    expect(await refusal(ANN, { token: USDT, shown })).toMatchObject({ reason: COMMITMENT_CHANGED, sent: [] });
    expect(bench.permits).toBe(1);
  });

  it("is noticed again after the approval, right before the bid is built", async () => {
    const flow = reports();
    // With what the other wallet adds, the total would be over the maximum: that is not what has to be told.
    const order = bench.order(ANN, { token: USDT, permit: { MaxAmount: "126000000" } });
    let asked = 0;
    const meanwhile = async () => {
      asked += 1;
      // The first permit is for the simulation before the approval.
      if (asked === 2) await committed(BEN, { increment: 2_000_000n });
      return order.getPermit();
    };
    const context = bench.context(ANN);
    const flowEnd = commit(context, { ...order, getPermit: meanwhile }, flow);
    await expect(flowEnd).rejects.toMatchObject({
      reason: {
        kind: "commitment-changed",
        sentence: expect.stringMatching(/it would differ from the one you saw\. .* but your approval was/),
      },
    });
    expect(flow.sent()).toEqual(["approve"]);
    expect(await readBalance(context.publicClient, USDT.address, ANN)).toBe(FUNDS);
  });
});

describe("decimals of a token that are not agreed on", () => {
  it.each<[string, OrderChanges]>([
    ["by the page and the browser's node", { token: { ...USDC, decimals: 3 } }],
    ["by Sonar and the chain", { paymentDecimals: 9 }],
  ])("%s stop a commitment before anything is signed", async (_by, changes) => {
    const { reason, sent, signed } = await refusal(ANN, changes);
    expect(reason).toMatchObject({
      kind: "decimals-differ",
      sentence: expect.stringMatching(/how USDC is counted.* Nothing was sent\./),
    });
    expect([sent, signed]).toEqual([[], false]);
  });

  it("that Sonar has not told stop it too, since both nodes may be the same one", async () => {
    const { reason, sent, signed } = await refusal(ANN, { paymentDecimals: undefined });
    expect(reason).toMatchObject({
      kind: "decimals-unknown",
      sentence: expect.stringMatching(/cannot check how USDC is counted\. Nothing was sent\./),
    });
    expect([sent, signed]).toEqual([[], false]);
  });
});

describe("a commitment that the chain refuses after it was simulated", () => {
  it("ends with the contract's reason, found at the block that refused it", async () => {
    const flow = reports();
    const context = bench.context(ANN, ({ method, params }) => {
      if (method !== "eth_sendTransaction") return undefined;
      return bench.control.sale.setPaused(true).then(() => bench.ask(method, params));
    });
    await expect(commit(context, bench.order(ANN), flow)).rejects.toMatchObject({ reason: { kind: "SalePaused" } });
    expect(flow.sent()).toEqual(["send"]);
    expect(await readBalance(context.publicClient, USDC.address, ANN)).toBe(FUNDS);
  });
});
