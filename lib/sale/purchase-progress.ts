import type { PurchaseError } from "@/lib/sale/purchase-error";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import { purchaseSteps, type PurchaseKind, type PurchaseStep, type PurchaseStepEvent } from "@/lib/sale/purchase-steps";

/** What the page shows of a transaction from the press of its button on. */
export interface PurchaseProgress {
  /** What the steps are of; absent while there are none. */
  kind?: PurchaseKind;
  steps: readonly PurchaseStep[];
  running: boolean;
  /** The chain takes longer than usual. */
  slow: boolean;
  outcome?: PurchaseOutcome;
  error?: PurchaseError;
}

/** What happens to it. `resumed`: a transaction of an earlier page load has come to an end. */
export type PurchaseProgressEvent =
  | PurchaseStepEvent
  | { type: "slow" }
  | { type: "confirmed" | "resumed"; outcome: PurchaseOutcome }
  | { type: "stopped"; error: PurchaseError };

/** Nothing has been pressed yet. */
export const NO_PROGRESS: PurchaseProgress = { steps: [], running: false, slow: false };

/** The progress after an event. */
export function purchaseProgress(progress: PurchaseProgress, event: PurchaseProgressEvent): PurchaseProgress {
  switch (event.type) {
    case "started":
      return { ...NO_PROGRESS, kind: event.kind, steps: purchaseSteps([], event), running: true };
    case "slow":
      return { ...progress, slow: true };
    case "resumed":
      return { ...NO_PROGRESS, outcome: event.outcome };
    case "confirmed": {
      const steps = purchaseSteps(progress.steps, { type: "finished" });
      return { ...progress, steps, running: false, slow: false, outcome: event.outcome };
    }
    case "stopped": {
      const steps = purchaseSteps(progress.steps, { type: "failed" });
      return { ...progress, steps, running: false, slow: false, error: event.error };
    }
    case "cleared":
      return progress.running ? progress : NO_PROGRESS;
    case "began":
      // It was the transaction of the step before that took long.
      return { ...progress, steps: purchaseSteps(progress.steps, event), slow: false };
    default:
      return { ...progress, steps: purchaseSteps(progress.steps, event) };
  }
}
