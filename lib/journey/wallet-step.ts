import { shortenAddress } from "@/lib/sale/hex";
import { IN_STEP, type JourneyStepBody } from "@/lib/journey/journey-step";
import type { PurchaseState } from "@/lib/purchase/purchase-state";

const WHY: Record<Exclude<WalletNeed, "none">, string> = {
  commit: "Connect the wallet you want to pay with. Tokens and refunds go to the wallet you pay from.",
  cancel: "Connect a wallet of this entity to cancel its commitment.",
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
  return isOver ? "Needed only if you were given a later time to commit." : "No wallet is needed at the moment.";
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
export type WalletNeed = "commit" | "cancel" | "claim" | "none";

type WalletNeedInput = Pick<PurchaseState, "sale" | "position" | "canCommit">;

/**
 * The purpose of a wallet in the current phase of the sale. Until the chain has answered, committing is assumed: connecting does not depend on
 * it, and a request that appears later would be a surprise.
 */
export function walletNeed({ sale, position, canCommit }: WalletNeedInput): WalletNeed {
  if (sale.status !== "ready") return "commit";
  const { phase, claimRefundEnabled } = sale.value;
  const held = position.status === "ready" ? position.value : undefined;
  switch (phase.kind) {
    case "not-open":
    case "commitment":
    case "opens-later":
    case "open":
    case "paused":
      return !canCommit || held?.state === "cancelled" || held?.state === "refunded" ? "none" : "commit";
    case "cancellation":
      return held?.state === "committed" ? "cancel" : "none";
    case "done":
      return claimRefundEnabled && held !== undefined && held.total.refundable > 0n ? "claim" : "none";
    case "closed":
    case "settlement":
      return "none";
  }
}
