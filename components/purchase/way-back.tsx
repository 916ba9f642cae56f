"use client";

import { useId, useState } from "react";
import type { Position } from "@/lib/sale/position";
import type { PositionAction } from "@/lib/sale/position-actions";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { CancelDialog } from "@/components/purchase/cancel-dialog";
import { Button } from "@/components/ui/button";

interface WayBackProps {
  action: PositionAction;
  position: Position;
  tokens: readonly PaymentToken[];
  entityName: string;
  /** A transaction is under way. */
  busy: boolean;
  onCancel: () => void;
  onClaim: () => void;
}

/** The way back that is open now: cancelling, claiming, or nothing to do because the refund is sent. */
export function WayBack({ action, busy, onCancel, onClaim, ...about }: WayBackProps) {
  const [asking, setAsking] = useState(false);
  const reasonId = useId();
  const problem = action.kind === "cancel" || action.kind === "claim-refund" ? action.problem : undefined;
  const blocked = busy || problem !== undefined;
  // The wallet can be switched while the dialog is open, and would cancel what it belongs to instead of what the dialog names.
  if (asking && (blocked || action.kind !== "cancel")) setAsking(false);
  if (action.kind === "none") return null;
  if (action.kind === "refund-automatic")
    return <p className="text-text-quiet">Refunds are sent automatically; there is nothing to do.</p>;
  const press = () => {
    if (blocked) return;
    if (action.kind === "cancel") setAsking(true);
    else onClaim();
  };
  return (
    <div className="grid justify-items-start gap-2">
      <Button pending={busy} unavailable={blocked} onClick={press} aria-describedby={reasonId}>
        {action.kind === "cancel" ? "Cancel commitment" : "Claim refund"}
      </Button>
      <p id={reasonId} className="text-sm text-text-quiet">
        {problem}
      </p>
      <CancelDialog
        {...about}
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          onCancel();
        }}
      />
    </div>
  );
}
