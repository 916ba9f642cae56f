"use client";

import { useId, useState, type ReactNode } from "react";
import { Money, TokenSum } from "@/components/sale/money";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Callout, Badge, type Tone } from "@/components/ui/feedback";
import { Address } from "@/components/wallet/address";
import {
  sumTokens,
  type PositionAmounts,
  type PositionRow,
  type Position,
  type PositionState,
  type PositionAction,
} from "@/lib/purchase/position";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import { tokenAt } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface PositionRowsProps {
  rows: readonly PositionRow[];
  tokens: readonly PaymentToken[];
  /** The amount of each row to list. */
  amount: keyof PositionAmounts;
  label: string;
}

/** The amount of each wallet in each token. */
function PositionRows({ rows, tokens, amount, label }: PositionRowsProps) {
  return (
    <ul aria-label={label} className="grid gap-1">
      {rows
        .filter((row) => row[amount] > 0n)
        .map((row) => {
          const token = tokenAt(tokens, row.token);
          return (
            <li key={`${row.wallet} ${row.token}`} className="flex flex-wrap items-center justify-between gap-x-4">
              <Address address={row.wallet} label="wallet address" copyable={false} />
              <Money amount={row[amount]} decimals={token?.decimals ?? 0} {...(token && { symbol: token.symbol })} />
            </li>
          );
        })}
    </ul>
  );
}

interface CancelDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  position: Position;
  tokens: readonly PaymentToken[];
  /** The entity's name as the user knows it. */
  entityName: string;
}

/** Asks before the commitment is cancelled. The button that keeps it has the focus: cancelling cannot be undone. */
function CancelDialog({ open, onClose, onConfirm, position, tokens, entityName }: CancelDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Cancel the whole commitment?"
      description={`Everything that ${entityName} has committed will be returned to the wallets it came from.`}
    >
      <PositionRows rows={position.rows} tokens={tokens} amount="refundable" label="Paid back to" />
      <Callout tone="warn" title="This cannot be undone">
        <p>{`${entityName} can never commit to this sale again, from any wallet.`}</p>
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
  /** A transaction is in progress. */
  busy: boolean;
  onCancel: () => void;
  onClaim: () => void;
}

/** The action that is open now: cancelling, claiming, or none because the refund is sent automatically. */
export function RefundActions({ action, busy, onCancel, onClaim, ...about }: RefundActionsProps) {
  const [asking, setAsking] = useState(false);
  const reasonId = useId();
  const problem = action.kind === "cancel" || action.kind === "claim-refund" ? action.problem : undefined;
  const blocked = busy || problem !== undefined;
  // The wallet can be switched while the dialog is open; the dialog would then cancel another commitment than the one it names.
  if (asking && (blocked || action.kind !== "cancel")) setAsking(false);
  if (action.kind === "none") return null;
  if (action.kind === "refund-automatic")
    return <p className="text-text-quiet">Refunds are sent automatically. You don&apos;t need to do anything.</p>;
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

interface PositionCardProps {
  position: Position;
  /** The sale's tokens; all have the decimals of the first. */
  tokens: readonly PaymentToken[];
  tick?: PriceTick;
  /** A button or link for the next step. */
  action?: ReactNode;
}

type ShownState = Exclude<PositionState, "none">;
type Amount = keyof PositionAmounts;

const STATES: Record<ShownState, { badge: string; tone: Tone; amounts: readonly [term: string, amount: Amount][] }> = {
  committed: { badge: "Committed", tone: "ok", amounts: [["Committed", "committed"]] },
  cancelled: { badge: "Cancelled", tone: "quiet", amounts: [["Paid back", "returned"]] },
  settled: {
    badge: "Settled",
    tone: "ok",
    amounts: [
      ["Committed", "committed"],
      ["Accepted", "accepted"],
      ["To be paid back", "refundable"],
    ],
  },
  refunded: {
    badge: "Refunded",
    tone: "quiet",
    amounts: [
      ["Accepted", "accepted"],
      ["Paid back", "returned"],
    ],
  },
};

function Terms({ bid, tick }: { bid: Position["bid"]; tick?: PriceTick }) {
  const price = tick !== undefined && bid.price > 0n && `Price ${formatPrice(bid.price, tick)}`;
  const facts = [price, bid.lockup && "With lockup"].filter((fact) => fact !== false);
  return facts.length > 0 && <p className="text-sm text-text-quiet">{facts.join(" · ")}</p>;
}

/** The entity's holdings in the sale over all its wallets: read from the chain, never from the list of latest commitments. */
export function PositionCard({ position, tokens, tick, action }: PositionCardProps) {
  const { state, total, rows, bid } = position;
  if (state === "none") return null;
  const { badge, tone, amounts } = STATES[state];
  const listed = amounts[0]?.[1] ?? "committed";
  return (
    <section aria-labelledby="position" className="grid gap-4 rounded-lg border border-line bg-surface-raised p-5">
      <div className="flex items-center justify-between gap-4">
        <h3 id="position" className="font-medium">
          Your position
        </h3>
        <Badge tone={tone}>{badge}</Badge>
      </div>
      <dl className="grid gap-1">
        {amounts.map(([term, amount]) => (
          <div key={term} className="flex justify-between gap-4">
            <dt className="text-text-quiet">{term}</dt>
            <dd className="font-medium">
              <TokenSum amount={total[amount]} of={sumTokens(rows, amount)} tokens={tokens} />
            </dd>
          </div>
        ))}
      </dl>
      <Terms bid={bid} tick={tick} />
      <div className="border-t border-line pt-3 text-sm">
        <PositionRows rows={rows} tokens={tokens} amount={listed} label="By wallet" />
      </div>
      {action}
    </section>
  );
}
