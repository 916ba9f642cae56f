import type { Hex } from "viem";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { Position, PositionRow } from "@/lib/purchase/position";

/** The transactions a user can ask for: a bid, its reduction or cancellation, or the refund of the part that was not accepted. */
export type TransactionKind = "commit" | "reduce" | "cancel" | "refund";

/** A step between the press of the button and the chain's confirmation. */
export type SendStepId = "check" | "reset-allowance" | "approve" | "permit" | "sign" | "send" | "confirm";

/** The progress of one step. */
export type SendStepState = "todo" | "now" | "done" | "failed" | "skipped";

/** A step as the page shows it. `hash` is set once it has sent a transaction. */
export interface SendStep {
  id: SendStepId;
  state: SendStepState;
  hash?: Hex;
}

/** A state of the chain before a transaction, as text to compare. */
export interface StateBefore {
  /** The number of the block that it was read at. */
  block: string;
  value: string;
}

/** The amount of an entity's bid before a transaction; the state of a bid begins with it. */
export function bidAmountBefore({ value }: StateBefore): bigint {
  return BigInt(value.split(":")[0] ?? "");
}

/** An event that a running transaction reports. */
export type SendEvent =
  /** The way of funding is chosen: these steps are not needed, and all others are. */
  | { type: "skipped"; ids: readonly SendStepId[] }
  | { type: "began"; id: SendStepId }
  /** The wallet is about to be asked for a transaction that must not be sent twice, and may be sent without an answer. */
  | { type: "asked"; id: SendStepId; before: StateBefore }
  /** Something about the way that the user should know. */
  | { type: "noted"; note: SendNote }
  /**
   * `hash` unless the wallet named none, `before` if the effect is watched, `fallback` if it is while no node knows the hash, `nonce` once a
   * node knows the transaction.
   */
  | { type: "sent"; id: SendStepId; hash?: Hex; nonce?: number; before?: StateBefore; fallback?: StateBefore };

/** `cannot-sign`: the wallet or the token does not take the signature that would save a transaction. */
export type SendNote = "cannot-sign";

/** Start and end of the steps, which the page itself decides. */
export type SendBoundary = { type: "started"; kind: TransactionKind } | { type: "finished" | "failed" };

/** A step that sends a transaction of its own before the bid. */
export type ApprovalStep = Extract<SendStepId, "reset-allowance" | "approve">;

/** True for a step that sends a transaction of its own before the bid. */
export function isApprovalStep(id: SendStepId | TransactionKind): id is ApprovalStep {
  return id === "reset-allowance" || id === "approve";
}

const STEPS: Record<TransactionKind, readonly SendStepId[]> = {
  commit: ["check", "reset-allowance", "approve", "permit", "sign", "send", "confirm"],
  reduce: ["check", "send", "confirm"],
  cancel: ["check", "send", "confirm"],
  refund: ["check", "send", "confirm"],
};

/** Only the check shows whether these steps are needed. Showing them before and removing them again would make the page jump. */
const UNDECIDED: ReadonlySet<SendStepId> = new Set(["reset-allowance", "approve", "sign"]);

function update(
  steps: readonly SendStep[],
  applies: (step: SendStep, index: number) => boolean,
  state: SendStepState,
): SendStep[] {
  return steps.map((step, index) => (applies(step, index) ? { ...step, state } : step));
}

/** Steps before this one are done, and steps after it are open again: a second attempt with a new permit begins in the middle. */
function begin(steps: readonly SendStep[], id: SendStepId): SendStep[] {
  const at = steps.findIndex((step) => step.id === id);
  const past = update(steps, ({ state }, index) => index < at && state === "now", "done");
  const future = update(past, ({ state }, index) => index > at && state !== "skipped", "todo");
  return update(future, (_, index) => index === at, "now");
}

/** Finished steps stay finished, even if a second attempt uses another way of funding. */
function decide(step: SendStep, skipped: readonly SendStepId[]): SendStep {
  if (step.state !== "todo" && step.state !== "skipped") return step;
  return { ...step, state: skipped.includes(step.id) ? "skipped" : "todo" };
}

/** The steps after an event. A skipped step stays skipped unless it begins. */
export function sendSteps(steps: readonly SendStep[], event: SendEvent | SendBoundary): readonly SendStep[] {
  switch (event.type) {
    case "started":
      return STEPS[event.kind].map((id) => ({ id, state: UNDECIDED.has(id) ? "skipped" : "todo" }));
    case "skipped":
      return steps.map((step) => decide(step, event.ids));
    case "began":
      return begin(steps, event.id);
    case "sent":
      // What is watched is the effect: the hash may be a proposal's, which no explorer knows.
      if (!event.hash || event.before) return steps;
      return steps.map((step) => (step.id === event.id ? { ...step, hash: event.hash } : step));
    case "asked":
    case "noted":
      return steps;
    case "finished":
      return update(steps, ({ state }) => state === "now" || state === "todo", "done");
    case "failed":
      return update(steps, ({ state }) => state === "now", "failed");
  }
}

