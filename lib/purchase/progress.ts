import type { Hex } from "viem";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { sendSteps, type TransactionKind, type SendStep, type SendEvent } from "@/lib/purchase/steps";

/** What has come of a transaction that did what it was sent for. Amounts in the token's smallest units. */
export interface ConfirmedPurchase {
  /** `reset-allowance` and `approve`: after a reload only; the commitment that they were for is still to be sent. */
  kind: "commit" | "reset-allowance" | "approve" | "cancel" | "refund";
  hash: Hex;
  /** The one that sent it: after a reload another may be connected, or none. */
  wallet: Hex;
  /** The block that has it: what is read from an older one does not know of it. */
  block: bigint;
  /** Of commitments and what comes before them: the token, what was added, and the entity's new total. */
  token?: Hex;
  increment?: bigint;
  total?: bigint;
}

/** What the page shows of a transaction from the press of its button on. */
export interface PurchaseProgress {
  /** What the steps are of; absent while there are none. */
  kind?: TransactionKind;
  steps: readonly SendStep[];
  running: boolean;
  /** The chain takes longer than usual. */
  slow: boolean;
  outcome?: ConfirmedPurchase;
  error?: PurchaseError;
}

/** What happens to it. `resumed`: a transaction of an earlier page load has come to an end. */
export type PurchaseProgressEvent =
  | SendEvent
  | { type: "slow" }
  | { type: "confirmed" | "resumed"; outcome: ConfirmedPurchase }
  | { type: "stopped"; error: PurchaseError };

/** Nothing has been pressed yet. */
export const NO_PROGRESS: PurchaseProgress = { steps: [], running: false, slow: false };

/** The progress after an event. */
export function purchaseProgress(progress: PurchaseProgress, event: PurchaseProgressEvent): PurchaseProgress {
  switch (event.type) {
    case "started":
      return { ...NO_PROGRESS, kind: event.kind, steps: sendSteps([], event), running: true };
    case "slow":
      return { ...progress, slow: true };
    case "resumed":
      return { ...NO_PROGRESS, outcome: event.outcome };
    case "confirmed": {
      const steps = sendSteps(progress.steps, { type: "finished" });
      return { ...progress, steps, running: false, slow: false, outcome: event.outcome };
    }
    case "stopped": {
      const steps = sendSteps(progress.steps, { type: "failed" });
      return { ...progress, steps, running: false, slow: false, error: event.error };
    }
    case "cleared":
      return progress.running ? progress : NO_PROGRESS;
    case "began":
      // It was the transaction of the step before that took long.
      return { ...progress, steps: sendSteps(progress.steps, event), slow: false };
    default:
      return { ...progress, steps: sendSteps(progress.steps, event) };
  }
}
