import type { ReactNode } from "react";
import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { LatestCommitments } from "@/components/sale/latest-commitments";
import { Money } from "@/components/sale/money";
import { SaleProgress } from "@/components/sale/sale-progress";
import { FailureNotice, RefreshNote, type Retry } from "@/components/ui/failure-notice";
import { Skeleton } from "@/components/ui/feedback";
import type { Read } from "@/lib/result";
import type { UnlistedCommitment } from "@/lib/sale/commitments";
import { symbolsOf, type NamedToken } from "@/lib/sale/money";
import { timeLeftLine, PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";
import { clearingPrice, priceText } from "@/lib/sale/pricing";

const DOT: Partial<Record<SalePhase["kind"], string>> = {
  open: "bg-ok",
  cancellation: "bg-warn",
  paused: "bg-warn",
};

function PhaseSkeleton() {
  return (
    <div role="status" className="grid h-11 content-between">
      <span className="sr-only">Loading the sale&apos;s status.</span>
      <Skeleton className="h-4 w-44" />
      <Skeleton className="h-4 w-64" />
    </div>
  );
}

/** The sale's phase and the time left in it. */
function PhaseBanner({ phase, ...retry }: { phase: Read<SalePhase> } & Retry) {
  if (phase.status === "loading") return <PhaseSkeleton />;
  if (phase.status === "failed") return <FailureNotice failure={phase.failure} {...retry} />;
  const { title, sentence } = PHASE_WORDS[phase.value.kind];
  const timeLeft = timeLeftLine(phase.value);
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="inline-flex items-baseline gap-x-2">
          <span
            aria-hidden
            className={`size-2 shrink-0 rounded-full border border-transparent ${DOT[phase.value.kind] ?? "bg-control"}`}
          />
          <span className="font-medium">{title}</span>
        </span>
        {timeLeft && <span className="text-text-quiet tabular-nums">{timeLeft}</span>}
      </p>
      <p className="text-sm text-text-quiet">{sentence}</p>
      {phase.refreshFailure && (
        <div className="mt-2">
          <RefreshNote failure={phase.refreshFailure} {...retry} />
        </div>
      )}
    </div>
  );
}

/** The total and the number of participants. Both come from Sonar, so that they belong to the same moment. */
function SaleTotals({ data, symbol }: { data: ReadCommitmentDataResponse; symbol?: string }) {
  const count = data.UniqueCommitmentCount;
  return (
    <dl>
      <dt className="text-sm text-text-quiet">Total committed (updates within about a minute)</dt>
      <dd className="text-xl font-semibold tracking-tight">
        <Money amount={BigInt(data.TotalCommitmentAmount)} decimals={data.PaymentTokenDecimals} />
        {symbol && (
          <span translate="no" className="text-base font-normal text-text-quiet">
            <span> </span>
            <span className="whitespace-nowrap">{symbol}</span>
          </span>
        )}
      </dd>
      <dt className="sr-only">Participants</dt>
      <dd className="text-sm text-text-quiet tabular-nums">
        {count === 1 ? "by 1 participant" : `by ${count} participants`}
      </dd>
    </dl>
  );
}

/** An auction's price. The lines are there from the start, so that nothing moves when there is a first price. */
function ClearingPriceLine({ data, symbol }: { data: ReadCommitmentDataResponse; symbol?: string }) {
  const estimate = clearingPrice(data);
  const figure = estimate && [priceText(estimate), symbol].join(" ").trim();
  return (
    <dl>
      <dt className="text-sm text-text-quiet">Estimated clearing price</dt>
      <dd className="font-medium">
        {figure === undefined ? (
          <span>Not known yet</span>
        ) : (
          <span>
            <span translate="no" className="tabular-nums">
              {figure}
            </span>
            <span> per token</span>
          </span>
        )}
      </dd>
      <dd className="text-sm text-text-quiet">Updates while the sale runs.</dd>
    </dl>
  );
}

const ROWS = [1, 2, 3, 4, 5, 6];

/** A placeholder for the totals, the chart and a full list of latest commitments, line by line as high as they are. */
function SaleFiguresSkeleton({ auction }: { auction: boolean }) {
  return (
    <div role="status" className="grid gap-6">
      <span className="sr-only">Loading the sale&apos;s figures.</span>
      <div className="grid h-18 content-between">
        <Skeleton className="h-4 w-20" />
        <Skeleton className="h-6 w-44" />
        <Skeleton className="h-4 w-28" />
      </div>
      {auction && (
        <div className="grid h-16 content-between">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-4 w-48" />
        </div>
      )}
      <div>
        <div className="flex h-6 items-center">
          <Skeleton className="h-4 w-44" />
        </div>
        <Skeleton className="mt-2 h-44 w-full" />
        <div className="mt-1 flex h-10 items-center">
          <Skeleton className="h-4 w-full" />
        </div>
        <div className="mt-2 flex h-5 items-center">
          <Skeleton className="h-4 w-24" />
        </div>
      </div>
      <div>
        <div className="flex h-6 items-center">
          <Skeleton className="h-4 w-40" />
        </div>
        <div className="mt-1">
          {ROWS.map((row) => (
            <div key={row} className="flex h-8 items-center">
              <Skeleton className="h-4 w-full" />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

interface SaleFiguresProps extends Retry {
  /** Unix milliseconds; a prop, so that the server and the browser render the same text. */
  now: number;
  /** The sale's public figures. */
  commitments: Read<ReadCommitmentDataResponse>;
  /** The payment tokens; empty while they are not known. */
  tokens?: readonly NamedToken[];
  /** This browser's own commitments, confirmed on chain. */
  unlisted?: readonly UnlistedCommitment[];
  /** True if buyers bid prices: the estimated clearing price is then shown. */
  auction?: boolean;
}

function SaleFigures({ commitments, tokens = [], unlisted = [], auction = false, now, ...retry }: SaleFiguresProps) {
  if (commitments.status === "loading") return <SaleFiguresSkeleton auction={auction} />;
  if (commitments.status === "failed") return <FailureNotice failure={commitments.failure} {...retry} />;
  const data = commitments.value;
  const symbol = symbolsOf(tokens);
  return (
    <>
      <SaleTotals data={data} symbol={symbol} />
      {auction && <ClearingPriceLine data={data} symbol={symbol} />}
      <SaleProgress data={data} symbol={symbol} />
      <LatestCommitments data={data} tokens={tokens} unlisted={unlisted} now={now} />
      {commitments.refreshFailure && <RefreshNote failure={commitments.refreshFailure} {...retry} />}
    </>
  );
}

interface SalePanelProps extends SaleFiguresProps {
  /** Absent while nothing is known about it: no contract, no announced times. */
  phase?: Read<SalePhase>;
  /** Reads the phase again. */
  phaseRetry?: Omit<Retry, "returnTo">;
  /** The terms of the sale. */
  terms?: ReactNode;
}

/** The public facts about the sale; they need no sign-in. */
export function SalePanel({ phase, phaseRetry, terms, ...figures }: SalePanelProps) {
  return (
    <section
      aria-labelledby="sale"
      className="grid gap-6 rounded-lg border border-line bg-surface-raised p-[min(1.25rem,6vw)] shadow-raised sm:p-6"
    >
      <div className="grid gap-1">
        <h2 id="sale" className="text-lg font-semibold tracking-tight">
          The sale
        </h2>
        {phase && <PhaseBanner phase={phase} returnTo={figures.returnTo} {...phaseRetry} />}
      </div>
      <div className="contents">{terms}</div>
      <SaleFigures {...figures} />
    </section>
  );
}
