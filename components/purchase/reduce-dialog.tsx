"use client";

import { useId, useState, type SyntheticEvent } from "react";
import { TokenSum } from "@/components/sale/money";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Callout } from "@/components/ui/feedback";
import { Field } from "@/components/ui/field";
import { sumTokens, type Position, type PositionRow } from "@/lib/purchase/position";
import {
  checkReduction,
  reducibleRows,
  reductionLabel,
  rowKey,
  type Reduction,
  type ReductionDraft,
  type ReductionTerms,
} from "@/lib/purchase/reduction";
import { shortenAddress } from "@/lib/sale/hex";
import { formatTokenAmount, tokenAt } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface RowFieldProps {
  row: PositionRow;
  token: PaymentToken;
  /** The only row needs no wallet to tell it from others. */
  alone: boolean;
  /** The dialog begins here. */
  isFirst: boolean;
  value: string;
  onChange: (text: string) => void;
  error?: string;
}

/** The amount to take back of one wallet's commitment in one token. It returns to that wallet, whoever asks. */
function RowField({ row, token, alone, isFirst, ...field }: RowFieldProps) {
  const most = `Up to ${formatTokenAmount(row.refundable, token)}`;
  const wallet = shortenAddress(row.wallet);
  return (
    <Field
      label={alone ? "Amount to take back" : `Back to ${wallet}`}
      suffix={token.symbol}
      hint={alone ? `${most}. It returns to the wallet ${wallet}.` : most}
      inputMode="decimal"
      autoComplete="off"
      placeholder="0.00"
      value={field.value}
      onChange={(event) => field.onChange(event.target.value)}
      error={field.error}
      data-autofocus={isFirst || undefined}
    />
  );
}

interface TotalsProps {
  position: Position;
  tokens: readonly PaymentToken[];
  reduction?: Reduction;
}

/** The entity's total now, the amount that returns, and the total that stays. */
function Totals({ position, tokens, reduction }: TotalsProps) {
  const held = sumTokens(position.rows, "committed");
  const sums = [
    { term: "Committed now", amount: position.bid.amount, of: held },
    { term: "Taken back", amount: reduction?.amount, of: reduction?.rows.map(({ token }) => token) ?? held },
    { term: "New total", amount: reduction?.total, of: held },
  ];
  return (
    <dl className="grid gap-1">
      {sums.map(({ term, amount, of }) => (
        <div key={term} className="flex justify-between gap-4">
          <dt className="text-text-quiet">{term}</dt>
          <dd className={term === "New total" ? "font-medium" : undefined}>
            {amount === undefined ? <span>–</span> : <TokenSum amount={amount} of={of} tokens={tokens} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ReduceDialogProps extends ReductionTerms {
  /** The entity's name as the user knows it. */
  entityName: string;
  onClose: () => void;
  /** The user wants to take everything back. */
  onCancelInstead: () => void;
  onConfirm: (reduction: Reduction) => void;
}

/** Asks how much to take back of each wallet's commitment, and shows what stays. Mount it anew each time: it keeps what was typed. */
export function ReduceDialog({ entityName, onClose, onCancelInstead, onConfirm, ...terms }: ReduceDialogProps) {
  const [draft, setDraft] = useState<ReductionDraft>({});
  const [tried, setTried] = useState(false);
  const reasonId = useId();
  const rows = reducibleRows(terms.position);
  const check = checkReduction(draft, terms);
  const problem = check.ok || (check.problem.quiet && !tried) ? undefined : check.problem;

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    setTried(true);
    if (check.ok) onConfirm(check.reduction);
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Reduce the commitment"
      description={`Enter what ${entityName} takes back. The rest stays committed.`}
    >
      <form noValidate onSubmit={submit} aria-label="Reduction" className="grid gap-3">
        <div className="grid gap-1">
          {rows.map((row) => {
            const token = tokenAt(terms.tokens, row.token);
            const key = rowKey(row);
            if (!token) return null;
            return (
              <RowField
                key={key}
                row={row}
                token={token}
                alone={rows.length === 1}
                isFirst={row === rows[0]}
                value={draft[key] ?? ""}
                onChange={(text) => setDraft((typed) => ({ ...typed, [key]: text }))}
                error={problem?.place === key ? problem.sentence : undefined}
              />
            );
          })}
        </div>
        <Totals position={terms.position} tokens={terms.tokens} reduction={check.ok ? check.reduction : undefined} />
        <p id={reasonId} aria-live="polite" className="min-h-5 text-sm text-bad">
          <span>{problem?.place === "form" && problem.sentence}</span>
        </p>
        <Callout tone="warn" title="This cannot be undone">
          <p>What is taken back cannot be committed again: the sale takes no new commitments.</p>
        </Callout>
        <div className="mt-2 flex flex-wrap justify-end gap-3">
          {problem?.everything ? (
            <Button onClick={onCancelInstead}>Cancel commitment instead</Button>
          ) : (
            <Button onClick={onClose}>Keep as it is</Button>
          )}
          <Button type="submit" variant="primary" unavailable={!check.ok} aria-describedby={reasonId}>
            {reductionLabel(check, terms.tokens)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
