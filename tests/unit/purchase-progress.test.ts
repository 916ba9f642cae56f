import { describe, expect, it } from "vitest";
import { sendSteps, type SendStep, type SendBoundary, type SendEvent } from "@/lib/purchase/progress";

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
