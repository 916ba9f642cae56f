import { describe, expect, it } from "vitest";
import { journeySteps } from "@/lib/journey/journey";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import { walletNeed, walletStep, commitStep } from "@/lib/journey/purchase-steps";
import { someEntity, saleIn, somePosition, somePurchase } from "@/tests/support/purchase/some-purchase";
import { failure, messageOf } from "@/lib/result";
import { describeReadiness } from "@/lib/purchase/readiness";

const held = (position: Position): Pick<PurchaseState, "position"> => ({
  position: { status: "ready", value: position },
});

describe("what a wallet is needed for", () => {
  it.each<[string, SalePhase["kind"], Position, boolean, string]>([
    ["before the sale opens, to be ready for it", "not-open", somePosition("none"), false, "commit"],
    ["while the sale is paused", "paused", somePosition("none"), false, "commit"],
    ["while this site has paused commitments", "paused-by-site", somePosition("none"), false, "commit"],
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
    expect(step).toEqual({ state: "waiting", sentence: "Needed only if your entity has a later time window." });
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
      sentence: "0x709979…dc79C8 is on a different network. The sale is on Sandbox chain.",
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
    expect(steps.find(({ id }) => id === "commit")?.sentence).toBe("Unlocks once the wallet is on the sale's network.");
  });

  it("offers nothing to press while a wallet is asked or comes back", () => {
    const address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    expect(walletStep(somePurchase({ wallet: { status: "reconnecting", address } })).action).toBeUndefined();
    const connecting = walletStep(somePurchase({ wallet: { status: "connecting", walletName: "Frame" } }));
    expect(connecting).toEqual({ state: "now", sentence: "Waiting for Frame. Approve the connection there." });
  });
});

const RETRY = failure("api/network_error", { reason: "timeout" });
const FINAL = failure("config/missing");

function step(changes: Partial<PurchaseState>) {
  return commitStep(somePurchase(changes));
}

describe("while the sale is open", () => {
  it("who may buy is asked for an amount", () => {
    expect(step({})).toEqual({ state: "now", sentence: "Choose how much to commit.", action: { kind: "in-step" } });
  });

  it("who has just committed is not asked for an amount until the new position is read", () => {
    expect(step({ updating: true })).toEqual({ state: "now", sentence: "Updating your commitment." });
  });

  it("a position of before a transaction is not the current one either where the new one cannot be read, in any phase", () => {
    const position = { status: "ready", value: somePosition("settled"), refreshFailure: RETRY } as const;
    expect(step({ updating: true, position, ...saleIn({ kind: "done" }, true) })).toEqual({
      state: "done",
      sentence: "Your current commitment could not be read yet. Trying again.",
    });
  });

  it("who has committed is done and may add to it", () => {
    expect(step(held(somePosition("committed")))).toEqual({
      state: "done",
      sentence: "Committed. You can add to it.",
    });
  });

  it("a transaction under way keeps a commitment done and a first one to be done", () => {
    const sentence = "Your transaction is in progress.";
    expect(step({ pending: true })).toEqual({ state: "now", sentence });
    expect(step({ pending: true, ...held(somePosition("committed")) })).toEqual({ state: "done", sentence });
  });

  it("a purchase that Sonar does not clear stops here; the notice in the step says why", () => {
    const value = describeReadiness({ ReadyToPurchase: false, FailureReason: "wallet-risk", LivenessCheckURL: "" });
    const sentence = "Sonar has not cleared this wallet and entity.";
    expect(step({ check: { status: "ready", value } })).toEqual({ state: "blocked", sentence });
  });

  it("a check that failed can be tried again, unless that cannot help", () => {
    expect(step({ check: { status: "failed", failure: RETRY } }).action).toEqual({ kind: "in-step" });
    const final = step({ check: { status: "failed", failure: FINAL } });
    expect(final.state).toBe("blocked");
    expect(final.action).toBeUndefined();
  });
});

