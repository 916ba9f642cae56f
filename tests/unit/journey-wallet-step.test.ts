import { describe, expect, it } from "vitest";
import { journeySteps } from "@/lib/journey/journey";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import { walletNeed, walletStep } from "@/lib/journey/wallet-step";
import { someEntity, saleIn, somePosition, somePurchase } from "@/tests/support/purchase/some-purchase";

const held = (position: Position): Pick<PurchaseState, "position"> => ({
  position: { status: "ready", value: position },
});

describe("what a wallet is needed for", () => {
  it.each<[string, SalePhase["kind"], Position, boolean, string]>([
    ["before the sale opens, to be ready for it", "not-open", somePosition("none"), false, "commit"],
    ["while the sale is paused", "paused", somePosition("none"), false, "commit"],
    ["by an entity that has cancelled, for nothing", "paused", somePosition("cancelled"), false, "none"],
    ["after the window, for nothing", "closed", somePosition("committed"), false, "none"],
    ["in the cancellation stage, to cancel", "cancellation", somePosition("committed"), false, "cancel"],
    [
      "in the cancellation stage, for nothing without a commitment",
      "cancellation",
      somePosition("none"),
      false,
      "none",
    ],
    ["during the settlement, for nothing", "settlement", somePosition("committed"), false, "none"],
    ["at the end, to claim what is left", "done", somePosition("settled"), true, "claim"],
    ["at the end, for nothing when refunds are sent", "done", somePosition("settled"), false, "none"],
    ["at the end, for nothing when all is accepted", "done", somePosition("settled", { refundable: 0n }), true, "none"],
  ])("%s", (_when, kind, position, claimRefundEnabled, need) => {
    const phase = kind === "opens-later" || kind === "open" ? undefined : { kind };
    if (!phase) throw new Error("not a phase of this table");
    expect(walletNeed(somePurchase({ ...saleIn(phase, claimRefundEnabled), ...held(position) }))).toBe(need);
  });

  it("is taken to be a commitment while the chain has not answered", () => {
    expect(walletNeed(somePurchase({ sale: { status: "loading" } }))).toBe("commit");
  });
});

describe("the wallet's step", () => {
  it("asks for a wallet where one is of use", () => {
    expect(walletStep(somePurchase({ wallet: { status: "none" } }))).toMatchObject({
      state: "now",
      action: { kind: "in-step" },
    });
  });

  it("asks for none where there is nothing to do with it", () => {
    const step = walletStep(somePurchase({ wallet: { status: "none" }, ...saleIn({ kind: "settlement" }) }));
    expect(step).toEqual({ state: "waiting", sentence: "No wallet is needed at the moment." });
  });

  it("leaves a way to who was given a later time than the announced one, which only a permit can tell", () => {
    const step = walletStep(somePurchase({ wallet: { status: "none" }, ...saleIn({ kind: "closed" }) }));
    expect(step).toEqual({ state: "waiting", sentence: "Needed only if you were given a later time to commit." });
  });

  it("says what a wallet of the entity can do in each stage", () => {
    const none = { wallet: { status: "none" } as const, ...held(somePosition("committed")) };
    expect(walletStep(somePurchase({ ...none, ...saleIn({ kind: "cancellation" }) })).sentence).toContain("to cancel");
    expect(walletStep(somePurchase({ ...none, ...saleIn({ kind: "done" }, true) })).sentence).toContain("to claim");
  });

  it("offers the way back to the sale's chain from another one", () => {
    const purchase = somePurchase();
    if (purchase.wallet.status !== "connected") throw new Error("not connected");
    expect(walletStep({ ...purchase, wallet: { ...purchase.wallet, chainId: 1 } })).toEqual({
      state: "now",
      sentence: "0x7099…79C8 is on a different network. The sale is on Sandbox chain.",
      action: { kind: "in-step" },
    });
  });

  it("on another chain is what the commitment waits for, and not a wallet that is there", () => {
    const purchase = somePurchase();
    if (purchase.wallet.status !== "connected") throw new Error("not connected");
    const steps = journeySteps({
      signedIn: true,
      connected: true,
      entities: { status: "ready", value: [someEntity()] },
      chosen: someEntity(),
      purchase: { ...purchase, wallet: { ...purchase.wallet, chainId: 1 } },
    });
    expect(steps.at(-1)?.sentence).toBe("Unlocks once the wallet is on the sale's network.");
  });

  it("offers nothing to press while a wallet is asked or comes back", () => {
    const address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    expect(walletStep(somePurchase({ wallet: { status: "reconnecting", address } })).action).toBeUndefined();
    const connecting = walletStep(somePurchase({ wallet: { status: "connecting", walletName: "Frame" } }));
    expect(connecting).toEqual({ state: "now", sentence: "Waiting for Frame. Approve the connection there." });
  });
});
