import { describe, expect, it } from "vitest";
import {
  changedOtherwise,
  changedText,
  checkReduction,
  reductionLabel,
  rowKey,
  type ReductionDraft,
} from "@/lib/purchase/reduction";
import type { Position } from "@/lib/purchase/position";
import { ANN, rowOf, TOKENS, twoWalletPosition, USDC, USDT } from "@/tests/support/purchase/some-purchase";

const ANNS = rowOf("ann", USDC, 125_500_000n);
const BENS = rowOf("ben", USDT, 10_000_000n);
const [ann, ben] = [rowKey(ANNS), rowKey(BENS)];

function check(draft: ReductionDraft, position: Position = twoWalletPosition()) {
  return checkReduction(draft, { position, tokens: TOKENS, decimalMark: "." });
}

describe("a reduction", () => {
  it("takes back of each wallet and token what was typed for it, and leaves the rest", () => {
    expect(check({ [ann]: "25.5", [ben]: "4" })).toEqual({
      ok: true,
      reduction: {
        rows: [
          { wallet: ANNS.wallet, token: USDC.address, amount: 25_500_000n },
          { wallet: BENS.wallet, token: USDT.address, amount: 4_000_000n },
        ],
        amount: 29_500_000n,
        from: 135_500_000n,
        total: 106_000_000n,
      },
    });
  });

  it("leaves out a wallet that nothing or zero was typed for: the contract refuses a row of zero", () => {
    expect(check({ [ann]: " ", [ben]: "10" })).toMatchObject({
      reduction: { rows: [{ wallet: BENS.wallet, amount: 10_000_000n }], total: 125_500_000n },
    });
    expect(check({ [ann]: "0", [ben]: "10" })).toMatchObject({ reduction: { amount: 10_000_000n } });
  });

  it.each<[string, ReductionDraft, object]>([
    ["of nothing typed", {}, { place: "form", sentence: "Enter an amount to take back.", quiet: true }],
    ["of zero", { [ann]: "0" }, { place: "form", sentence: "Enter an amount to take back.", quiet: false }],
    ["of a word", { [ann]: "all" }, { place: ann, sentence: expect.stringContaining("in digits") }],
    ["of a negative amount", { [ben]: "-1" }, { place: ben, sentence: "Enter an amount above zero." }],
    ["of more decimals than the token has", { [ben]: "1.0000001" }, { place: ben }],
    [
      "of more than the wallet has committed, whatever the entity has",
      { [ben]: "10.000001" },
      { place: ben, sentence: "The wallet 0x3C44Cd…4293BC can take back at most 10 USDT." },
    ],
    ["of everything, which is final", { [ann]: "125.5", [ben]: "10" }, { place: "form", everything: true }],
  ])("%s is refused", (_what, draft, problem) => {
    expect(check(draft)).toEqual({ ok: false, problem: expect.objectContaining(problem) });
  });

  it("does not take what was accepted, and may then take all of the rest", () => {
    const row = { ...ANNS, accepted: 100_000_000n, refundable: 25_500_000n };
    const total = {
      committed: 125_500_000n,
      cancelled: 0n,
      accepted: 100_000_000n,
      refundable: 25_500_000n,
      returned: 0n,
    };
    const bid = { lockup: false, price: 0n, amount: 125_500_000n };
    const position = twoWalletPosition({ rows: [row], total, bid });
    expect(check({ [ann]: "25.500001" }, position)).toMatchObject({
      problem: {
        sentence:
          "The wallet 0x709979…dc79C8 can take back at most 25.50 USDC. 100 USDC was accepted and stays in the sale.",
      },
    });
    expect(check({ [ann]: "25.5" }, position)).toMatchObject({ reduction: { total: 100_000_000n } });
  });

  it("is on its button with the amount and the tokens that are sent", () => {
    expect(reductionLabel(check({}), TOKENS)).toBe("Take back");
    expect(reductionLabel(check({ [ben]: "4" }), TOKENS)).toBe("Take back 4 USDT");
    expect(reductionLabel(check({ [ann]: "1.5", [ben]: "4" }), TOKENS)).toBe("Take back 5.50 USDC and USDT");
  });
});

describe("a total that changed while a reduction waits for others", () => {
  const before = { block: "12", value: "160:0:false:false" };
  const pending = { kind: "reduce", wallet: ANN, before, total: "130" } as const;
  const position = (amount: bigint, block = 20n) => ({ bid: { lockup: false, price: 0n, amount }, block, rows: [] });

  it("is told where it is neither that of before nor the asked one", () => {
    expect(changedOtherwise(pending, position(80n))).toBe(80n);
    expect(changedOtherwise(pending, position(0n))).toBe(0n);
  });

  it("is not told where nothing has changed, where it is the asked one, or of the block of before", () => {
    expect(changedOtherwise(pending, position(160n))).toBeUndefined();
    expect(changedOtherwise(pending, position(130n))).toBeUndefined();
    expect(changedOtherwise(pending, position(80n, 12n))).toBeUndefined();
  });

  it("is not told for other transactions, nor where the page waits for a transaction that has a hash", () => {
    expect(changedOtherwise({ ...pending, kind: "cancel" }, position(80n))).toBeUndefined();
    expect(changedOtherwise({ kind: "reduce", wallet: ANN, total: "130" }, position(80n))).toBeUndefined();
  });
});

describe("what a wallet has committed while one of its commitments waits for others", () => {
  const before = { block: "12", value: "40" };
  const token = USDC.address;
  const pending = { kind: "commit", wallet: ANN, token, increment: "100", total: "300", before } as const;
  const position = (committed: bigint, cancelled: bigint, block = 20n) => ({
    bid: { lockup: false, price: 0n, amount: 500n },
    block,
    rows: [{ wallet: ANN, token, committed, cancelled, accepted: 0n, refundable: committed, returned: cancelled }],
  });

  it("is told where it has grown, also if a part has come back since", () => {
    expect(changedOtherwise(pending, position(170n, 0n))).toBe(170n);
    expect(changedOtherwise(pending, position(30n, 140n))).toBe(30n);
    expect(changedText("commit", 170_000_000n, USDC)).toMatch(
      /it is now 170 USDC\. .* whether this commitment was carried out, before you commit again\.$/,
    );
  });

  it("is not told where it has not grown, nor by the block of before, nor for a bid that adds nothing", () => {
    expect(changedOtherwise(pending, position(40n, 0n))).toBeUndefined();
    expect(changedOtherwise(pending, position(0n, 40n))).toBeUndefined();
    expect(changedOtherwise(pending, position(170n, 0n, 12n))).toBeUndefined();
    const terms = { ...pending, increment: "0", before: { block: "12", value: "300:0:false:false" } };
    expect(changedOtherwise(terms, position(170n, 0n))).toBeUndefined();
  });
});
