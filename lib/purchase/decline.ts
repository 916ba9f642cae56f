import type { Position } from "@/lib/purchase/position";
import type { PurchaseProgress, TransactionKind } from "@/lib/purchase/progress";
import type { EntitySale } from "@/lib/purchase/purchase-state";
import { sameHex } from "@/lib/sale/hex";
import { isCommitmentStage, type SalePhase } from "@/lib/sale/phase";

/**
 * The reason to decline what the wallet asks for: the contract no longer accepts it, this site has paused commitments (the contract knows
 * nothing of that), the money has come back already, or the commitment is not the one that the user saw.
 */
export type Decline = "not-accepted" | "paused-by-site" | "paid-back" | "changed";

/** The words for each reason, while the wallet asks. */
export const DECLINE: Record<Decline, string> = {
  "not-accepted":
    "Decline in your wallet. The sale does not accept this at the moment, and confirming would cost a network fee.",
  "paused-by-site":
    "Decline in your wallet. This site has paused new commitments, but the sale's contract can still take the amount if you confirm.",
  "paid-back":
    "Everything that could be paid back has been. Decline if your wallet still asks: confirming would cost a network fee.",
  changed:
    "Decline in your wallet. Your entity's commitment has changed since you pressed the button, so the result would not be the one that you saw.",
};

/** What the sale's operator can switch off at any moment; absent: not known. */
type Switches = Partial<Pick<EntitySale, "claimRefundEnabled" | "reduceCommitmentEnabled">>;

/** True if the contract has stopped accepting a transaction that the wallet may still be asking about. */
function isNoLongerAccepted(kind: TransactionKind, phase: SalePhase, switches: Switches): boolean {
  switch (kind) {
    case "commit":
      return !isCommitmentStage(phase) || phase.kind === "closed";
    case "reduce":
      return phase.kind !== "cancellation" || switches.reduceCommitmentEnabled === false;
    case "cancel":
      return phase.kind !== "cancellation";
    case "refund":
      return phase.kind !== "done" || switches.claimRefundEnabled === false;
  }
}

type Asked = Pick<PurchaseProgress, "kind" | "amounts" | "base">;

/** What has come back to a wallet by now. */
function returnedTo({ rows }: Position, { wallet, token }: { wallet: string; token: string }): bigint {
  return rows.find((row) => sameHex(row.wallet, wallet) && sameHex(row.token, token))?.returned ?? 0n;
}

/** True if a position is as the transaction leaves it: a wallet can have sent it before it answers. */
function isAsAsked({ amounts, base }: Required<Asked>, now: Position): boolean {
  if (now.bid.amount !== amounts.total) return false;
  // Another wallet's reduction of the same amount leaves the same total.
  const { rows = [], position } = base;
  return rows.every((row) => returnedTo(now, row) === returnedTo(position, row) + row.amount);
}

/** How an entity's commitment has changed since the press, if not by the transaction that the wallet is asked for. */
function changeSince({ kind, amounts, base }: Asked, now: Position): "paid-back" | "changed" | undefined {
  if (!kind || !amounts || !base) return undefined;
  const { position } = base;
  if (now.block === undefined || now.block <= (position.block ?? now.block)) return undefined;
  // Whoever has paid it back: the wallet itself may have sent it, and still ask.
  if ((kind === "cancel" || kind === "refund") && now.total.refundable === 0n) return "paid-back";
  const isSame = now.bid.amount === position.bid.amount && now.total.refundable === position.total.refundable;
  if (isSame || kind === "refund" || isAsAsked({ kind, amounts, base }, now)) return undefined;
  return "changed";
}

/** The reason to decline a transaction that the wallet is still asking about; undefined if there is none. */
export function declineReason(
  asked: Asked,
  phase: SalePhase,
  now: Position,
  switches: Switches = {},
): Decline | undefined {
  if (!asked.kind) return undefined;
  // First, because the contract does accept it.
  if (asked.kind === "commit" && phase.kind === "paused-by-site") return "paused-by-site";
  if (isNoLongerAccepted(asked.kind, phase, switches)) return "not-accepted";
  return changeSince(asked, now);
}
