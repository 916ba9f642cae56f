import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import type { ReactNode } from "react";
import { SaleGoal } from "@/components/sale/sale-goal";
import { FailureNotice, RefreshNote, RetryButton, type Retry } from "@/components/ui/failure-notice";
import { Callout, LoadingText, Skeleton } from "@/components/ui/feedback";
import { Moment } from "@/components/ui/moment";
import { OnDemand } from "@/components/ui/on-demand";
import type { Read } from "@/lib/result";
import { formatAmount, roundedAmount, symbolsOf, type NamedToken } from "@/lib/sale/money";
import { PHASE_WORDS, type SaleDeadline, type SalePhase } from "@/lib/sale/phase";
import { currentPrice, priceText, type Pricing } from "@/lib/sale/pricing";

const DOT: Partial<Record<SalePhase["kind"], string>> = {
  open: "bg-ok",
  cancellation: "bg-warn",
  paused: "bg-warn",
  "paused-by-site": "bg-warn",
};

interface StatusProps {
  /** Absent while nothing is known about it: no contract, no announced times. */
  phase?: Read<SalePhase>;
  deadline?: SaleDeadline;
  /** Reads the phase again. */
  phaseRetry: Retry;
}

function StatusSkeleton() {
  return (
    <div role="status" className="grid h-12 content-evenly sm:h-6">
      <LoadingText>Loading the sale&apos;s status.</LoadingText>
      <Skeleton className="h-4 w-72" />
      <Skeleton className="h-4 w-40 sm:hidden" />
    </div>
  );
}

function Deadline({ words, at, timeLeft }: SaleDeadline) {
  return (
    <>
      <span>{` ${words} `}</span>
      <Moment at={Number(at) * 1000} own />
      {timeLeft && (
        <>
          <span className="text-text-quiet">{" · "}</span>
          <span className="whitespace-nowrap text-text-quiet tabular-nums">{timeLeft}</span>
        </>
      )}
    </>
  );
}

/** The state in words, with a dot that only repeats it, and the moment that matters: "Open until 20 Dec 2026, 18:00 UTC". */
function Status({ phase, deadline, phaseRetry }: StatusProps) {
  if (!phase) return <p className="text-text-quiet">The sale is not announced yet.</p>;
  if (phase.status === "loading") return <StatusSkeleton />;
  if (phase.status === "failed") return <FailureNotice failure={phase.failure} {...phaseRetry} />;
  const { kind } = phase.value;
  return (
    <div>
      <p>
        <span
          aria-hidden
          className={`mr-2 inline-block size-2.5 rounded-full border border-transparent ${DOT[kind] ?? "bg-control"}`}
        />
        <strong className="font-semibold">{PHASE_WORDS[kind].title}</strong>
        {deadline ? (
          <Deadline {...deadline} />
        ) : (
          <span className="text-text-quiet">{` · ${PHASE_WORDS[kind].short}`}</span>
        )}
      </p>
      {phase.refreshFailure && <RefreshNote failure={phase.refreshFailure} {...phaseRetry} />}
    </div>
  );
}

interface FigureProps {
  label: string;
  children: ReactNode;
  /** The line below the figure. */
  note: ReactNode;
}

function Figure({ label, children, note }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-text-quiet">{label}</dt>
      <dd className="font-semibold">{children}</dd>
      <dd className="text-sm text-text-quiet tabular-nums">{note}</dd>
    </div>
  );
}

function Unit({ symbol }: { symbol: string | undefined }) {
  if (!symbol) return null;
  return (
    <span translate="no" className="text-sm font-normal text-text-quiet">
      {` ${symbol}`}
    </span>
  );
}

interface PriceProps {
  pricing: Pricing;
  /** The time of an estimate, in milliseconds since 1970. */
  pricedAt: number;
  /** The payment tokens. */
  tokens: readonly NamedToken[];
  /** The symbol of the token that is sold. */
  token: string;
}

function PerToken({ token, at }: { token: string; at?: number }) {
  const time = at === undefined ? undefined : new Date(at).toISOString();
  return (
    <>
      <span translate="no">{`per ${token}`}</span>
      {time && <time dateTime={time}>{` · ${time.slice(11, 16)} UTC`}</time>}
    </>
  );
}

/** An auction has a price only once Sonar estimates it from the bids. */
const WITHOUT_PRICE = { auction: "None yet", fixed: "Not announced", unknown: "Not announced" };

