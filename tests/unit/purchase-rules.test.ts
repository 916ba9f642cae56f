import { describe, expect, it } from "vitest";
import { decideFunding, type FundingFacts } from "@/lib/sale/funding";
import { parsePending, pendingKey, type PendingTransaction } from "@/lib/sale/pending-transaction";
import type { Position } from "@/lib/sale/position";
import { positionAction, type PositionActionInput } from "@/lib/sale/position-actions";
import { purchaseSteps, type PurchaseStep, type PurchaseStepEvent } from "@/lib/sale/purchase-steps";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const HASH = `0x${"ab".repeat(32)}` as const;

describe("the way of funding", () => {
  const facts: FundingFacts = {
    delta: 10n,
    allowance: 0n,
    tokenHasPermit: true,
    isContractWallet: false,
    canSign: true,
  };

  it.each<[string, Partial<FundingFacts>, string]>([
    ["is a signature where token and wallet can", {}, "signature"],
    ["is the allowance where it covers", { allowance: 10n }, "allowance"],
    ["is no payment where nothing is taken", { delta: 0n, tokenHasPermit: false }, "allowance"],
    ["is an approval for a contract wallet", { isContractWallet: true }, "approval"],
    ["is an approval for a wallet that cannot sign", { canSign: false, allowance: 9n }, "approval"],
    ["is an approval for a token without permits", { tokenHasPermit: false }, "approval"],
    [
      "goes through zero where such a token has too small an allowance",
      { tokenHasPermit: false, allowance: 9n },
      "approval-after-reset",
    ],
  ])("%s", (_what, changes, way) => {
    expect(decideFunding({ ...facts, ...changes })).toBe(way);
  });
});

describe("the steps of a commitment", () => {
  const after = (...events: PurchaseStepEvent[]) =>
    events.reduce<readonly PurchaseStep[]>(purchaseSteps, purchaseSteps([], { type: "started", kind: "commit" }));
  const states = (steps: readonly PurchaseStep[]) => steps.map(({ id, state }) => `${id} ${state}`);

  it("leave out what this way of funding does not need, and follow each other", () => {
    const steps = after(
      { type: "began", id: "check" },
      { type: "skipped", ids: ["reset-allowance", "approve"] },
      { type: "began", id: "permit" },
    );
    expect(states(steps)).toEqual([
      "check done",
      "reset-allowance skipped",
      "approve skipped",
      "permit now",
      "sign todo",
      "send todo",
      "confirm todo",
    ]);
  });

  it("show what funding needs only once that is decided, and again where a second attempt decides otherwise", () => {
    expect(states(after())).toEqual(expect.arrayContaining(["approve skipped", "sign skipped", "permit todo"]));
    const bySignature = { type: "skipped", ids: ["reset-allowance", "approve"] } as const;
    expect(states(after(bySignature))).toEqual(expect.arrayContaining(["approve skipped", "sign todo"]));
    const byApproval = { type: "skipped", ids: ["reset-allowance", "sign"] } as const;
    expect(states(after(bySignature, byApproval))).toEqual(expect.arrayContaining(["approve todo", "sign skipped"]));
  });

  it("begin again in the middle for a second permit", () => {
    const steps = after(
      { type: "began", id: "permit" },
      { type: "began", id: "send" },
      { type: "began", id: "permit" },
    );
    expect(states(steps)).toEqual(expect.arrayContaining(["permit now", "send todo"]));
  });

  it("keep the transaction of each, and show where it stopped", () => {
    const steps = after({ type: "began", id: "send" }, { type: "sent", id: "send", hash: HASH }, { type: "failed" });
    expect(steps.find(({ id }) => id === "send")).toEqual({ id: "send", state: "failed", hash: HASH });
  });
});

describe("what is remembered of a transaction", () => {
  const scope = { chainId: 31337, contract: WALLET, entityId: `0x${"11".repeat(16)}` } as const;
  const record: PendingTransaction = { ...scope, kind: "commit", hash: HASH, wallet: OTHER, sentAt: 1, nonce: 3 };
  const read = (changes: object) => parsePending(JSON.stringify({ ...record, ...changes }), scope);

  it("is read back as it was", () => {
    expect(read({ total: "5", increment: "5", token: WALLET })).toMatchObject({ ...record, total: "5" });
  });

  it.each(["commit", "reset-allowance", "approve", "cancel", "refund"])("can be of the kind %s", (kind) => {
    expect(read({ kind })).toEqual({ ...record, kind });
  });

  it.each([
    { kind: "transfer" },
    { hash: "0x12" },
    { hash: `javascript:${"a".repeat(55)}` },
    { wallet: null },
    { total: "1e3" },
    { nonce: -1 },
    { sentAt: "now" },
    { chainId: 1 },
    { contract: OTHER },
    { entityId: `0x${"22".repeat(16)}` },
  ])("is nothing if it is broken or of something else: %j", (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it.each([null, "", "{", "null", "7", "[]"])("is nothing if it is no record: %s", (text) => {
    expect(parsePending(text, scope)).toBeUndefined();
  });

  it("has one place for a sale and an entity, however their ids are written", () => {
    expect(pendingKey({ ...scope, contract: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8" })).toBe(pendingKey(scope));
  });
});

describe("the way back that is open", () => {
  const amounts = { committed: 5n, cancelled: 0n, accepted: 0n, refundable: 5n, returned: 0n };
  const position: Position = {
    state: "committed",
    bid: { lockup: false, price: 0n, amount: 5n },
    total: amounts,
    rows: [{ ...amounts, wallet: WALLET, token: OTHER }],
  };
  const at = (changes: Partial<PositionActionInput>) =>
    positionAction({ phase: "open", position, claimRefundEnabled: false, wallet: WALLET, ...changes });

  it.each(["not-open", "opens-later", "open", "closed", "paused", "settlement"] as const)(
    "is none while %s",
    (phase) => {
      expect(at({ phase, claimRefundEnabled: true })).toEqual({ kind: "none" });
    },
  );

  it("is to cancel in the cancellation, by a wallet of the entity", () => {
    expect(at({ phase: "cancellation" })).toEqual({ kind: "cancel" });
    expect(at({ phase: "cancellation", wallet: OTHER })).toMatchObject({
      kind: "cancel",
      problem: "Switch to one of this entity's wallets: 0x7099…79C8.",
    });
  });

  it("asks for a wallet where none is connected", () => {
    const { wallet: _, ...rest } = {
      phase: "cancellation" as const,
      position,
      claimRefundEnabled: false,
      wallet: WALLET,
    };
    expect(positionAction(rest)).toMatchObject({ problem: expect.stringMatching(/^Connect/) });
  });

  it("is to claim at the end where that is allowed, else to wait", () => {
    expect(at({ phase: "done", claimRefundEnabled: true })).toEqual({ kind: "claim-refund" });
    expect(at({ phase: "done" })).toEqual({ kind: "refund-automatic" });
  });

  it("is none once nothing is left to pay back", () => {
    const paid = { ...position, total: { ...amounts, refundable: 0n } };
    expect(at({ phase: "done", claimRefundEnabled: true, position: paid })).toEqual({ kind: "none" });
  });
});
