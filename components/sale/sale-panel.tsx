import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import type { Failure } from "@/lib/result";
import { FailureNotice } from "@/components/failure-notice";
import { RefreshNote } from "@/components/refresh-note";
import type { Retry } from "@/components/retry-button";
import { LatestCommitments } from "@/components/sale/latest-commitments";
import { PhaseBanner } from "@/components/sale/phase-banner";
import type { SaleContractFacts } from "@/components/sale/contract-line";
import { ContractLine } from "@/components/sale/contract-line";
import { SaleFiguresSkeleton } from "@/components/sale/sale-figures-skeleton";
import { SaleProgress } from "@/components/sale/sale-progress";
import { SaleTotals } from "@/components/sale/sale-totals";
import type { SalePhaseView } from "@/hooks/use-sale-phase";
import { symbolsOf, type NamedToken } from "@/lib/sale/token-symbols";
import type { UnlistedCommitment } from "@/lib/sale/unlisted-commitment";

/** The sale's public figures as the page knows them. `refreshFailure`: a later read failed, the last answer is shown. */
export type CommitmentDataView =
  | { status: "loading" }
  | { status: "failed"; failure: Failure }
  | { status: "ready"; data: ReadCommitmentDataResponse; refreshFailure?: Failure };

interface SaleFiguresProps extends Retry {
  /** Unix milliseconds; given, so that the server and the browser render the same text. */
  now: number;
  commitments: CommitmentDataView;
  /** What is paid in; empty while that is not known. */
  tokens?: readonly NamedToken[];
  /** This browser's own commitments, confirmed on chain. */
  unlisted?: readonly UnlistedCommitment[];
}

function SaleFigures({ commitments, tokens = [], unlisted = [], now, ...retry }: SaleFiguresProps) {
  if (commitments.status === "loading") return <SaleFiguresSkeleton />;
  if (commitments.status === "failed") return <FailureNotice failure={commitments.failure} {...retry} />;
  const { data } = commitments;
  const symbol = symbolsOf(tokens);
  return (
    <>
      <SaleTotals data={data} symbol={symbol} />
      <SaleProgress data={data} symbol={symbol} />
      <LatestCommitments data={data} tokens={tokens} unlisted={unlisted} now={now} />
      {commitments.refreshFailure && <RefreshNote failure={commitments.refreshFailure} {...retry} />}
    </>
  );
}

interface SalePanelProps extends SaleFiguresProps {
  /** Absent while nothing is known of it: no contract, no times. */
  phase?: SalePhaseView;
  /** How the phase is read again. */
  phaseRetry?: Omit<Retry, "returnTo">;
  contract?: SaleContractFacts;
}

/** The public truth about the sale; it needs no sign-in. */
export function SalePanel({ phase, phaseRetry, contract, ...figures }: SalePanelProps) {
  return (
    <section
      aria-labelledby="sale"
      className="grid gap-6 rounded-lg border border-line bg-surface-raised p-5 shadow-raised sm:p-6"
    >
      <div className="grid gap-1">
        <h2 id="sale" className="text-lg font-semibold tracking-tight">
          The sale
        </h2>
        {phase && <PhaseBanner view={phase} returnTo={figures.returnTo} {...phaseRetry} />}
      </div>
      <SaleFigures {...figures} />
      {contract && <ContractLine {...contract} />}
    </section>
  );
}