/** The price, or the one at which an auction would clear now, with the time of that estimate. */
function Price({ pricing, pricedAt, tokens, token }: PriceProps) {
  const isAuction = pricing.kind === "auction";
  const price = currentPrice(pricing);
  return (
    <Figure
      label={isAuction ? "Estimated clearing price" : "Price"}
      note={<PerToken token={token} at={isAuction && price ? pricedAt : undefined} />}
    >
      <span className="tabular-nums">{price ? priceText(price) : WITHOUT_PRICE[pricing.kind]}</span>
      {price && <Unit symbol={symbolsOf(tokens, "or") ?? "payment tokens"} />}
    </Figure>
  );
}

interface TotalProps extends Retry {
  figures: Exclude<Read<ReadCommitmentDataResponse>, { status: "loading" }>;
  symbol?: string;
}

/** The total and the number of participants. Both come from Sonar, so that they belong to the same moment. */
function Total({ figures, symbol, ...retry }: TotalProps) {
  if (figures.status === "failed") {
    return (
      <Figure label="Total committed" note={<RetryButton {...retry} variant="quiet" label="Refresh" />}>
        <span>Not available</span>
      </Figure>
    );
  }
  const { TotalCommitmentAmount, PaymentTokenDecimals: decimals, UniqueCommitmentCount: count } = figures.value;
  const total = BigInt(TotalCommitmentAmount);
  const exact = [formatAmount(total, decimals), symbol].filter(Boolean).join(" ");
  return (
    <Figure label="Total committed" note={count === 1 ? "by 1 participant" : `by ${count} participants`}>
      <OnDemand short={roundedAmount(total, decimals)} exact={exact} />
      <span aria-hidden>
        <Unit symbol={symbol} />
      </span>
    </Figure>
  );
}

function FiguresSkeleton() {
  return (
    <div
      role="status"
      className="col-span-full grid grid-cols-[repeat(auto-fit,minmax(min(100%,8.5rem),1fr))] gap-x-4 sm:flex sm:gap-x-10"
    >
      <LoadingText>Loading the sale&apos;s figures.</LoadingText>
      {["price", "total"].map((figure) => (
        <div key={figure} className="grid h-16 content-evenly">
          <Skeleton className="h-4 w-16" />
          <Skeleton className="h-5 w-36" />
          <Skeleton className="h-4 w-24" />
        </div>
      ))}
    </div>
  );
}

/** Says that the chain's newest blocks are not known: what looks like the present may be over, as may the time to act. */
function Outdated({ at }: { at: number }) {
  return (
    <Callout tone="warn" title="This page may be out of date">
      <p>
        <span>This site has seen no newer block of the chain than that of </span>
        <Moment at={at} own />
        <span>. The sale and your position may have changed since. It checks again every few seconds.</span>
      </p>
    </Callout>
  );
}

interface SaleStripProps extends StatusProps, PriceProps {
  /** The time of the newest block that is known, in milliseconds since 1970, if that is old. */
  outdatedAt?: number | undefined;
  figures: Read<ReadCommitmentDataResponse>;
  /** Reads the figures again. */
  figuresRetry: Retry;
  /** In whole payment tokens, as decimal numbers. */
  goal: { target?: string; cap?: string };
}

/** The sale at a glance, first on every page width, before and after sign-in: status, deadline, price and total. */
export function SaleStrip(props: SaleStripProps) {
  const { figures, figuresRetry, tokens, goal, outdatedAt } = props;
  const symbol = symbolsOf(tokens);
  return (
    <section aria-label="Sale at a glance" className="border-b border-line bg-surface-raised">
      <div className="mx-auto grid max-w-6xl gap-x-16 gap-y-2 px-[min(1rem,5vw)] py-3 sm:px-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-h-12 lg:min-h-16 lg:content-center lg:text-lg">
          <Status {...props} />
        </div>
        <div>
          {figures.status === "loading" ? (
            <FiguresSkeleton />
          ) : (
            <dl className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,8.5rem),1fr))] gap-x-4 sm:flex sm:gap-x-10">
              <Price {...props} />
              <Total figures={figures} symbol={symbol} {...figuresRetry} />
            </dl>
          )}
        </div>
        <div role="status" className="col-span-full empty:hidden">
          {outdatedAt !== undefined && <Outdated at={outdatedAt} />}
        </div>
        {figures.status === "ready" && <SaleGoal data={figures.value} symbol={symbol} {...goal} />}
      </div>
    </section>
  );
}