describe("outside the time to commit", () => {
  it.each([
    ["before", { kind: "not-open" as const }, "The sale has not opened yet."],
    [
      "while paused",
      { kind: "paused" as const },
      "The sale is paused. You cannot commit, cancel or claim until it resumes. Existing commitments are unchanged.",
    ],
    [
      "while this site has paused commitments",
      { kind: "paused-by-site" as const },
      "This site has paused new commitments. Commitments already made are unchanged. Cancelling and refunds are not affected.",
    ],
    ["after", { kind: "closed" as const }, "The commitment period has ended."],
  ])("%s, the step waits and says why; a commitment stays done", (_when, phase, sentence) => {
    const without = { ...saleIn(phase), wallet: { status: "none" } as const };
    expect(step(without)).toEqual({ state: "waiting", sentence });
    expect(step({ ...without, ...held(somePosition("committed")) })).toEqual({
      state: "done",
      sentence: `Committed. ${sentence}`,
    });
  });

  const OUTSIDE = describeReadiness({
    ReadyToPurchase: false,
    FailureReason: "outside-time-window",
    LivenessCheckURL: "",
  });

  it.each<[string, SalePhase, string]>([
    ["before", { kind: "opens-later", opensAt: 9n, secondsLeft: 1n }, "This entity's time window has not opened yet."],
    ["after", { kind: "closed" }, "This entity's time window has closed."],
  ])(
    "%s its own window, an entity is not told to choose an amount, whether the check says so too or not",
    (_when, phase, sentence) => {
      for (const value of [{ ready: true } as const, OUTSIDE]) {
        const view = { ...saleIn(phase), check: { status: "ready" as const, value } };
        expect(step(view)).toEqual({ state: "waiting", sentence });
        expect(step({ ...view, ...held(somePosition("committed")) })).toEqual({
          state: "done",
          sentence: `Committed. ${sentence}`,
        });
      }
    },
  );

  it("what else Sonar has against a purchase comes before the announced time", () => {
    const value = describeReadiness({ ReadyToPurchase: false, FailureReason: "wallet-risk", LivenessCheckURL: "" });
    const sentence = "Sonar has not cleared this wallet and entity.";
    expect(step({ ...saleIn({ kind: "closed" }), check: { status: "ready", value } }).sentence).toBe(sentence);
  });

  it("while no window is known the permit is waited for, and no time is claimed", () => {
    const sentence = "Sonar sets when and how much you can commit.";
    expect(step(saleIn({ kind: "commitment" }))).toEqual({ state: "now", sentence });
  });

  it("in the cancellation stage, only who has committed has a choice", () => {
    const cancellation = saleIn({ kind: "cancellation" });
    expect(step(cancellation).state).toBe("waiting");
    expect(step({ ...cancellation, ...held(somePosition("committed")) })).toEqual({
      state: "done",
      sentence: "Committed. You can cancel it now, or leave it as it is.",
    });
  });

  it("while money waits to be claimed the step is now, with its button", () => {
    const waits = { ...saleIn({ kind: "done" }, true), ...held(somePosition("settled", { accepted: 1n })) };
    expect(step(waits)).toMatchObject({ state: "now", action: { kind: "in-step" } });
    expect(step({ ...waits, ...saleIn({ kind: "done" }) }).state).toBe("done");
  });

  it.each([
    ["all was accepted", somePosition("settled", { refundable: 0n }), true, "Accepted in full."],
    [
      "a rest can be claimed",
      somePosition("settled", { accepted: 1n }),
      true,
      "Partly accepted. The rest can be claimed now.",
    ],
    [
      "a rest is sent",
      somePosition("settled", { accepted: 1n }),
      false,
      "Partly accepted. The rest is refunded automatically.",
    ],
    [
      "nothing was accepted",
      somePosition("settled"),
      false,
      "Nothing was accepted. The full amount is refunded automatically.",
    ],
    ["there was no commitment", somePosition("none"), false, "The sale has ended."],
  ])("at the end it says when %s", (_when, position, claim, sentence) => {
    expect(step({ ...saleIn({ kind: "done" }, claim), ...held(position) }).sentence).toBe(sentence);
  });

  it.each(["cancelled", "refunded"] as const)(
    "an entity that was paid back (%s) has nothing left to do in any phase",
    (state) => {
      for (const kind of ["not-open", "closed", "paused", "cancellation", "settlement", "done"] as const) {
        expect(step({ ...saleIn({ kind }), ...held(somePosition(state)) })).toMatchObject({ state: "done" });
      }
    },
  );
});

describe("without an answer from the chain", () => {
  it("the step waits for it", () => {
    expect(step({ sale: { status: "loading" } }).sentence).toContain("from the chain");
    expect(step({ position: { status: "loading" } }).sentence).toContain("from the chain");
  });

  it.each(["sale", "position"] as const)(
    "a failed read of the %s can be tried again, unless that cannot help",
    (what) => {
      expect(step({ [what]: { status: "failed", failure: RETRY } })).toEqual({
        state: "blocked",
        sentence: messageOf(RETRY),
        action: { kind: "in-step" },
      });
      expect(step({ [what]: { status: "failed", failure: FINAL } }).action).toBeUndefined();
    },
  );
});

describe("a permit that is refused", () => {
  it("by a gate of this site blocks the step, with an action only where trying again can help", () => {
    const sentence = "You cannot commit at the moment.";
    const blocked = { state: "blocked", sentence };
    expect(commitStep(somePurchase({ refusal: failure("sale/purchase_refused") }))).toEqual(blocked);
    const refusal = failure("api/server_error");
    expect(commitStep(somePurchase({ refusal }))).toEqual({ ...blocked, action: { kind: "in-step" } });
  });

  const uncleared = describeReadiness({ ReadyToPurchase: false, FailureReason: "wallet-risk", LivenessCheckURL: "" });
  it.each<[string, Partial<PurchaseState>]>([
    ["by a gate of this site", { refusal: failure("sale/purchase_refused") }],
    ["by a failure that may pass", { refusal: failure("api/server_error") }],
    ["by Sonar's check", { check: { status: "ready", value: uncleared } }],
    ["because Sonar could not be asked", { check: { status: "failed", failure: RETRY } }],
  ])("%s does not stop a commitment that stands", (_by, changes) => {
    const standing = commitStep(somePurchase({ ...changes, ...held(somePosition("committed")) }));
    expect(standing).toEqual({ state: "done", sentence: expect.stringMatching(/^Committed\. .* add to it/) });
  });
});
