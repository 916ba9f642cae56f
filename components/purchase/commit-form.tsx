"use client";

import { useId, useState, type SyntheticEvent } from "react";
import { AmountField, LockupField, PaymentHint, TokenChoice } from "@/components/purchase/commit-fields";
import { TokenSum } from "@/components/sale/money";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/feedback";
import { Field } from "@/components/ui/field";
import { incrementBounds, type BidPlan, type Bid } from "@/lib/purchase/bid";
import { choosableTick, commitLabel, checkDraft, type CommitDraft, type CommitTerms } from "@/lib/purchase/draft";
import { totalTokens, type PositionRow } from "@/lib/purchase/position";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import type { PaymentToken } from "@/lib/sale/state";

/** A placeholder for the form while Sonar is asked. */
export function CommitFormSkeleton() {
  return (
    <div role="status" className="grid gap-5">
      <span className="sr-only">Checking with Sonar how much you can commit.</span>
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-13 w-full" />
      <Skeleton className="h-11 w-40" />
    </div>
  );
}

interface CommitTotalsProps {
  current: Bid;
  /** The rows of the entity's position. */
  rows: readonly PositionRow[];
  /** The bid that would be sent; absent while none can be. */
  plan?: BidPlan;
  /** The token to pay with. */
  token: PaymentToken;
  tokens: readonly PaymentToken[];
}

/** The entity's total now and after this commitment, over all its wallets and tokens. */
function CommitTotals({ current, rows, plan, token, tokens }: CommitTotalsProps) {
  const held = totalTokens(rows);
  const sums = [
    { term: "Committed so far", amount: current.amount, of: held.length > 0 ? held : [token.address] },
    {
      term: "New total",
      amount: plan?.bid.amount,
      of: totalTokens(rows, { token: token.address, amount: plan?.increment ?? 0n }),
    },
  ];
  return (
    <dl className="grid gap-1">
      {sums.map(({ term, amount, of }) => (
        <div key={term} className="flex flex-wrap justify-between gap-x-4">
          <dt className="text-text-quiet">{term}</dt>
          <dd>{amount === undefined ? "–" : <TokenSum amount={amount} of={of} tokens={tokens} />}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The bid that the user confirms. */
export interface Commitment {
  plan: BidPlan;
  /** Ticks; absent where there is no choice. */
  price?: bigint;
}

interface CommitFormProps {
  draft: CommitDraft;
  onDraft: (draft: CommitDraft) => void;
  terms: CommitTerms;
  tokens: readonly PaymentToken[];
  /** The rows of the entity's position. */
  rows: readonly PositionRow[];
  /** A transaction is in progress: nothing can be changed or sent. */
  busy: boolean;
  onCommit: (commitment: Commitment) => void;
}

function priceHint({ permit: { permit } }: CommitTerms, tick: PriceTick): string {
  const highest = formatPrice(permit.maxPrice, tick);
  const range =
    permit.minPrice === 0n ? `Up to ${highest}` : `From ${formatPrice(permit.minPrice, tick)} to ${highest}`;
  return `${range}, in steps of ${formatPrice(1n, tick)}.`;
}

/** Without a balance and a limit in the permit there is no `max`: nobody owns as much as a uint256 can hold. */
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
  /** A field already shows the reason. It is not shown twice, but screen readers also hear it at the button. */
  saidAtField: boolean;
}

/** The button can be focused while nothing can be sent, and says why. */
function CommitButton({ label, busy, reason, saidAtField }: CommitButtonProps) {
  const id = useId();
  return (
    <div className="grid gap-2">
      <Button type="submit" variant="primary" pending={busy} unavailable={reason !== undefined} aria-describedby={id}>
        {label}
      </Button>
      <p id={id} className="min-h-5 text-sm text-text-quiet">
        <span className={saidAtField && !busy ? "sr-only" : undefined}>
          {busy ? "A transaction is in progress." : reason}
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
      label="Bid price"
      onChange={(event) => onChange(event.target.value)}
      inputMode="decimal"
      autoComplete="off"
      suffix={terms.token.symbol}
      hint={priceHint(terms, tick)}
      {...field}
    />
  );
}

/** The commitment's amount and terms. The caller keeps the typed text, so that it outlives this form. */
export function CommitForm({ draft, onDraft, terms, tokens, rows, busy, onCommit }: CommitFormProps) {
  const [tried, setTried] = useState(false);
  const reading = checkDraft(draft, terms);
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
      {tokens.length > 1 ? (
        <TokenChoice tokens={tokens} chosen={terms.token} onChoose={(token) => change({ token })} disabled={busy} />
      ) : (
        <PaymentHint token={terms.token} />
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
