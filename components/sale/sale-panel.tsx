import type { ReactNode } from "react";
import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { LatestCommitments } from "@/components/sale/latest-commitments";
import { PriceHistory } from "@/components/sale/price-history";
import { SaleProgress } from "@/components/sale/sale-progress";
import { FailureNotice, RefreshNote, type Retry } from "@/components/ui/failure-notice";
import { LoadingText, Skeleton } from "@/components/ui/feedback";
import type { Read } from "@/lib/result";
import type { UnlistedCommitment } from "@/lib/sale/commitments";
import { symbolsOf, type NamedToken } from "@/lib/sale/money";
import { PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";
import { clearingPrice } from "@/lib/sale/pricing";

/** What the phase means for a buyer; the strip above has its name, its times and a failed read. */
function PhaseSentence({ phase }: { phase: Read<SalePhase> }) {
  return (
    <p className="min-h-10 text-sm text-text-quiet">
      {phase.status === "ready" ? PHASE_WORDS[phase.value.kind].sentence : ""}
    </p>
  );
}

const ROWS = [1, 2, 3, 4, 5, 6];

/** A placeholder for the chart and a full list of latest commitments, line by line as high as they are. */
function SaleFiguresSkeleton({ auction }: { auction: boolean }) {
  return (
    <div role="status" className="grid gap-6">
      <LoadingText>Loading the sale&apos;s figures.</LoadingText>
      {auction && <Skeleton className="h-56 w-full" />}
      <div>
        <div className="flex h-6 items-center">
          <Skeleton className="h-4 w-44" />
        </div>
        <Skeleton className="mt-2 h-44 w-full" />
        <div className="mt-1 flex h-15 items-center">
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
  /** True if buyers bid prices: the estimated clearing price is then drawn. */
  auction?: boolean;
}

function SaleFigures({ commitments, tokens = [], unlisted = [], auction = false, now, ...retry }: SaleFiguresProps) {
  if (commitments.status === "loading") return <SaleFiguresSkeleton auction={auction} />;
  if (commitments.status === "failed") return <FailureNotice failure={commitments.failure} {...retry} />;
  const data = commitments.value;
  const symbol = symbolsOf(tokens);
  return (
    <>
      {auction && <PriceHistory estimate={clearingPrice(data)} now={now} symbol={symbol} />}
      <SaleProgress data={data} symbol={symbol} />
      <LatestCommitments data={data} tokens={tokens} unlisted={unlisted} now={now} />
      {commitments.refreshFailure && <RefreshNote failure={commitments.refreshFailure} {...retry} />}
    </>
  );
}

interface SalePanelProps extends SaleFiguresProps {
  /** Absent while nothing is known about it: no contract, no announced times. */
  phase?: Read<SalePhase>;
  /** The terms of the sale. */
  terms?: ReactNode;
}

/** The public facts about the sale; they need no sign-in. */
export function SalePanel({ phase, terms, ...figures }: SalePanelProps) {
  return (
    <section
      aria-labelledby="sale"
      className="grid gap-6 rounded-lg border border-line bg-surface-raised p-[min(1.25rem,6vw)] shadow-raised sm:p-6"
    >
      <div className="grid gap-1">
        <h2 id="sale" className="text-lg font-semibold tracking-tight">
          The sale
        </h2>
        {phase && <PhaseSentence phase={phase} />}
      </div>
      <div className="contents">{terms}</div>
      <SaleFigures {...figures} />
    </section>
  );
}
