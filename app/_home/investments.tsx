"use client";

import type { EntityInvestment } from "@echoxyz/sonar-core";
import { Suspense } from "react";
import { FailureNotice, type Retry } from "@/components/ui/failure-notice";
import { LoadingText, Skeleton, SlowNotice } from "@/components/ui/feedback";
import { useEntityInvestmentHistory } from "@/hooks/use-sonar-profile";
import { formatDay } from "@/lib/calendar";
import { toRead, type Read, type Failure } from "@/lib/result";

function InvestmentRow({ investment }: { investment: EntityInvestment }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 py-3">
      <span className="min-w-0">
        <bdi className="font-medium">{`${investment.CompanyName} `}</bdi>
        <bdi className="text-sm text-text-quiet">{investment.Round}</bdi>
      </span>
      <time dateTime={investment.InvestedOn || undefined} className="text-sm text-text-quiet tabular-nums">
        {investment.InvestedOn ? formatDay(investment.InvestedOn) : "Date not known"}
      </time>
    </li>
  );
}

/** The journey's own step asks for connecting or signing in again, once for the whole page. */
function HistoryFailure({ failure, ...retry }: { failure: Failure } & Retry) {
  if (failure.recovery !== "reconnect" && failure.recovery !== "sign-in")
    return <FailureNotice failure={failure} {...retry} />;
  return <p className="py-3 text-text-quiet">Shown once your account is connected again.</p>;
}

function HistoryBody({ history, ...retry }: { history: Read<readonly EntityInvestment[]> } & Retry) {
  if (history.status === "failed") return <HistoryFailure failure={history.failure} {...retry} />;
  if (history.status === "loading") {
    return (
      <div role="status" className="divide-y divide-line">
        <LoadingText>Loading your investments.</LoadingText>
        {["w-56", "w-48"].map((width, row) => (
          <div key={width} className="relative flex h-12 items-center">
            <Skeleton className={`h-4 ${width}`} />
            {row === 0 && <SlowNotice className="absolute inset-x-0" />}
          </div>
        ))}
      </div>
    );
  }
  if (history.value.length === 0) return <p className="py-3 text-text-quiet">No investments on Echo yet.</p>;
  return (
    <ul className="divide-y divide-line">
      {history.value.map((investment, index) => (
        <InvestmentRow key={index} investment={investment} />
      ))}
    </ul>
  );
}

/** The user's earlier investments through Echo's private groups. */
export function InvestmentHistory(props: { history: Read<readonly EntityInvestment[]> } & Retry) {
  return (
    <section aria-labelledby="investment-history" className="border-t border-line pt-8">
      <h2 id="investment-history" className="text-lg font-semibold tracking-tight">
        Earlier investments
      </h2>
      <p className="text-sm text-text-quiet">Through Echo, with your connected account.</p>
      <div className="mt-2">
        <HistoryBody {...props} />
      </div>
    </section>
  );
}

function History() {
  const { investmentHistory, error, refetch, refreshing } = useEntityInvestmentHistory();
  const history = toRead({ data: investmentHistory?.Investments, error });
  return <InvestmentHistory history={history} returnTo="/" onRetry={refetch} retrying={refreshing} />;
}

/** The user's earlier investments through Echo, streamed when they arrive. */
export function InvestmentSection() {
  return (
    <Suspense fallback={<InvestmentHistory history={{ status: "loading" }} returnTo="/" />}>
      <History />
    </Suspense>
  );
}
