import type { Hex } from "viem";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import {
  sendSteps,
  type ApprovalStep,
  type SendEvent,
  type SendStep,
  type TransactionKind,
} from "@/lib/purchase/steps";

/** A transaction that the chain has confirmed. Amounts in the token's smallest units. */
export interface ConfirmedPurchase {
  /** `reset-allowance` and `approve` only after a reload: the commitment that they were for has not been sent yet. */
  kind: TransactionKind | ApprovalStep;
  hash: Hex;
  /** The sender: after a reload, another wallet may be connected, or none. */
  wallet: Hex;
  /** The transaction's block: reads of older blocks do not include it. */
  block: bigint;
  /** For commitments and their approvals: the token, the amount added, and the entity's new total. */
  token?: Hex;
  increment?: bigint;
  total?: bigint;
}

/** A transaction as the page shows it, from the press of its button on. */
export interface PurchaseProgress {
  /** The transaction that the steps belong to; absent while there are none. */
  kind?: TransactionKind;
  steps: readonly SendStep[];
  running: boolean;
  /** True if the confirmation takes longer than usual. */
  slow: boolean;
  outcome?: ConfirmedPurchase;
  error?: PurchaseError;
}

/** An event that changes the progress. `resumed`: a transaction of an earlier page load was confirmed. */
export type PurchaseProgressEvent =
  | SendEvent
  | { type: "started"; kind: TransactionKind }
  | { type: "slow" | "cleared" }
  | { type: "confirmed" | "resumed"; outcome: ConfirmedPurchase }
  | { type: "failed"; error: PurchaseError };

/** The progress before any button was pressed. */
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
    case "failed": {
      const steps = sendSteps(progress.steps, { type: "failed" });
      return { ...progress, steps, running: false, slow: false, error: event.error };
    }
    case "cleared":
      return progress.running ? progress : NO_PROGRESS;
    case "began":
      // Only the transaction of the previous step was slow.
      return { ...progress, steps: sendSteps(progress.steps, event), slow: false };
    default:
      return { ...progress, steps: sendSteps(progress.steps, event) };
  }
}
