import { FailureNotice } from "@/components/failure-notice";
import { RefreshNote } from "@/components/refresh-note";
import type { Retry } from "@/components/retry-button";
import { Skeleton } from "@/components/ui/skeleton";
import type { SalePhaseView } from "@/hooks/use-sale-phase";
import type { SalePhase } from "@/lib/sale/phase";
import { timeLeftLine } from "@/lib/sale/phase-line";
import { PHASE_WORDS } from "@/lib/sale/phase-words";

const DOT: Partial<Record<SalePhase["kind"], string>> = {
  open: "bg-ok",
  cancellation: "bg-warn",
  paused: "bg-warn",
};

function PhaseSkeleton() {
  return (
    <div role="status" className="grid h-11 content-between">
      <span className="sr-only">Reading the state of the sale.</span>
      <Skeleton className="h-4 w-44" />
      <Skeleton className="h-4 w-64" />
    </div>
  );
}

/** What the sale is doing, and until when. */
export function PhaseBanner({ view, ...retry }: { view: SalePhaseView } & Retry) {
  if (view.status === "loading") return <PhaseSkeleton />;
  if (view.status === "failed") return <FailureNotice failure={view.failure} {...retry} />;
  const { title, sentence } = PHASE_WORDS[view.phase.kind];
  const timeLeft = timeLeftLine(view.phase);
  return (
    <div>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span aria-hidden className={`size-2 shrink-0 rounded-full ${DOT[view.phase.kind] ?? "bg-control"}`} />
        <span className="font-medium">{title}</span>
        {timeLeft && <span className="text-text-quiet tabular-nums">{timeLeft}</span>}
      </p>
      <p className="text-sm text-text-quiet">{sentence}</p>
      {view.refreshFailure && (
        <div className="mt-2">
          <RefreshNote failure={view.refreshFailure} {...retry} />
        </div>
      )}
    </div>
  );
}
