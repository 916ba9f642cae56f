import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodeFunctionData, type Address } from "viem";
import { commit } from "@/lib/wallet/transactions/commit";
import { readBalance } from "@/lib/wallet/transactions/read-chain";
import { COMMITMENT_CHANGED } from "@/lib/purchase/errors/purchase-error";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { tokenAbi } from "@/lib/sale/abi";
import { EMPTY_WALLET, FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { send } from "@/sandbox/chain/node-client";
import { encodePayload } from "@/sandbox/echo/permits/permit";
import {
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
    sentence: /closed at/,
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

interface Refusing {
  what: string;
  before: () => Promise<void>;
  kind: string;
  says: string;
}

/** Refusals of the token itself. USDT gives no reason for any of them, and lets a blocked wallet approve. */
const REFUSING = (token: "usdc" | "usdt", symbol: string): readonly Refusing[] => [
  {
    what: "has blocked the wallet",
    before: () => bench.control.issuer.setBlocked(token, ANN, true),
    kind: "token-blocks-wallet",
    says: `The issuer of ${symbol} has blocked this wallet, so it cannot pay with ${symbol}. Nothing was sent.`,
  },
  {
    what: "has blocked the sale's contract, which could return nothing",
    before: () => bench.control.issuer.setBlocked(token, SANDBOX_SALE, true),
    kind: "token-blocks-sale",
    says: `The issuer of ${symbol} has blocked the sale's contract, which could not return ${symbol} to you. Nothing was sent.`,
  },
  {
    what: "has paused the token",
    before: () => bench.control.issuer.setPaused(token, true),
    kind: "token-paused",
    says: `The issuer of ${symbol} has paused all transfers, so nobody can pay with ${symbol} now. Nothing was sent.`,
  },
];

describe.each([
  { token: USDC, other: USDT, name: "usdc" as const },
  { token: USDT, other: USDC, name: "usdt" as const },
])("where the issuer of $token.symbol", ({ token, other, name }) => {
  it.each(REFUSING(name, token.symbol))("$what, nothing is approved or signed", async ({ before, kind, says }) => {
    await before();
    const alone = await refusal(ANN, { token });
    expect(alone).toMatchObject({ reason: { kind, sentence: expect.stringContaining(says) }, sent: [], signed: false });
    const { reason } = await refusal(ANN, { token, otherTokens: [other] });
    expect(reason).toEqual({ kind, action: "change", sentence: `${says} You can pay with ${other.symbol} instead.` });
  });

  it("has blocked the wallet, the other token is named only if its issuer has not", async () => {
    await bench.control.issuer.setBlocked("usdc", ANN, true);
    await bench.control.issuer.setBlocked("usdt", ANN, true);
    const { reason } = await refusal(ANN, { token, otherTokens: [other] });
    expect(reason).toMatchObject({
      action: "none",
      sentence: expect.stringMatching(/Nothing was sent\. Use another wallet\.$/),
    });
  });

  it("has blocked the wallet, the other token pays", async () => {
    await bench.control.issuer.setBlocked(name, ANN, true);
    expect(await refusal(ANN, { token: other, otherTokens: [token] })).toMatchObject({ reason: "committed" });
  });
});

describe("a token that refuses a transfer and tells nobody why", () => {
  it("is found out before an approval, which could not help", async () => {
    await bench.refuseTransfers(USDT.address);
    expect(await refusal(ANN, { token: USDT, otherTokens: [USDC] })).toMatchObject({
      reason: {
        kind: "token-refuses",
        sentence:
          "USDT refuses a payment from this wallet to the sale, without giving a reason. Nothing was sent. You can pay with USDC instead.",
      },
      sent: [],
    });
  });
});

describe("a payment that the token refuses only when the bid is sent", () => {
  /** Sets a scene once the wallet is asked for the nth transaction, and passes the request on. */
  function afterAsking(nth: number, scene: () => Promise<void>): WalletManners {
    let asked = 0;
    return ({ method, params }) => {
      if (method !== "eth_sendTransaction" || ++asked !== nth) return undefined;
      return scene().then(() => bench.ask(method, params));
    };
  }

  const scenes: readonly [string, () => Promise<void>, string, RegExp][] = [
    [
      "a block",
      () => bench.control.issuer.setBlocked("usdt", ANN, true),
      "token-blocks-wallet",
      /has blocked this wallet/,
    ],
    ["a pause", () => bench.control.issuer.setPaused("usdt", true), "token-paused", /has paused all transfers/],
    [
      "a withdrawn approval",
      () => bench.approve(ANN, USDT.address, 0n),
      "ERC20InsufficientAllowance",
      /does not cover this amount/,
    ],
    [
      "a balance that has gone",
      async () => {
        const args = [BEN, FUNDS] as const;
        const data = encodeFunctionData({ abi: tokenAbi, functionName: "transfer", args });
        await send(bench.node, { from: ANN, to: USDT.address, data });
      },
      "ERC20InsufficientBalance",
      /holds 0 USDT, but 125\.50 USDT is needed/,
    ],
  ];

  it.each(scenes)("is explained by %s, and the fee that was paid is not denied", async (_what, scene, kind, says) => {
    const context = bench.context(ANN, afterAsking(2, scene));
    const order = { ...bench.order(ANN, { token: USDT }), otherTokens: [USDC] };
    const failure = await commit(context, order, reports()).catch(({ reason }: { reason: unknown }) => reason);
    expect(failure).toMatchObject({ kind, sentence: expect.stringMatching(says) });
    expect(failure).toMatchObject({ sentence: expect.stringMatching(/^The chain rejected your transaction/) });
    expect(failure).toMatchObject({ sentence: expect.not.stringContaining("Nothing was sent") });
  });

  it.each(["FailedInnerCall", "FailedCall", "a revert without data"])("is found behind %s too", async (kind) => {
    const code = await bench.ask("eth_getCode", [SANDBOX_SALE, "latest"]);
    if (kind === "FailedInnerCall")
      await bench.ask("anvil_setCode", [SANDBOX_SALE, String(code).replaceAll("d6bda275", "1425ea42")]);
    const scene = () => bench.control.issuer.setPaused("usdt", true);
    const context = bench.context(ANN, afterAsking(1, scene));
    const { call } = context.publicClient;
    const empty: typeof call = (parameters) =>
      call(parameters).catch((error: unknown) =>
        Promise.reject(kind === "a revert without data" && parameters.to === SANDBOX_SALE ? bare(error) : error),
      );
    const flow = reports();
    const failure = await commit(
      { ...context, publicClient: { ...context.publicClient, call: empty } },
      bench.order(ANN, { token: USDT }),
      flow,
    ).catch(({ reason }: { reason: unknown }) => reason);
    expect(flow.sent()).toEqual(["approve"]);
    expect(failure).toMatchObject({
      kind: "token-paused",
      sentence: expect.stringMatching(/Your commitment was not sent\. Your approval stays valid.*Try again later\.$/),
    });
  });
});

/** The error of a sale whose contract passes a token's empty revert on, as OpenZeppelin's SafeERC20 does since 5.1. */
function bare(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(new Error("execution reverted"), { name: "ExecutionRevertedError", code: 3 });
}

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
        sentence: expect.stringMatching(/it would differ from the one you saw\. .* Your approval stays/),
      },
    });
    expect(flow.sent()).toEqual(["approve"]);
    expect(await readBalance(context.publicClient, USDT.address, ANN)).toBe(FUNDS);
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
