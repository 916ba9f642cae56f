import { describe, expect, it } from "vitest";
import { EMPTY_DRAFT, draftAfterCommit } from "@/lib/purchase/draft";
import type { ConfirmedPurchase } from "@/lib/purchase/progress";
import { ANN, TOKENS, USDT } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const paid: Omit<ConfirmedPurchase, "kind"> = {
  hash: HASH,
  wallet: ANN,
  block: 1n,
  token: USDT.address,
  increment: 125_500_000n,
  total: 125_500_000n,
};

describe("the form after a transaction", () => {
  it.each(["approve", "reset-allowance"] as const)(
    "of an earlier page load, %s, has its amount and token again",
    (kind) => {
      const expected = { ...EMPTY_DRAFT, amount: "125.50", token: USDT.address };
      expect(draftAfterCommit({ kind, ...paid }, EMPTY_DRAFT, TOKENS)).toEqual(expected);
    },
  );

  it("that came before the commitment keeps what is typed by now", () => {
    const typed = { ...EMPTY_DRAFT, amount: "7" };
    expect(draftAfterCommit({ kind: "approve", ...paid }, typed, TOKENS)).toEqual(typed);
  });

  it("whose amount is not known, or whose token is not the sale's any more, is as it was", () => {
    const { increment: _unknown, ...rest } = paid;
    const outcomes: ConfirmedPurchase[] = [
      { kind: "approve", ...rest },
      { kind: "approve", ...paid, token: ANN },
    ];
    for (const outcome of outcomes) expect(draftAfterCommit(outcome, EMPTY_DRAFT, TOKENS)).toEqual(EMPTY_DRAFT);
  });

  it.each(["commit", "reduce", "cancel", "refund"] as const)("that was a %s is empty, for the same token", (kind) => {
    const typed = { amount: "125.50", price: "1", lockup: true, token: USDT.address };
    expect(draftAfterCommit({ kind, ...paid }, typed, TOKENS)).toEqual({ ...EMPTY_DRAFT, token: USDT.address });
  });
});
