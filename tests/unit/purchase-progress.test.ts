import { describe, expect, it } from "vitest";
import { outcomeOf, sendSteps, type SendStep, type SendBoundary, type SendEvent } from "@/lib/purchase/progress";
import { ANN, USDC } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;

describe("the steps of a commitment", () => {
  const after = (...events: (SendEvent | SendBoundary)[]) =>
    events.reduce<readonly SendStep[]>(sendSteps, sendSteps([], { type: "started", kind: "commit" }));
  const states = (steps: readonly SendStep[]) => steps.map(({ id, state }) => `${id} ${state}`);

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

describe("the outcome of a transaction", () => {
  const token = USDC.address;
  const outcome = (kind: "commit" | "reduce" | "approve", wanted: object, done: object) =>
    outcomeOf({ kind, wallet: ANN }, { token, ...wanted }, { hash: HASH, block: 9n, done });

  it("has the total that was expected, where the chain has another one", () => {
    const reduction = { takenBack: 2n, total: 5n };
    expect(outcome("reduce", reduction, { takenBack: 2n, total: 0n })).toMatchObject({ total: 0n, expectedTotal: 5n });
    expect(outcome("reduce", reduction, { takenBack: 2n, total: 0n })).not.toHaveProperty("asked");
    expect(outcome("reduce", reduction, { takenBack: 2n, total: 5n })).not.toHaveProperty("expectedTotal");
    expect(outcome("reduce", reduction, {})).not.toHaveProperty("expectedTotal");
    expect(outcome("commit", { increment: 100n, total: 100n }, { increment: 300n, total: 300n })).toMatchObject({
      ...{ increment: 300n, asked: 100n, total: 300n, expectedTotal: 100n },
    });
  });
});
