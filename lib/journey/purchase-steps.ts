import { shortenAddress } from "@/lib/sale/hex";
import { IN_STEP, type JourneyStepBody } from "@/lib/journey/journey-step";
import type { PurchaseState, EntitySale } from "@/lib/purchase/purchase-state";
import { messageOf, type Failure } from "@/lib/result";
import { isCommitmentStage, PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseReadiness } from "@/lib/purchase/readiness";

/** The reason for a wallet that most visitors need one for. */
export const WALLET_TO_PAY =
  "Connect the wallet you want to pay with. Tokens and refunds go to the wallet you pay from.";

const WHY: Record<Exclude<WalletNeed, "none">, string> = {
  commit: WALLET_TO_PAY,
  cancel: "Connect a wallet of this entity to cancel its commitment.",
  "reduce-or-cancel": "Connect a wallet of this entity to reduce or cancel its commitment.",
  claim: "Connect a wallet of this entity to claim its refund.",
};

function connectedStep(address: string, chainId: number, chain: PurchaseState["chain"]): JourneyStepBody {
  if (chainId === chain.chainId)
    return { state: "done", sentence: `${shortenAddress(address)} on ${chain.chainName}.` };
  const sentence = `${shortenAddress(address)} is on a different network. The sale is on ${chain.chainName}.`;
  return { state: "now", sentence, action: IN_STEP };
}

/** After the announced end, a permit may still allow a later time, and a permit requires a wallet. */
function notNeeded({ sale, canCommit }: PurchaseState): string {
  const isOver = sale.status === "ready" && sale.value.phase.kind === "closed" && canCommit;
  return isOver ? "Needed only if your entity has a later time window." : "No wallet is needed at the moment.";
}

/** The wallet step, once the entity is eligible. */
export function walletStep(view: PurchaseState): JourneyStepBody {
  const { wallet, chain } = view;
  switch (wallet.status) {
    case "connected":
      return connectedStep(wallet.address, wallet.chainId, chain);
    case "reconnecting":
      return { state: "now", sentence: `Reconnecting ${shortenAddress(wallet.address)}.` };
    case "connecting":
      return { state: "now", sentence: `Waiting for ${wallet.walletName}. Approve the connection there.` };
    case "none": {
      const need = walletNeed(view);
      if (need === "none") return { state: "waiting", sentence: notNeeded(view) };
      return { state: "now", sentence: WHY[need], action: IN_STEP };
    }
  }
}

/** The purpose that the user needs a wallet for. */
export type WalletNeed = "commit" | "cancel" | "reduce-or-cancel" | "claim" | "none";

type WalletNeedInput = Pick<PurchaseState, "sale" | "position" | "canCommit" | "pending" | "unlisted" | "old">;

/**
 * The purpose of a wallet in the current phase of the sale. Until the chain has answered, committing is assumed: connecting does not depend on
 * it, and a request that appears later would be a surprise.
 */
export function walletNeed({ sale, position, canCommit, pending, unlisted, old }: WalletNeedInput): WalletNeed {
  if (unlisted && !pending) return "none";
  if (sale.status !== "ready") return "commit";
  const { phase, claimRefundEnabled, reduceCommitmentEnabled } = sale.value;
  const held = position.status === "ready" && !old ? position.value : undefined;
  switch (phase.kind) {
    case "not-open":
    case "commitment":
    case "opens-later":
    case "open":
    case "paused":
    case "paused-by-site":
      return !canCommit || held?.state === "cancelled" || held?.state === "refunded" ? "none" : "commit";
    case "cancellation":
      if (held?.state !== "committed" || held.total.refundable === 0n) return "none";
      return reduceCommitmentEnabled ? "reduce-or-cancel" : "cancel";
    case "done":
      return claimRefundEnabled && held !== undefined && held.total.refundable > 0n ? "claim" : "none";
    case "closed":
    case "settlement":
      return "none";
  }
}

/** The step if nothing is left to do for this entity, in any phase of the sale. */
function endedStep(position: Position): JourneyStepBody | undefined {
  if (position.state === "cancelled")
    return { state: "done", sentence: "This commitment has ended and was paid back. This entity cannot commit again." };
  if (position.state === "refunded")
    return { state: "done", sentence: "The amount that was not accepted has been paid back." };
  return undefined;
}

function cancellationStep({ state, total }: Position, { reduceCommitmentEnabled }: EntitySale): JourneyStepBody {
  if (state === "none") return { state: "waiting", sentence: "The sale no longer accepts commitments." };
  if (total.refundable === 0n) return { state: "done", sentence: "Committed and accepted in full." };
  const ways = reduceCommitmentEnabled ? "reduce or cancel" : "cancel";
  if (total.accepted === 0n)
    return { state: "done", sentence: `Committed. You can ${ways} it now, or leave it as it is.` };
  return { state: "done", sentence: `Partly accepted. You can ${ways} the rest now, or leave it as it is.` };
}

function acceptedText({ total }: Position): string {
  if (total.cancelled === 0n) return "Accepted in full.";
  return "The remaining commitment was accepted in full. The rest had already been paid back.";
}

function doneStep(position: Position, { claimRefundEnabled }: EntitySale): JourneyStepBody {
  if (position.state === "none") return { state: "waiting", sentence: "The sale has ended." };
  if (position.total.refundable === 0n) return { state: "done", sentence: acceptedText(position) };
  const what = position.total.accepted === 0n ? "Nothing was accepted. The full amount" : "Partly accepted. The rest";
  if (claimRefundEnabled) return { state: "now", sentence: `${what} can be claimed now.`, action: IN_STEP };
  return { state: "done", sentence: `${what} is refunded automatically.` };
}

