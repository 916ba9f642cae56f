import { describe, expect, it } from "vitest";
import { declineReason } from "@/lib/purchase/decline";
import {
  NO_PROGRESS,
  purchaseProgress,
  type PurchaseProgress,
  type PurchaseProgressEvent,
} from "@/lib/purchase/progress";
import { askingStep, currentHint, fundingOfSteps, spokenSentence, tabWords } from "@/lib/purchase/send-words";
import { ANN, somePosition } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const names = { amount: "125.50 USDC", symbol: "USDC" };

/** Every state that these events lead to. */
function states(events: readonly PurchaseProgressEvent[]): PurchaseProgress[] {
  let progress = NO_PROGRESS;
  return events.map((event) => (progress = purchaseProgress(progress, event)));
}

/** What is heard of them: each sentence once, as the page says it when it changes. */
function heard(events: readonly PurchaseProgressEvent[], by = names): string[] {
  const said = states(events).map((progress) => spokenSentence(progress, by));
  return said.filter((sentence, index) => sentence !== said[index - 1]).filter((sentence) => sentence !== undefined);
}

const SIGNED: readonly PurchaseProgressEvent[] = [
  { type: "started", kind: "commit" },
  { type: "began", id: "check" },
  { type: "skipped", ids: ["reset-allowance", "approve"] },
  { type: "began", id: "permit" },
  { type: "began", id: "sign" },
  { type: "began", id: "send" },
  { type: "sent", id: "send", hash: HASH },
  { type: "began", id: "confirm" },
];
const CONFIRMED: PurchaseProgressEvent = {
  type: "confirmed",
  outcome: { kind: "commit", wallet: ANN, block: 1n, increment: 125_500_000n },
};

describe("what a screen reader hears of a transaction", () => {
  it("with a signature is a story", () => {
    expect(heard([...SIGNED, CONFIRMED])).toEqual([
      "Step 1 of 2: sign the USDC permission in your wallet.",
      "Step 2 of 2: confirm the transaction in your wallet.",
      "Sent. Waiting for confirmation.",
      "Confirmed. You committed 125.50 USDC.",
    ]);
  });

  it("with two approvals counts each request, and says when one is sent", () => {
    const events: readonly PurchaseProgressEvent[] = [
      { type: "started", kind: "commit" },
      { type: "began", id: "check" },
      { type: "skipped", ids: ["sign"] },
      { type: "began", id: "reset-allowance" },
      { type: "sent", id: "reset-allowance", hash: HASH },
      { type: "began", id: "approve" },
      { type: "sent", id: "approve", hash: HASH },
      { type: "began", id: "permit" },
      { type: "began", id: "send" },
    ];
    expect(heard(events)).toEqual([
      "Step 1 of 3: reset the earlier USDC approval in your wallet.",
      "Sent. Waiting for confirmation.",
      "Step 2 of 3: approve 125.50 USDC in your wallet.",
      "Sent. Waiting for confirmation.",
      "Step 3 of 3: confirm the transaction in your wallet.",
    ]);
  });

  it("a rejection is heard, and a second one too", () => {
    const sentence = "You declined in your wallet. Nothing was sent.";
    const declined: PurchaseProgressEvent = {
      type: "failed",
      error: { kind: "user-rejected", sentence, action: "retry" },
    };
    const again: readonly PurchaseProgressEvent[] = [...SIGNED.slice(0, 5), declined];
    expect(heard([...again, { type: "cleared" }, ...again]).filter((said) => said === sentence)).toHaveLength(2);
  });

  it.each([
    ["reduce", "Confirmed. You took back 125.50 USDC."],
    ["cancel", "Confirmed. Your commitment is cancelled, and 125.50 USDC was paid back."],
    ["refund", "Confirmed. 125.50 USDC was paid back."],
  ] as const)("of what comes back (%s)", (kind, sentence) => {
    const outcome = { kind, wallet: ANN, block: 1n, takenBack: 125_500_000n } as const;
    expect(heard([{ type: "resumed", outcome }])).toEqual([sentence]);
  });

  it("of a reduction that leaves nothing says that the commitment has ended", () => {
    const outcome = { kind: "reduce", wallet: ANN, block: 1n, takenBack: 125_500_000n, total: 0n } as const;
    expect(heard([{ type: "resumed", outcome }])[0]).toMatch(/You took back 125\.50 USDC\. .* commitment has ended\.$/);
  });

  it("of an approval says if it is too little", () => {
    const outcome = { kind: "approve", wallet: ANN, block: 1n, increment: 5n } as const;
    expect(heard([{ type: "resumed", outcome: { ...outcome, approved: 4n } }])[0]).toContain("less than is needed");
    expect(heard([{ type: "resumed", outcome: { ...outcome, approved: 5n } }])[0]).toContain("Your approval stands");
  });

  it("of a bid that pays nothing says why", () => {
    const outcome = { kind: "commit", wallet: ANN, block: 1n } as const;
    const said = (more: object) => spokenSentence({ ...NO_PROGRESS, outcome: { ...outcome, ...more } }, {});
    expect(said({ increment: 0n })).toBe("Confirmed. The terms of your commitment changed.");
    expect(said({ increment: 0n, asked: 5n })).toMatch(/^Confirmed\. Nothing was taken:/);
    expect(said({}), "not known").toBe("Confirmed. Your commitment is on the chain.");
  });
});

