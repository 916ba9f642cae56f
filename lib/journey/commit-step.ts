import { messageOf } from "@/lib/result";
import type { JourneyStepBody } from "@/lib/journey/journey-step";
import { isCommitmentStage, PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseReadiness } from "@/lib/purchase/readiness";
import type { PurchaseState, EntitySale } from "@/lib/purchase/purchase-state";

/** Where nothing is left to do for this entity, whatever the sale does. */
function endedStep(position: Position): JourneyStepBody | undefined {
  if (position.state === "cancelled")
    return { state: "done", sentence: "The commitment was cancelled and paid back. This entity cannot commit again." };
  if (position.state === "refunded") return { state: "done", sentence: "What the sale did not accept was paid back." };
  return undefined;
}

function cancellationStep({ state }: Position): JourneyStepBody {
  if (state === "none") return { state: "waiting", sentence: "The sale takes no more commitments." };
  return { state: "done", sentence: "Committed. It can be cancelled now, or left as it is." };
}

function doneStep(position: Position, { claimRefundEnabled }: EntitySale): JourneyStepBody {
  if (position.state === "none") return { state: "waiting", sentence: "The sale has ended." };
  if (position.total.refundable === 0n) return { state: "done", sentence: "Accepted in full." };
  const how = claimRefundEnabled ? "can be claimed back now." : "is sent back automatically.";
  if (position.total.accepted === 0n)
    return { state: "done", sentence: `The sale has accepted nothing. All of it ${how}` };
  return { state: "done", sentence: `The sale has accepted its part. The rest ${how}` };
}

/** What the window of a connected wallet's permit, or the announced one, says of now. */
const OWN_TIME: Partial<Record<SalePhase["kind"], string>> = {
  "opens-later": "This entity's time to commit has not come yet.",
  closed: "This entity's time to commit is over.",
};

function mayBeTime(check: PurchaseReadiness): boolean {
  return check.ready || check.reason === "outside-time-window";
}

function answeredStep(check: PurchaseReadiness, { phase }: EntitySale, committed: boolean): JourneyStepBody {
  const outside = OWN_TIME[phase.kind];
  if (outside !== undefined && mayBeTime(check)) return waitsFor(outside, committed);
  if (!check.ready) return { state: "blocked", sentence: "Sonar has not cleared this wallet and entity." };
  const state = committed ? "done" : "now";
  if (phase.kind !== "open") return { state, sentence: "Sonar's permit says when and how much you may commit." };
  if (committed) return { state, sentence: "Committed. You can add to it while the sale is open." };
  return { state, sentence: "Choose how much to commit.", action: { kind: "commit" } };
}

function checkedStep(
  { check, pending, canCommit, wallet }: PurchaseState,
  sale: EntitySale,
  committed: boolean,
): JourneyStepBody {
  const state = committed ? "done" : "now";
  if (pending) return { state, sentence: "Your transaction is on its way." };
  if (!canCommit) return { state: "done", sentence: "Committed. This entity cannot add to it now." };
  // Without a wallet no more is known than what was announced.
  if (wallet.status !== "connected") return waitsFor(PHASE_WORDS[sale.phase.kind].sentence, committed);
  if (check.status === "loading") return { state, sentence: "Asking Sonar whether this wallet can pay." };
  if (check.status === "failed") {
    const step: JourneyStepBody = {
      state: "blocked",
      sentence: "Sonar could not be asked whether this wallet can pay.",
    };
    return check.failure.recovery === "retry" ? { ...step, action: { kind: "retry-check" } } : step;
  }
  return answeredStep(check.value, sale, committed);
}

function waitsFor(sentence: string, committed: boolean): JourneyStepBody {
  return committed ? { state: "done", sentence: `Committed. ${sentence}` } : { state: "waiting", sentence };
}

function stepInPhase(view: PurchaseState, sale: EntitySale, position: Position): JourneyStepBody {
  const committed = position.state !== "none";
  if (isCommitmentStage(sale.phase)) return checkedStep(view, sale, committed);
  switch (sale.phase.kind) {
    case "cancellation":
      return cancellationStep(position);
    case "done":
      return doneStep(position, sale);
    default:
      return waitsFor(PHASE_WORDS[sale.phase.kind].sentence, committed);
  }
}

function unreadStep(failure: { recovery: string; message: string }): JourneyStepBody {
  const step: JourneyStepBody = { state: "blocked", sentence: messageOf(failure) };
  return failure.recovery === "retry" ? { ...step, action: { kind: "retry-sale" } } : step;
}

/** The step of the commitment itself, once the wallet is connected and on the sale's chain. */
export function commitStep(view: PurchaseState): JourneyStepBody {
  const { sale, position } = view;
  if (sale.status === "failed") return unreadStep(sale.failure);
  if (position.status === "failed") return unreadStep(position.failure);
  if (sale.status === "loading" || position.status === "loading")
    return { state: "now", sentence: "Reading the sale and your commitment from the chain." };
  return endedStep(position.value) ?? stepInPhase(view, sale.value, position.value);
}
