import type { Ref } from "react";
import { StandingNote } from "@/components/purchase/standing-note";
import { Money, TokenSum } from "@/components/sale/money";
import { Badge, type Tone } from "@/components/ui/feedback";
import { RetryButton, type Retry } from "@/components/ui/failure-notice";
import { Address } from "@/components/wallet/address";
import {
  returnedText,
  sumTokens,
  type PositionAmounts,
  type PositionRow,
  type Position,
  type PositionState,
} from "@/lib/purchase/position";
import { allocationText, type Offer } from "@/lib/purchase/allocation";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import { standingOf } from "@/lib/purchase/standing";
import { symbolsOf, tokenAt } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface PositionRowsProps {
  rows: readonly PositionRow[];
  tokens: readonly PaymentToken[];
  /** The amount of each row to list. */
  amount: keyof PositionAmounts;
  label: string;
}

/** The amount of each wallet in each token. */
export function PositionRows({ rows, tokens, amount, label }: PositionRowsProps) {
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

interface PositionCardProps {
  position: Position;
  /** The sale's tokens; all have the decimals of the first. */
  tokens: readonly PaymentToken[];
  /** The token on sale and its price; absent while the price is not known. */
  offer?: Offer;
  /** The position is that of before a confirmed transaction. */
  behind?: BehindPosition;
  ref?: Ref<HTMLElement>;
}

type ShownState = Exclude<PositionState, "none">;

interface ShownAmount {
  term: string;
  amount: keyof PositionAmounts;
  /** Left out if it is zero: most positions have no such part. */
  unlessZero?: true;
}

const COMMITTED: ShownAmount = { term: "Committed", amount: "committed" };
const ACCEPTED: ShownAmount = { term: "Accepted", amount: "accepted" };
const PAID_BACK: ShownAmount = { term: "Paid back", amount: "returned" };

interface StateLook {
  badge: string;
  tone: Tone;
  amounts: readonly ShownAmount[];
  /** The amount that is listed by wallet. */
  listed: keyof PositionAmounts;
}

const STATES: Record<ShownState, StateLook> = {
  committed: {
    badge: "Committed",
    tone: "ok",
    amounts: [
      COMMITTED,
      { ...ACCEPTED, term: "Accepted so far", unlessZero: true },
      { ...PAID_BACK, unlessZero: true },
    ],
    listed: "committed",
  },
  cancelled: { badge: "Ended", tone: "quiet", amounts: [PAID_BACK], listed: "returned" },
  settled: {
    badge: "Settled",
    tone: "ok",
    amounts: [
      COMMITTED,
      ACCEPTED,
      { term: "To be paid back", amount: "refundable" },
      { ...PAID_BACK, term: "Paid back before", unlessZero: true },
    ],
    listed: "committed",
  },
  refunded: { badge: "Refunded", tone: "quiet", amounts: [ACCEPTED, PAID_BACK], listed: "returned" },
};

interface TermsProps {
  bid: Position["bid"];
  tick?: PriceTick;
  /** The symbols of the sale's tokens, in which prices are. */
  symbols?: string;
}

function Terms({ bid, tick, symbols }: TermsProps) {
  const price =
    tick !== undefined && bid.price > 0n && `Bid price ${formatPrice(bid.price, tick)} ${symbols ?? ""}`.trimEnd();
  const facts = [price, bid.lockup && "With lockup"].filter((fact) => fact !== false);
  return facts.length > 0 && <p className="text-sm text-text-quiet">{facts.join(" · ")}</p>;
}

/** The list by wallet: once the sale is settled, what comes back to which one. */
function listOf({ state, total }: Position): { amount: keyof PositionAmounts; label: string } | undefined {
  if (state === "none") return undefined;
  if (state === "settled" && total.refundable > 0n) return { amount: "refundable", label: "Comes back to" };
  const amount = STATES[state].listed;
  return total[amount] > 0n ? { amount, label: amount === "returned" ? "Paid back to" : "By wallet" } : undefined;
}

/** The tokens that the accepted amount buys, once that is final. */
function Allocated({ position, tokens, offer }: Pick<PositionCardProps, "position" | "tokens" | "offer">) {
  const isFinal = position.state === "settled" || position.state === "refunded";
  const accepted = { amount: position.total.accepted, decimals: tokens[0]?.decimals ?? 0 };
  const text = isFinal && offer && allocationText(accepted, offer);
  return (
    text && (
      <div className="flex flex-wrap justify-between gap-x-4">
        <dt className="text-text-quiet">Tokens allocated</dt>
        <dd translate="no" className="font-medium tabular-nums">
          {text}
        </dd>
      </div>
    )
  );
}

const CARD = "grid gap-4 rounded-lg border border-line bg-surface-raised p-[min(1.25rem,6vw)]";

/** The position may be an older one. `why`: as `UsePurchaseResult.behind`. */
export interface BehindPosition extends Retry {
  why: "reading" | "late" | "unlisted" | "old";
}

const OLD = {
  late: {
    sentence: "Your transaction is confirmed, but your current position could not be read yet. This page tries again.",
    amounts: "These are the amounts before it.",
    badge: "Updating",
  },
  unlisted: {
    sentence:
      "Sonar does not list this entity at the moment, so your current position cannot be read. This page tries again.",
    amounts: "These are the last amounts that were read.",
    badge: "Not current",
  },
  old: {
    sentence: "Your current position could not be read yet. This page tries again.",
    amounts: "These are the last amounts that were read.",
    badge: "Not current",
  },
  reading: { badge: "Updating" },
};

/** Says that an older position is all that could be read; nothing while it is being read. */
function OldNote({ hasAmounts, behind: { why, ...retry } }: { hasAmounts: boolean; behind: BehindPosition }) {
  if (why === "reading") return null;
  const { sentence, amounts } = OLD[why];
  return (
    <div role="status" className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm">
      <p className="min-w-0 flex-1 basis-48">{hasAmounts ? `${sentence} ${amounts}` : sentence}</p>
      <RetryButton {...retry} variant="quiet" />
    </div>
  );
}

interface PositionPlaceProps {
  behind?: BehindPosition;
  ref?: Ref<HTMLElement>;
}

/** The place of a first position, while its commitment is on its way or cannot be read yet. */
export function PositionPlace({ behind, ref }: PositionPlaceProps) {
  return (
    <section ref={ref} tabIndex={-1} aria-labelledby="position" className={`${CARD} min-h-[13.5rem] content-start`}>
      <h3 id="position" className="font-medium">
        Your position
      </h3>
      {behind && behind.why !== "reading" ? (
        <OldNote behind={behind} hasAmounts={false} />
      ) : (
        <p className="text-text-quiet">
          {behind
            ? "Your commitment is confirmed and is being read."
            : "Your commitment will show here once it is confirmed."}
        </p>
      )}
    </section>
  );
}

/** The entity's holdings in the sale over all its wallets: read from the chain, never from the list of latest commitments. */
export function PositionCard({ position, tokens, offer, ref, behind }: PositionCardProps) {
  const { state, total, rows, bid } = position;
  if (state === "none") return null;
  const { badge, tone, amounts } = STATES[state];
  const list = listOf(position);
  const standing = !behind && offer && state === "committed" ? standingOf(bid.price, offer) : undefined;
  const returned = returnedText(position);
  return (
    <section ref={ref} tabIndex={-1} aria-labelledby="position" className={CARD}>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h3 id="position" className="font-medium">
          Your position
        </h3>
        {behind ? <Badge tone="quiet">{OLD[behind.why].badge}</Badge> : <Badge tone={tone}>{badge}</Badge>}
      </div>
      {behind && <OldNote behind={behind} hasAmounts />}
      <dl className="grid gap-1">
        <Allocated position={position} tokens={tokens} offer={offer} />
        {amounts
          .filter(({ amount, unlessZero }) => !unlessZero || total[amount] > 0n)
          .map(({ term, amount }) => (
            <div key={term} className="flex flex-wrap justify-between gap-x-4">
              <dt className="text-text-quiet">{term}</dt>
              <dd className="font-medium">
                <TokenSum amount={total[amount]} of={sumTokens(rows, amount)} tokens={tokens} />
              </dd>
            </div>
          ))}
      </dl>
      {returned && <p className="text-sm text-text-quiet">{returned}</p>}
      <Terms bid={bid} tick={offer?.tick} symbols={symbolsOf(tokens)?.replace(" and ", " or ")} />
      {standing && <StandingNote standing={standing} />}
      {list && (
        <div className="border-t border-line pt-3 text-sm">
          {list.label !== "By wallet" && <p className="mb-1 text-text-quiet">{list.label}</p>}
          <PositionRows rows={rows} tokens={tokens} {...list} />
        </div>
      )}
      {/* A document load, as every way to another page. */}
      <a href="/activity" className="justify-self-start text-sm underline underline-offset-4 print:hidden">
        All activity and receipts
      </a>
    </section>
  );
}