describe("the hint of the current step", () => {
  it("is about the wallet until that has sent the approval, and then about the network", () => {
    const asking = { id: "approve", state: "now" } as const;
    expect(currentHint("commit", asking)).toBe("Confirm in your wallet.");
    expect(currentHint("commit", { ...asking, hash: HASH })).toBe("Sent. Waiting for confirmation.");
  });

  it.each([
    ["commit", ["paused", "cancellation", "closed"]],
    ["reduce", ["paused", "settlement"]],
    ["cancel", ["paused", "settlement"]],
    ["refund", ["paused", "settlement"]],
  ] as const)("of a %s says to decline once the sale does not accept it any more", (kind, phases) => {
    const nothing = somePosition("none");
    expect(phases.map((phase) => declineReason({ kind }, { kind: phase }, nothing))).toEqual(
      phases.map(() => "not-accepted"),
    );
    const step = { id: "send", state: "now" } as const;
    expect(currentHint(kind, step, { decline: "not-accepted" })).toMatch(/^Decline in your wallet\./);
    const asking = { ...NO_PROGRESS, kind, running: true, steps: [step] };
    expect(spokenSentence(asking, names, "not-accepted")).toBe(currentHint(kind, step, { decline: "not-accepted" }));
    expect(tabWords(asking, false, "not-accepted")).toBe("Decline in your wallet");
  });

  it("says to confirm while the sale accepts it", () => {
    const accepting = [
      declineReason({ kind: "commit" }, { kind: "open" }, somePosition("none")),
      declineReason({ kind: "commit" }, { kind: "commitment" }, somePosition("none")),
      declineReason({ kind: "reduce" }, { kind: "cancellation" }, somePosition("none")),
      declineReason({ kind: "refund" }, { kind: "done" }, somePosition("none")),
    ];
    expect(accepting).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("tells a step in which the wallet is asked from one that waits for something else", () => {
    const asked = states(SIGNED).map(askingStep);
    expect(asked).toEqual([undefined, undefined, undefined, undefined, "sign", "send", undefined, undefined]);
  });
});

describe("the tab's title", () => {
  it("asks for the wallet while its request is open, and then says that it is being confirmed", () => {
    const words = states(SIGNED).map((progress, index) => tabWords(progress, index >= 6));
    expect(words).toEqual([
      ...Array.from({ length: 4 }, () => undefined),
      "Confirm in your wallet",
      "Confirm in your wallet",
      "Confirming…",
      "Confirming…",
    ]);
  });

  it("says that a transaction of an earlier page load is being confirmed", () => {
    expect(tabWords(NO_PROGRESS, true)).toBe("Confirming…");
    expect(tabWords(NO_PROGRESS, false)).toBeUndefined();
  });
});

it.each([
  [["approve", "reset-allowance"], "signature"],
  [["reset-allowance", "sign"], "approval"],
  [["sign"], "approval-after-reset"],
  [["reset-allowance", "approve", "sign"], "allowance"],
] as const)("steps without %j are of the funding %s", (ids, funding) => {
  const steps =
    states([
      { type: "started", kind: "commit" },
      { type: "skipped", ids },
    ]).at(-1)?.steps ?? [];
  expect(fundingOfSteps(steps)).toBe(funding);
});
