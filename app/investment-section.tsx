"use client";

import { Suspense } from "react";
import { InvestmentHistory, type InvestmentHistoryView } from "@/components/account/investment-history";
import { useEntityInvestmentHistory } from "@/hooks/use-entity-investment-history";
import { failureOf } from "@/lib/failure-error";

function historyView({
  investmentHistory,
  error,
}: ReturnType<typeof useEntityInvestmentHistory>): InvestmentHistoryView {
  if (investmentHistory) return { status: "ready", investments: investmentHistory.Investments };
  return error ? { status: "failed", failure: failureOf(error) } : { status: "loading" };
}

function History() {
  const read = useEntityInvestmentHistory();
  return (
    <InvestmentHistory history={historyView(read)} returnTo="/" onRetry={read.refetch} retrying={read.refreshing} />
  );
}

/** The user's earlier investments through Echo, streamed in when they are there. */
export function InvestmentSection() {
  return (
    <Suspense fallback={<InvestmentHistory history={{ status: "loading" }} returnTo="/" />}>
      <History />
    </Suspense>
  );
}
