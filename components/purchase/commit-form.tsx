"use client";

import { useId, useRef, useState, type ComponentProps, type Ref, type SyntheticEvent } from "react";
import { AmountField, LockupField } from "@/components/purchase/commit-fields";
import { AuctionNote, PriceField } from "@/components/purchase/price-field";
import { PurchaseSummary, SigningDisclosure } from "@/components/purchase/summary";
import { ChangedTerms, TermsStatement } from "@/components/purchase/terms-statement";
import { Button } from "@/components/ui/button";
import { LoadingText, Skeleton, SlowNotice } from "@/components/ui/feedback";
import type { TermsConsent } from "@/lib/config/site";
import type { BidPlan } from "@/lib/purchase/bid";
import {
  addable,
  checkDraft,
  choosableTick,
  commitLabel,
  quickAmounts,
  type CommitDraft,
  type CommitTerms,
} from "@/lib/purchase/draft";
import { PRICE_UNIT } from "@/lib/purchase/estimate";
import { previewOrder, type OrderFacts } from "@/lib/purchase/preview";
import type { BidStanding } from "@/lib/purchase/standing";
import type { Failure } from "@/lib/result";

/** A placeholder for the form while Sonar is asked. */
export function CommitFormSkeleton() {
  return (
    <div role="status" className="grid gap-4">
      <LoadingText>Checking with Sonar how much you can commit.</LoadingText>
      <span className="relative block">
        <Skeleton className="h-27 w-full" />
        <SlowNotice className="absolute inset-x-0 top-0 rounded-md p-1" />
      </span>
      <Skeleton className="h-12 w-full" />
      <Skeleton className="h-40 w-full" />
      <Skeleton className="h-11 w-40" />
    </div>
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
  facts: OrderFacts;
  /** The time of the estimated clearing price. */
  estimatedAt?: string;
  /** The entity's name is on the button, because the user has several. */
  namesEntity?: boolean;
  /** Nothing can be changed or sent, for this reason. */
  busy?: string;
  /** The terms that the press accepts; `refusal` says that they have just changed. */
  consent?: { terms?: TermsConsent; refusal?: Failure };
  amountField?: Ref<HTMLInputElement>;
  onCommit: (commitment: Commitment) => void;
}

function givenLockup({ permit, current }: CommitTerms): { given?: "forced" | "already-on" } {
  if (permit.forcedLockup) return { given: "forced" };
  return current.lockup ? { given: "already-on" } : {};
}

/** Whole ticks at or above the estimated clearing price: where a bid has to be to receive anything. */
function clearingTicks({ price }: OrderFacts, tick: bigint): bigint | undefined {
  if (price.kind !== "auction" || !price.estimate) return undefined;
  const { numerator, denominator } = price.estimate;
  const unit = tick * denominator;
  return (numerator * PRICE_UNIT + unit - 1n) / unit;
}

interface FieldsProps extends Pick<CommitFormProps, "draft" | "terms" | "facts" | "estimatedAt" | "amountField"> {
  onChange: (changes: Partial<CommitDraft>) => void;
  isBusy: boolean;
  standing?: BidStanding;
  /** The sentence about a problem with a field. */
  errorAt: (place: "amount" | "price") => string | undefined;
}

function Fields({ draft, terms, facts, estimatedAt, amountField, onChange, isBusy, standing, errorAt }: FieldsProps) {
  const tick = choosableTick(terms);
  return (
    <>
      <AmountField
        field={amountField}
        label={terms.current.amount > 0n ? "Amount to add" : "Amount"}
        value={draft.amount}
        onChange={(amount) => onChange({ amount })}
        tokens={facts.tokens}
        token={terms.token}
        onToken={(token) => onChange({ token })}
        balance={terms.funds.token}
        min={addable(terms).min}
        quick={quickAmounts(terms)}
        error={errorAt("amount")}
        readOnly={isBusy}
      />
      {tick !== undefined && (
        <PriceField
          terms={terms}
          tick={tick}
          start={clearingTicks(facts, tick)}
          value={draft.price}
          onChange={(price) => onChange({ price })}
          readOnly={isBusy}
          error={errorAt("price")}
        />
      )}
      {facts.price.kind === "auction" && <AuctionNote standing={standing} estimatedAt={estimatedAt} />}
      <LockupField
        {...givenLockup(terms)}
        checked={draft.lockup}
        onChange={(lockup) => onChange({ lockup })}
        disabled={isBusy}
      />
    </>
  );
}

interface SubmitBarProps {
  label: string;
  busy?: string;
  reason?: string;
  /** A field already shows the reason. It is not shown twice, but screen readers also hear it at the button. */
  saidAtField: boolean;
  /** The statement that the press accepts. */
  statement?: ComponentProps<typeof TermsStatement>;
}

/**
 * The statement and the button, which stay at the lower edge of a phone's screen (`submit-bar` in app/globals.css). The button can be focused
 * while nothing can be sent, and says why.
 */
function SubmitBar({ label, busy, reason, saidAtField, statement }: SubmitBarProps) {
  const id = useId();
  return (
    <div className="submit-bar grid justify-items-start gap-2">
      {statement && <TermsStatement {...statement} />}
      <Button
        type="submit"
        variant="primary"
        pending={busy !== undefined}
        unavailable={reason !== undefined}
        aria-describedby={id}
      >
        <span className="wrap-anywhere">{label}</span>
      </Button>
      <p id={id} className="min-h-5 text-sm text-text-quiet">
        <span className={saidAtField && busy === undefined ? "sr-only" : undefined}>{busy ?? reason}</span>
      </p>
    </div>
  );
}

/** The tick for the terms, where they ask for one. It belongs to one version: terms that change under it are not ticked. */
function useTick(terms: TermsConsent | undefined) {
  const [ticked, setTicked] = useState<string>();
  const checkbox = useRef<HTMLInputElement>(null);
  const isAccepted = terms?.by !== "checkbox" || ticked === terms.version;
  return { isAccepted, checkbox, onTick: (isTicked: boolean) => setTicked(isTicked ? terms?.version : undefined) };
}

/** The commitment's amount and terms. The caller keeps the typed text, so that it outlives this form. */
export function CommitForm(props: CommitFormProps) {
  const { draft, onDraft, terms, facts, namesEntity = false, busy, consent = {}, onCommit } = props;
  const [tried, setTried] = useState(false);
  const { isAccepted, checkbox, onTick } = useTick(consent.terms);
  const isBusy = busy !== undefined;
  const reading = checkDraft(draft, terms);
  const problem = reading.ok ? undefined : reading.problem;
  const isAt = (place: "amount" | "price") => problem?.place === place && (tried || !problem.quiet);
  const preview = previewOrder(draft, terms, facts, reading.ok ? reading.plan : undefined);
  const missing = tried && reading.ok && !isAccepted;

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (isBusy) return;
    setTried(true);
    if (!reading.ok) return;
    if (!isAccepted) return checkbox.current?.focus();
    setTried(false);
    onCommit({ plan: reading.plan, price: reading.price });
  }

  return (
    <form noValidate onSubmit={submit} aria-label="Commitment" className="grid gap-4">
      <Fields
        {...props}
        onChange={(changes) => onDraft({ ...draft, ...changes })}
        isBusy={isBusy}
        standing={preview.standing}
        errorAt={(place) => (isAt(place) ? problem?.sentence : undefined)}
      />
      <PurchaseSummary lines={preview.lines} />
      <SigningDisclosure requests={preview.requests} exactTokens={preview.exactTokens} />
      {consent.refusal && <ChangedTerms refusal={consent.refusal} />}
      <SubmitBar
        label={commitLabel(reading, terms, namesEntity ? facts.entityName : undefined)}
        busy={busy}
        saidAtField={isAt("amount") || (isAt("price") && choosableTick(terms) !== undefined)}
        reason={problem?.sentence ?? (isAccepted ? undefined : "Tick the box to accept the terms.")}
        {...(consent.terms && {
          statement: { terms: consent.terms, ticked: isAccepted, onTick, missing, disabled: isBusy, checkbox },
        })}
      />
    </form>
  );
}
