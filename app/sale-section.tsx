"use client";

import { SalePanel, type CommitmentDataView } from "@/components/sale/sale-panel";
import { useCommitmentData } from "@/hooks/use-commitment-data";
import { useNow } from "@/hooks/use-now";
import { failureOf } from "@/lib/failure-error";
import type { PublicSettings } from "@/lib/public-settings";

const POLL_EVERY_MS = 15_000;
const CLOCK_EVERY_MS = 30_000;

interface SaleSectionProps {
  settings: PublicSettings;
  /** When the server rendered the page, in milliseconds since 1970: the first text must be the same in the browser. */
  renderedAt: number;
}

function SaleView({
  settings,
  now,
  ...rest
}: {
  settings: PublicSettings;
  now: number;
  commitments: CommitmentDataView;
  onRetry?: () => void;
  retrying?: boolean;
}) {
  const { chain, opensAt, closesAt } = settings;
  const contract = chain && {
    address: chain.contract,
    chainName: chain.chainName,
    explorerUrl: chain.explorerUrl && `${chain.explorerUrl}/address/${chain.contract}`,
  };
  return <SalePanel window={{ opensAt, closesAt }} now={now} returnTo="/" {...(contract && { contract })} {...rest} />;
}

function commitmentsView({ commitmentData, error }: ReturnType<typeof useCommitmentData>): CommitmentDataView {
  const failure = error && failureOf(error);
  if (commitmentData) return { status: "ready", data: commitmentData, refreshFailure: failure };
  return failure ? { status: "failed", failure } : { status: "loading" };
}

/** The public truth about the sale, kept up to date. */
export function SaleSection({ settings, renderedAt }: SaleSectionProps) {
  const read = useCommitmentData({ saleUUID: settings.saleUUID, pollingIntervalMs: POLL_EVERY_MS });
  const now = useNow(renderedAt, CLOCK_EVERY_MS);
  return (
    <SaleView
      settings={settings}
      now={now}
      commitments={commitmentsView(read)}
      onRetry={read.refetch}
      retrying={read.refreshing}
    />
  );
}

/** The panel while its figures are on their way. */
export function WaitingSale({ settings, renderedAt }: SaleSectionProps) {
  return <SaleView settings={settings} now={renderedAt} commitments={{ status: "loading" }} />;
}
