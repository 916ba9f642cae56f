import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { encodeFunctionData } from "viem";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { tokenAbi } from "@/lib/sale/abi";
import { commit } from "@/lib/wallet/transactions/commit";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { send } from "@/sandbox/chain/node-client";
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

let bench: PurchaseBench;

beforeAll(async () => {
  bench = await PurchaseBench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

/** The end of a commitment by Ann, which transactions were sent on the way, and whether a signature was asked for. */
async function endOf(changes: OrderChanges) {
  const flow = reports();
  let signed = false;
  const context = bench.context(ANN, ({ method }) => {
    signed ||= method === "eth_signTypedData_v4";
    return undefined;
  });
  const reason = await commit(context, bench.order(ANN, changes), flow).then(
    () => "committed",
    (error: { reason: unknown }) => error.reason,
  );
  return { reason, sent: flow.sent(), signed };
}

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
    const alone = await endOf({ token });
    expect(alone).toMatchObject({ reason: { kind, sentence: expect.stringContaining(says) }, sent: [], signed: false });
    const { reason } = await endOf({ token, otherTokens: [other] });
    expect(reason).toEqual({ kind, action: "change", sentence: `${says} You can pay with ${other.symbol} instead.` });
  });

  it("has blocked the wallet, the other token is named only if its issuer has not", async () => {
    await bench.control.issuer.setBlocked("usdc", ANN, true);
    await bench.control.issuer.setBlocked("usdt", ANN, true);
    const { reason } = await endOf({ token, otherTokens: [other] });
    expect(reason).toMatchObject({
      action: "none",
      sentence: expect.stringMatching(/Nothing was sent\. Use another wallet\.$/),
    });
  });

  it("has blocked the wallet, the other token pays", async () => {
    await bench.control.issuer.setBlocked(name, ANN, true);
    expect(await endOf({ token: other, otherTokens: [token] })).toMatchObject({ reason: "committed" });
  });
});

describe("a token that refuses a transfer and tells nobody why", () => {
  it("is found out before an approval, which could not help", async () => {
    await bench.refuseTransfers(USDT.address);
    expect(await endOf({ token: USDT, otherTokens: [USDC] })).toMatchObject({
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
      call(parameters).catch((error: unknown) => {
        throw kind === "a revert without data" && parameters.to === SANDBOX_SALE ? emptyRevert() : error;
      });
    const flow = reports();
    const failure = await commit(
      { ...context, publicClient: { ...context.publicClient, call: empty } },
      bench.order(ANN, { token: USDT }),
      flow,
    ).catch(({ reason }: { reason: unknown }) => reason);
    expect(flow.sent()).toEqual(["approve"]);
    expect(failure).toMatchObject({
      kind: "token-paused",
      sentence: expect.stringMatching(/Your commitment was not sent, but your approval was\..*Try again later\.$/),
    });
  });
});

/** The error of a sale whose contract passes a token's empty revert on, as OpenZeppelin's SafeERC20 does since 5.1. */
function emptyRevert(): Error {
  return Object.assign(new Error("execution reverted"), { name: "ExecutionRevertedError", code: 3 });
}
