"use client";

import { useId, useState } from "react";
import { PositionRows } from "@/components/purchase/position";
import { ReduceDialog } from "@/components/purchase/reduce-dialog";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Callout } from "@/components/ui/feedback";
import type { DecimalMark } from "@/lib/purchase/amount";
import { sumTokens, type Position, type PositionAction } from "@/lib/purchase/position";
import type { Reduction } from "@/lib/purchase/reduction";
import { formatTokenAmount, symbolsAt } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface CancelDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  position: Position;
  tokens: readonly PaymentToken[];
  /** The entity's name as the user knows it. */
  entityName: string;
}

/** The accepted part of a commitment stays, and with it the entity's part in the sale. */
function cancelWords({ total, rows }: Position, tokens: readonly PaymentToken[], entityName: string) {
  if (total.accepted === 0n)
    return {
      title: "Cancel the whole commitment?",
      description: `Everything that ${entityName} has committed will be returned to the wallets it came from.`,
      warning: `${entityName} can never commit to this sale again, from any wallet.`,
    };
  const symbol = symbolsAt(sumTokens(rows, "accepted"), tokens) ?? "";
  const accepted = formatTokenAmount(total.accepted, { symbol, decimals: tokens[0]?.decimals ?? 0 });
  return {
    title: "Cancel what was not accepted?",
    description: `${accepted} of the commitment was accepted and stays in the sale. The rest will be returned to the wallets it came from.`,
    warning: `${entityName} cannot commit the returned part again.`,
  };
}

/** Asks before the commitment is cancelled. The button that keeps it has the focus: cancelling cannot be undone. */
function CancelDialog({ open, onClose, onConfirm, position, tokens, entityName }: CancelDialogProps) {
  const { title, description, warning } = cancelWords(position, tokens, entityName);
  return (
    <Dialog open={open} onClose={onClose} title={title} description={description}>
      <PositionRows rows={position.rows} tokens={tokens} amount="refundable" label="Paid back to" />
      <Callout tone="warn" title="This cannot be undone">
        <p>{warning}</p>
      </Callout>
      <div className="flex flex-wrap justify-end gap-3">
        <Button data-autofocus onClick={onClose}>
          Keep the commitment
        </Button>
        <Button variant="primary" onClick={onConfirm}>
          Cancel permanently
        </Button>
      </div>
    </Dialog>
  );
}

interface RefundActionsProps {
  action: PositionAction;
  position: Position;
  tokens: readonly PaymentToken[];
  entityName: string;
  /** The decimal mark of the reader's locale, once it is known. */
  decimalMark?: DecimalMark;
  /** A transaction is in progress. */
  busy: boolean;
  /** Why nothing can be sent now, whatever the position is. */
  stop?: string;
  onReduce: (reduction: Reduction) => void;
  onCancel: () => void;
  onClaim: () => void;
}

/** What a claim pays back. The number on the button is the number that comes. */
function refundText({ position, tokens }: Pick<RefundActionsProps, "position" | "tokens">): string {
  const symbol = symbolsAt(sumTokens(position.rows, "refundable"), tokens) ?? "";
  return formatTokenAmount(position.total.refundable, { symbol, decimals: tokens[0]?.decimals ?? 0 }).trimEnd();
}

type Question = "reduce" | "cancel";

/** The action that is open now: reducing and cancelling, claiming, or none because the refund is sent automatically. */
export function RefundActions({
  action,
  busy,
  stop,
  onReduce,
  onCancel,
  onClaim,
  decimalMark,
  ...about
}: RefundActionsProps) {
  const [asking, setAsking] = useState<Question>();
  const reasonId = useId();
  const problem = (action.kind === "cancel" || action.kind === "claim-refund" ? action.problem : undefined) ?? stop;
  const blocked = busy || problem !== undefined;
  const canReduce = action.kind === "cancel" && action.canReduce === true;
  // The wallet can be switched while a dialog is open, which would then act on another commitment than the one it names.
  if (asking && (blocked || action.kind !== "cancel" || (asking === "reduce" && !canReduce))) setAsking(undefined);
  if (action.kind === "none") return null;
  if (action.kind === "refund-automatic")
    return <p className="text-text-quiet">Refunds are sent automatically. You don&apos;t need to do anything.</p>;
  const close = () => setAsking(undefined);
  const state = { pending: busy, unavailable: blocked, "aria-describedby": reasonId };
  const unblocked = (press: () => void) => () => !blocked && press();
  return (
    <div className="grid justify-items-start gap-2">
      <div className="flex flex-wrap gap-3">
        {canReduce && (
          <Button {...state} onClick={unblocked(() => setAsking("reduce"))}>
            Reduce commitment
          </Button>
        )}
        {action.kind === "cancel" ? (
          <Button {...state} onClick={unblocked(() => setAsking("cancel"))}>
            Cancel commitment
          </Button>
        ) : (
          <Button {...state} variant="primary" onClick={unblocked(onClaim)}>
            {`Claim ${refundText(about)}`}
          </Button>
        )}
      </div>
      <p id={reasonId} className="text-sm text-text-quiet">
        {problem}
      </p>
      <CancelDialog {...about} open={asking === "cancel"} onClose={close} onConfirm={() => (close(), onCancel())} />
      {asking === "reduce" && (
        <ReduceDialog
          {...about}
          decimalMark={decimalMark}
          onClose={close}
          onCancelInstead={() => setAsking("cancel")}
          onConfirm={(reduction) => (close(), onReduce(reduction))}
        />
      )}
    </div>
  );
}
