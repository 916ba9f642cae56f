import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import type { Failure } from "@/lib/result";
import { FailureNotice } from "@/components/failure-notice";
import { RefreshNote } from "@/components/refresh-note";
import type { Retry } from "@/components/retry-button";
import { LatestCommitments } from "@/components/sale/latest-commitments";
import type { SaleContractFacts } from "@/components/sale/sale-contract";
import { SaleContract } from "@/components/sale/sale-contract";
import { SaleFiguresSkeleton } from "@/components/sale/sale-figures-skeleton";
import type { SaleWindow } from "@/components/sale/sale-phase";
import { salePhase } from "@/components/sale/sale-phase";
import { SaleTotals } from "@/components/sale/sale-totals";

/** The sale's public figures as the page knows them. `refreshFailure`: a later read failed, the last answer is shown. */
export type CommitmentDataView =
  | { status: "loading" }
  | { status: "failed"; failure: Failure }
  | { status: "ready"; data: ReadCommitmentDataResponse; refreshFailure?: Failure };

interface SalePanelProps extends Retry {
  window: SaleWindow;
  /** Unix milliseconds; given, so that the server and the browser render the same text. */
  now: number;
  commitments: CommitmentDataView;
  /** Symbol of the payment token, where it is known. */
  symbol?: string;
  contract?: SaleContractFacts;
}

function SaleFigures({ commitments, symbol, now, ...retry }: Omit<SalePanelProps, "window" | "contract">) {
  if (commitments.status === "loading") return <SaleFiguresSkeleton />;
  if (commitments.status === "failed") return <FailureNotice failure={commitments.failure} {...retry} />;
  return (
    <>
      <SaleTotals data={commitments.data} symbol={symbol} />
      <LatestCommitments data={commitments.data} symbol={symbol} now={now} />
      {commitments.refreshFailure && <RefreshNote failure={commitments.refreshFailure} {...retry} />}
    </>
  );
}

/** The public truth about the sale; it needs no sign-in. */
export function SalePanel({ window, contract, ...figures }: SalePanelProps) {
  const phase = salePhase(window, figures.now);
  return (
    <section
      aria-labelledby="sale"
      className="grid gap-6 rounded-lg border border-line bg-surface-raised p-5 shadow-raised sm:p-6"
    >
      <div>
        <h2 id="sale" className="text-lg font-semibold tracking-tight">
          The sale
        </h2>
        {phase && (
          <p>
            <span className="font-medium">{phase.name}</span>
            {phase.detail && <span className="text-text-quiet"> · {phase.detail}</span>}
          </p>
        )}
      </div>
      <SaleFigures {...figures} />
      {contract && <SaleContract {...contract} />}
    </section>
  );
}