/** The sentences for a time outside of the permit's window, or of the announced one. */
const OWN_TIME: Partial<Record<SalePhase["kind"], string>> = {
  "opens-later": "This entity's time window has not opened yet.",
  closed: "This entity's time window has closed.",
};

function mayBeTime(check: PurchaseReadiness): boolean {
  return check.ready || check.reason === "outside-time-window";
}

/** A commitment stands, whatever keeps the entity from adding to it. */
function cannotAdd(reason: string): JourneyStepBody {
  return { state: "done", sentence: `Committed. ${reason}` };
}

function refusedStep({ recovery }: Failure, committed: boolean): JourneyStepBody {
  if (committed) return cannotAdd("You cannot add to it at the moment.");
  const step: JourneyStepBody = { state: "blocked", sentence: "You cannot commit at the moment." };
  return recovery === "retry" ? { ...step, action: IN_STEP } : step;
}

function answeredStep(
  check: PurchaseReadiness,
  { phase }: EntitySale,
  { committed, refusal }: { committed: boolean; refusal?: Failure },
): JourneyStepBody {
  const outside = OWN_TIME[phase.kind];
  if (outside !== undefined && mayBeTime(check)) return waitsFor(outside, committed);
  // Nothing is wrong with entity or wallet, and where no window is known, the phase does not tell it.
  if (!check.ready && check.reason === "outside-time-window")
    return waitsFor("This entity's time window is not open.", committed);
  if (!check.ready && committed) return cannotAdd("Sonar has not cleared this wallet to add to it.");
  if (!check.ready) return { state: "blocked", sentence: "Sonar has not cleared this wallet and entity." };
  if (refusal) return refusedStep(refusal, committed);
  const state = committed ? "done" : "now";
  if (phase.kind !== "open") return { state, sentence: "Sonar sets when and how much you can commit." };
  if (committed) return { state, sentence: "Committed. You can add to it." };
  return { state, sentence: "Choose how much to commit.", action: IN_STEP };
}

function checkedStep(
  { check, pending, canCommit, wallet, refusal }: PurchaseState,
  sale: EntitySale,
  committed: boolean,
): JourneyStepBody {
  const state = committed ? "done" : "now";
  if (pending) return { state, sentence: "Your transaction is in progress." };
  if (!canCommit && committed) return cannotAdd("This entity cannot add to it now.");
  if (!canCommit) return { state: "blocked", sentence: "This entity cannot take part now." };
  // Without a wallet, only the announced times are known.
  if (wallet.status !== "connected") return waitsFor(PHASE_WORDS[sale.phase.kind].sentence, committed);
  if (check.status === "loading") return { state, sentence: "Checking this wallet with Sonar." };
  if (check.status === "failed") {
    if (committed) return cannotAdd("Could not check with Sonar whether you can add to it.");
    const step: JourneyStepBody = {
      state: "blocked",
      sentence: "Could not check with Sonar whether you can commit with this wallet.",
    };
    return check.failure.recovery === "retry" ? { ...step, action: IN_STEP } : step;
  }
  return answeredStep(check.value, sale, { committed, refusal });
}

function waitsFor(sentence: string, committed: boolean): JourneyStepBody {
  return committed ? { state: "done", sentence: `Committed. ${sentence}` } : { state: "waiting", sentence };
}

function stepInPhase(view: PurchaseState, sale: EntitySale, position: Position): JourneyStepBody {
  const committed = position.state !== "none";
  if (isCommitmentStage(sale.phase)) return checkedStep(view, sale, committed);
  switch (sale.phase.kind) {
    case "cancellation":
      return cancellationStep(position, sale);
    case "done":
      return doneStep(position, sale);
    default:
      return waitsFor(PHASE_WORDS[sale.phase.kind].sentence, committed);
  }
}

function unreadStep(failure: { recovery: string; message: string }): JourneyStepBody {
  const step: JourneyStepBody = { state: "blocked", sentence: messageOf(failure) };
  return failure.recovery === "retry" ? { ...step, action: IN_STEP } : step;
}

function updatingStep({
  value,
  refreshFailure,
}: Extract<PurchaseState["position"], { status: "ready" }>): JourneyStepBody {
  const state = value.state === "none" ? "now" : "done";
  if (refreshFailure) return { state, sentence: "Your current commitment could not be read yet. Trying again." };
  return { state, sentence: "Updating your commitment." };
}

const UNLISTED: JourneyStepBody = {
  state: "waiting",
  sentence: "Sonar does not list this entity at the moment, so its commitment cannot be read.",
};

/** The commitment step, once the wallet is connected and on the sale's chain. */
export function commitStep(view: PurchaseState): JourneyStepBody {
  const { sale, position } = view;
  if (sale.status === "failed") return unreadStep(sale.failure);
  if (position.status === "failed") return unreadStep(position.failure);
  if (sale.status === "loading" || position.status === "loading")
    return { state: "now", sentence: "Loading the sale and your commitment from the chain." };
  if (view.unlisted && !view.pending) return UNLISTED;
  // The receipt is there already, so the position of before it must not ask for an amount, or offer what is done.
  if (view.updating && !view.pending) return updatingStep(position);
  return endedStep(position.value) ?? stepInPhase(view, sale.value, position.value);
}
