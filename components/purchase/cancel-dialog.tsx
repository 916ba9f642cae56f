"use client";

import type { Position } from "@/lib/sale/position";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { PositionRows } from "@/components/purchase/position-rows";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Dialog } from "@/components/ui/dialog";

interface CancelDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  position: Position;
  tokens: readonly PaymentToken[];
  /** As the user knows the entity. */
  entityName: string;
}

/** Asks before the commitment is cancelled. Keeping it has the focus: cancelling can never be taken back. */
export function CancelDialog({ open, onClose, onConfirm, position, tokens, entityName }: CancelDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Cancel the whole commitment?"
      description={`All of what ${entityName} has committed is paid back, to the wallets that it came from.`}
    >
      <PositionRows rows={position.rows} tokens={tokens} amount="refundable" label="Paid back to" />
      <Callout tone="warn" title="This cannot be undone">
        <p>{entityName} can never commit to this sale again, from any wallet.</p>
      </Callout>
      <div className="flex flex-wrap justify-end gap-3">
        <Button data-autofocus onClick={onClose}>
          Keep the commitment
        </Button>
        <Button variant="primary" onClick={onConfirm}>
          Cancel it for good
        </Button>
      </div>
    </Dialog>
  );
}
