import type { Position } from "@/lib/purchase/position";
import type { PurchaseProgress, TransactionKind } from "@/lib/purchase/progress";
import { sameHex } from "@/lib/sale/hex";
import { isCommitmentStage, type SalePhase } from "@/lib/sale/phase";

/** The reason to decline what the wallet asks for: the sale no longer accepts it, or the commitment is not the one that the user saw. */
export type Decline = "not-accepted" | "changed";

/** The words for each reason, while the wallet asks. */
export const DECLINE: Record<Decline, string> = {
  "not-accepted":
    "Decline in your wallet. The sale does not accept this at the moment, and confirming would cost a network fee.",
  changed:
    "Decline in your wallet. Your entity's commitment has changed since you pressed the button, so the result would not be the one that you saw.",
};

/** True if the sale has stopped accepting a transaction that the wallet may still be asking about. */
function isNoLongerAccepted(kind: TransactionKind, phase: SalePhase): boolean {
  switch (kind) {
    case "commit":
      return !isCommitmentStage(phase) || phase.kind === "closed";
    case "reduce":
    case "cancel":
      return phase.kind !== "cancellation";
    case "refund":
      return phase.kind !== "done";
  }
}

type Asked = Pick<PurchaseProgress, "kind" | "amounts" | "base">;

/** What has come back to a wallet by now. */
function returnedTo({ rows }: Position, { wallet, token }: { wallet: string; token: string }): bigint {
  return rows.find((row) => sameHex(row.wallet, wallet) && sameHex(row.token, token))?.returned ?? 0n;
}

/** True if a position is as the transaction leaves it: a wallet can have sent it before it answers. */
function isAsAsked({ kind, amounts, base }: Required<Asked>, now: Position): boolean {
  if (kind === "cancel" || kind === "refund") return now.total.refundable === 0n;
  if (now.bid.amount !== amounts.total) return false;
  // Another wallet's reduction of the same amount leaves the same total.
  const { rows = [], position } = base;
  return rows.every((row) => returnedTo(now, row) === returnedTo(position, row) + row.amount);
}

/** True if an entity's commitment has changed since the press, and not by the transaction that the wallet is asked for. */
function hasChanged({ kind, amounts, base }: Asked, now: Position): boolean {
  if (!kind || !amounts || !base || kind === "refund") return false;
  const { position } = base;
  if (now.block === undefined || now.block <= (position.block ?? now.block)) return false;
  const isSame = now.bid.amount === position.bid.amount && now.total.refundable === position.total.refundable;
  return !isSame && !isAsAsked({ kind, amounts, base }, now);
}

/** The reason to decline a transaction that the wallet is still asking about; undefined if there is none. */
export function declineReason(asked: Asked, phase: SalePhase, now: Position): Decline | undefined {
  if (asked.kind && isNoLongerAccepted(asked.kind, phase)) return "not-accepted";
  return hasChanged(asked, now) ? "changed" : undefined;
}
