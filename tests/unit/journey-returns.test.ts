import { describe, expect, it } from "vitest";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import { walletNeed, walletStep, commitStep } from "@/lib/journey/purchase-steps";
import { saleIn, somePosition, somePurchase } from "@/tests/support/purchase/some-purchase";

const held = (position: Position): Pick<PurchaseState, "position"> => ({
  position: { status: "ready", value: position },
});

function step(changes: Partial<PurchaseState>) {
  return commitStep(somePurchase(changes));
}

describe("the journey of money that returns", () => {
  it("is to reduce or cancel where the sale lets buyers reduce, and nothing once all was accepted", () => {
    const reducible = saleIn({ kind: "cancellation" }, false, true);
    const committed = held(somePosition("committed"));
    expect(walletNeed(somePurchase({ ...reducible, ...committed }))).toBe("reduce-or-cancel");
    const none = { wallet: { status: "none" } as const };
    expect(walletStep(somePurchase({ ...reducible, ...committed, ...none })).sentence).toContain("to reduce or cancel");
    const accepted = held(somePosition("committed", { accepted: 250_000_000n, refundable: 0n }));
    expect(walletNeed(somePurchase({ ...reducible, ...accepted }))).toBe("none");
  });

  it.each([
    ["nothing was accepted", {}, "Committed. You can reduce or cancel it now, or leave it as it is."],
    [
      "a part was accepted",
      { accepted: 1n },
      "Partly accepted. You can reduce or cancel the rest now, or leave it as it is.",
    ],
    ["all was accepted", { accepted: 250_000_000n, refundable: 0n }, "Committed and accepted in full."],
  ])("where buyers may reduce, it says so when %s", (_when, amounts, sentence) => {
    const view = { ...saleIn({ kind: "cancellation" }, false, true), ...held(somePosition("committed", amounts)) };
    expect(step(view)).toEqual({ state: "done", sentence });
  });

  it("nothing follows from the last known position of an entity that Sonar lists no longer", () => {
    for (const kind of ["commitment", "cancellation", "done"] as const) {
      const view = { ...saleIn({ kind }, true), ...held(somePosition("committed")), unlisted: true };
      expect(step(view)).toEqual({ state: "waiting", sentence: expect.stringContaining("cannot be read") });
      expect(walletNeed(somePurchase(view))).toBe("none");
      const old = { ...view, unlisted: false, old: true, updating: true };
      expect(step(old).sentence).not.toMatch(/accepted|claim|cancel/);
      expect(walletNeed(somePurchase(old))).toBe(kind === "commitment" ? "commit" : "none");
    }
  });

  it("an entity whose commitment ended is not said to have ended it: the operator may have", () => {
    for (const kind of ["not-open", "closed", "cancellation", "done"] as const) {
      const { sentence } = step({ ...saleIn({ kind }), ...held(somePosition("cancelled")) });
      expect(sentence).toBe("This commitment has ended and was paid back. This entity cannot commit again.");
    }
  });

  it("at the end, a commitment that was cut before and accepted is not said to be accepted whole", () => {
    const position = somePosition("settled", { refundable: 0n, cancelled: 1n });
    expect(step({ ...saleIn({ kind: "done" }, true), ...held(position) }).sentence).toBe(
      "The remaining commitment was accepted in full. The rest had already been paid back.",
    );
  });
});
