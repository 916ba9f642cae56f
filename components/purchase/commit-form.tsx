"use client";

import { useId, useState, type SyntheticEvent } from "react";
import { incrementBounds, type BidPlan } from "@/lib/sale/bid";
import {
  choosableTick,
  commitLabel,
  readCommitDraft,
  type CommitDraft,
  type CommitTerms,
} from "@/lib/sale/commit-draft";
import type { PositionRow } from "@/lib/sale/position";
import { formatPrice, type PriceTick } from "@/lib/sale/price";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { AmountField } from "@/components/purchase/amount-field";
import { CommitTotals } from "@/components/purchase/commit-totals";
import { LockupField } from "@/components/purchase/lockup-field";
import { TokenChoice } from "@/components/purchase/token-choice";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface CommitFormProps {
  draft: CommitDraft;
  onDraft: (draft: CommitDraft) => void;
  terms: CommitTerms;
  tokens: readonly PaymentToken[];
  /** Of the entity's position. */
  rows: readonly PositionRow[];
  /** A transaction is under way: nothing can be changed or sent. */
  busy: boolean;
  onCommit: (commitment: { plan: BidPlan; price?: bigint }) => void;
}

function priceHint({ permit: { permit } }: CommitTerms, tick: PriceTick): string {
  return `From ${formatPrice(permit.minPrice, tick)} to ${formatPrice(permit.maxPrice, tick)}, in steps of ${formatPrice(1n, tick)}.`;
}

/** Without a balance and a limit of the permit there is no `max`: nobody has what a uint256 can hold. */
function addable({ current, permit, funds }: CommitTerms): { min: bigint; max?: bigint } {
  const { min, max = funds.token } = incrementBounds(current, permit.permit);
  if (max === undefined) return { min };
  return { min, max: funds.token !== undefined && funds.token < max ? funds.token : max };
}

function givenLockup({ permit, current }: CommitTerms): { given?: "forced" | "already-on" } {
  if (permit.forcedLockup) return { given: "forced" };
  return current.lockup ? { given: "already-on" } : {};
}

interface CommitButtonProps {
  label: string;
  busy: boolean;
  reason?: string;
  /** A field shows the reason: it is not shown twice, but who cannot see hears it at the button too. */
  saidAtField: boolean;
}

/** Can be reached while nothing can be sent, and says why. */
function CommitButton({ label, busy, reason, saidAtField }: CommitButtonProps) {
  const id = useId();
  return (
    <div className="grid gap-2">
      <Button type="submit" variant="primary" pending={busy} unavailable={reason !== undefined} aria-describedby={id}>
        {label}
      </Button>
      <p id={id} className="min-h-5 text-sm text-text-quiet">
        <span className={saidAtField && !busy ? "sr-only" : undefined}>
          {busy ? "A transaction is under way." : reason}
        </span>
      </p>
    </div>
  );
}

interface PriceFieldProps {
  terms: CommitTerms;
  tick: PriceTick;
  value: string;
  onChange: (price: string) => void;
  readOnly: boolean;
  error?: string;
}

function PriceField({ terms, tick, onChange, ...field }: PriceFieldProps) {
  return (
    <Field
      label="Price you bid"
      onChange={(event) => onChange(event.target.value)}
      inputMode="decimal"
      autoComplete="off"
      hint={priceHint(terms, tick)}
      {...field}
    />
  );
}

/** How much to commit and on which terms. What has been typed is the caller's, so that it outlives this form. */
export function CommitForm({ draft, onDraft, terms, tokens, rows, busy, onCommit }: CommitFormProps) {
  const [tried, setTried] = useState(false);
  const reading = readCommitDraft(draft, terms);
  const problem = reading.ok ? undefined : reading.problem;
  const tick = choosableTick(terms);
  const isAt = (place: "amount" | "price") => problem?.place === place && (tried || !problem.quiet);
  const errorAt = (place: "amount" | "price") => (isAt(place) ? problem?.sentence : undefined);
  const plan = reading.ok ? reading.plan : undefined;
  const totals = { current: terms.current, rows, token: terms.token, tokens, plan };
  const change = (changes: Partial<CommitDraft>) => onDraft({ ...draft, ...changes });

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    setTried(true);
    if (busy || !reading.ok) return;
    setTried(false);
    onCommit({ plan: reading.plan, price: reading.price });
  }

  return (
    <form noValidate onSubmit={submit} aria-label="Commitment" className="grid gap-5">
      {tokens.length > 1 && (
        <TokenChoice tokens={tokens} chosen={terms.token} onChoose={(token) => change({ token })} disabled={busy} />
      )}
      <AmountField
        label={terms.current.amount > 0n ? "Amount to add" : "Amount"}
        value={draft.amount}
        onChange={(amount) => change({ amount })}
        token={terms.token}
        balance={terms.funds.token}
        {...addable(terms)}
        error={errorAt("amount")}
        readOnly={busy}
      />
      {tick !== undefined && (
        <PriceField
          terms={terms}
          tick={tick}
          value={draft.price}
          onChange={(price) => change({ price })}
          readOnly={busy}
          error={errorAt("price")}
        />
      )}
      <LockupField
        {...givenLockup(terms)}
        checked={draft.lockup}
        onChange={(lockup) => change({ lockup })}
        disabled={busy}
      />
      <CommitTotals {...totals} />
      <CommitButton
        label={commitLabel(reading, terms)}
        busy={busy}
        saidAtField={isAt("amount") || (isAt("price") && tick !== undefined)}
        {...(problem && { reason: problem.sentence })}
      />
    </form>
  );
}