/** A transaction that the chain has confirmed. Amounts in the token's smallest units. */
export interface ConfirmedPurchase {
  /** `reset-allowance` and `approve` only after a reload: the commitment that they were for has not been sent yet. */
  kind: TransactionKind | ApprovalStep;
  /** Absent if only the effect was noticed: the wallet had named no transaction, or others sent it. */
  hash?: Hex;
  /** The sender: after a reload, another wallet may be connected, or none. */
  wallet: Hex;
  /** The transaction's block: reads of older blocks do not include it. */
  block: bigint;
  /** For commitments: the token, the amount that the sale took, and the entity's new total. For approvals, the amount that is still to be added. */
  token?: Hex;
  increment?: bigint;
  total?: bigint;
  /** The bid's price in ticks. */
  bidPrice?: bigint;
  /** What returned by a reduction, a cancellation or a refund, with the token if it is only one; for reductions with the new total. */
  takenBack?: bigint;
  /** For reductions: all that the entity had got back by then. */
  returned?: bigint;
  /** For approvals: what the sale may take from the wallet. */
  approved?: bigint;
  /** The amount that was asked for, where the chain moved another one. */
  asked?: bigint;
  /** The entity's total that was expected, where the chain has another one. */
  expectedTotal?: bigint;
}

/** The token and the amounts that a transaction is about. */
export type PurchaseAmounts = Pick<ConfirmedPurchase, "token" | "increment" | "total" | "bidPrice" | "takenBack">;

/** The amounts of a transaction as the chain tells them afterwards. One that it does not tell is absent. */
export type DoneAmounts = PurchaseAmounts & Pick<ConfirmedPurchase, "returned" | "approved">;

/**
 * The outcome of a transaction. Its amounts are what the chain tells of it: what was asked for describes a request, and another one is moved if
 * the commitment changes before the transaction is in a block.
 */
export function outcomeOf(
  { kind, wallet }: Pick<ConfirmedPurchase, "kind" | "wallet">,
  wanted: PurchaseAmounts,
  { hash, block, done = {} }: Pick<ConfirmedPurchase, "hash" | "block"> & { done?: DoneAmounts },
): ConfirmedPurchase {
  const { token, increment } = wanted;
  const [moved, asked] = [done.increment ?? done.takenBack, increment ?? wanted.takenBack];
  const isOther = moved !== undefined && asked !== undefined && moved !== asked;
  const toAdd = isApprovalStep(kind) && increment !== undefined && { increment };
  const { total } = wanted;
  const isOtherTotal = !isApprovalStep(kind) && done.total !== undefined && total !== undefined && done.total !== total;
  const differences = { ...(isOther && { asked }), ...(isOtherTotal && { expectedTotal: total }) };
  return { kind, wallet, hash, block, token, ...toAdd, ...done, ...differences };
}

/** The position that a transaction was asked for on, and what a reduction takes back from each wallet. */
export interface PurchaseBase {
  position: Position;
  rows?: readonly (Pick<PositionRow, "wallet" | "token"> & { amount: bigint })[];
}

/** A transaction as the page shows it, from the press of its button on. */
export interface PurchaseProgress {
  /** The transaction that the steps belong to; absent while there are none. */
  kind?: TransactionKind;
  amounts?: PurchaseAmounts;
  base?: PurchaseBase;
  steps: readonly SendStep[];
  note?: SendNote;
  running: boolean;
  /** True if the confirmation takes longer than usual. */
  slow: boolean;
  outcome?: ConfirmedPurchase;
  error?: PurchaseError;
}

/** An event that changes the progress. `resumed`: a transaction of an earlier page load was confirmed. */
export type PurchaseProgressEvent =
  | SendEvent
  | ({ type: "started"; kind: TransactionKind } & Pick<PurchaseProgress, "amounts" | "base">)
  | { type: "slow" | "cleared" }
  | { type: "confirmed" | "resumed"; outcome: ConfirmedPurchase }
  | { type: "failed"; error: PurchaseError };

/** The progress before any button was pressed. */
export const NO_PROGRESS: PurchaseProgress = { steps: [], running: false, slow: false };

/** The progress after an event. */
export function purchaseProgress(progress: PurchaseProgress, event: PurchaseProgressEvent): PurchaseProgress {
  switch (event.type) {
    case "started": {
      const { kind, amounts, base } = event;
      return { ...NO_PROGRESS, kind, amounts, ...(base && { base }), steps: sendSteps([], event), running: true };
    }
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
    case "noted":
      return { ...progress, note: event.note };
    case "began":
      // Only the transaction of the previous step was slow.
      return { ...progress, steps: sendSteps(progress.steps, event), slow: false };
    default:
      return { ...progress, steps: sendSteps(progress.steps, event) };
  }
}
