import type { PurchaseView } from "@/lib/sale/purchase-view";

/** What the user needs a wallet for. */
export type WalletNeed = "commit" | "cancel" | "claim" | "none";

type WalletNeedInput = Pick<PurchaseView, "sale" | "position" | "canCommit">;

/**
 * What a wallet is good for at this moment of the sale. While the chain has not answered the usual is assumed: connecting does not depend
 * on it, and asking for it later would be a surprise.
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
