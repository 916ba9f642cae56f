import type { Hex } from "viem";

/** What is sent: a bid, its cancellation, or the claim of what was not accepted. */
export type PurchaseKind = "commit" | "cancel" | "refund";

/** One thing that happens between the press of the button and the chain's confirmation. */
export type PurchaseStepId = "check" | "reset-allowance" | "approve" | "permit" | "sign" | "send" | "confirm";

/** How far one step is. */
export type PurchaseStepState = "todo" | "now" | "done" | "failed" | "skipped";

/** A step as the page shows it. `hash` where it sent a transaction. */
export interface PurchaseStep {
  id: PurchaseStepId;
  state: PurchaseStepState;
  hash?: Hex;
}

/** What the flow reports while it goes on. */
export type PurchaseStepEvent =
  | { type: "started"; kind: PurchaseKind }
  /** The way of funding is known: these steps are not needed, and all others are. */
  | { type: "skipped"; ids: readonly PurchaseStepId[] }
  | { type: "began"; id: PurchaseStepId }
  /** `nonce` once a node knows the transaction. */
  | { type: "sent"; id: PurchaseStepId; hash: Hex; nonce?: number }
  | { type: "finished" }
  | { type: "failed" }
  | { type: "cleared" };

const STEPS: Record<PurchaseKind, readonly PurchaseStepId[]> = {
  commit: ["check", "reset-allowance", "approve", "permit", "sign", "send", "confirm"],
  cancel: ["check", "send", "confirm"],
  refund: ["check", "send", "confirm"],
};

/** Nobody knows before the check whether these are needed; shown and taken away again, they would make the page jump. */
const UNDECIDED: ReadonlySet<PurchaseStepId> = new Set(["reset-allowance", "approve", "sign"]);

function update(
  steps: readonly PurchaseStep[],
  applies: (step: PurchaseStep, index: number) => boolean,
  state: PurchaseStepState,
): PurchaseStep[] {
  return steps.map((step, index) => (applies(step, index) ? { ...step, state } : step));
}

/** What comes before is over. What comes after is open again: a second attempt with a new permit begins in the middle. */
function begin(steps: readonly PurchaseStep[], id: PurchaseStepId): PurchaseStep[] {
  const at = steps.findIndex((step) => step.id === id);
  const past = update(steps, ({ state }, index) => index < at && state === "now", "done");
  const future = update(past, ({ state }, index) => index > at && state !== "skipped", "todo");
  return update(future, (_, index) => index === at, "now");
}

/** What has been done stays so, also where a second attempt goes another way. */
function decide(step: PurchaseStep, skipped: readonly PurchaseStepId[]): PurchaseStep {
  if (step.state !== "todo" && step.state !== "skipped") return step;
  return { ...step, state: skipped.includes(step.id) ? "skipped" : "todo" };
}

/** The steps after an event. A step that was skipped stays so unless it is begun. */
export function purchaseSteps(steps: readonly PurchaseStep[], event: PurchaseStepEvent): readonly PurchaseStep[] {
  switch (event.type) {
    case "started":
      return STEPS[event.kind].map((id) => ({ id, state: UNDECIDED.has(id) ? "skipped" : "todo" }));
    case "skipped":
      return steps.map((step) => decide(step, event.ids));
    case "began":
      return begin(steps, event.id);
    case "sent":
      return steps.map((step) => (step.id === event.id ? { ...step, hash: event.hash } : step));
    case "finished":
      return update(steps, ({ state }) => state === "now" || state === "todo", "done");
    case "failed":
      return update(steps, ({ state }) => state === "now", "failed");
    case "cleared":
      return [];
  }
}
