"use client";

import { SalePanel, type CommitmentDataView } from "@/components/sale/sale-panel";
import { useCommitmentData } from "@/hooks/use-commitment-data";
import { useNow } from "@/hooks/use-now";
import { usePermitWindow } from "@/hooks/use-permit-window";
import { useSalePhase, type SalePhaseView } from "@/hooks/use-sale-phase";
import { useSaleState } from "@/hooks/use-sale-state";
import { useUnlistedCommitments } from "@/hooks/use-unlisted-commitments";
import { useView } from "@/hooks/view";
import { failureOf } from "@/lib/failure-error";
import type { PublicSettings } from "@/lib/public-settings";
import { announcedWindow } from "@/lib/sale/announced-window";
import { salePhase } from "@/lib/sale/phase";
import type { SaleChain } from "@/lib/sale/sale-chain";

const POLL_EVERY_MS = 15_000;
const CLOCK_EVERY_MS = 30_000;

interface SaleSectionProps {
  settings: PublicSettings;
  /** When the server rendered the page, in milliseconds since 1970: the first text must be the same in the browser. */
  renderedAt: number;
}

type PanelProps = Omit<Parameters<typeof SalePanel>[0], "contract" | "returnTo">;

function SaleView({ chain, ...panel }: PanelProps & Pick<PublicSettings, "chain">) {
  const explorerUrl = chain?.explorerUrl && `${chain.explorerUrl}/address/${chain.contract}`;
  const contract = chain && { address: chain.contract, chainName: chain.chainName, explorerUrl };
  return <SalePanel returnTo="/" contract={contract} {...panel} />;
}

/** Before there is a contract, the announced times are all that is known of the phase, and the page's clock has to do. */
function announcedPhase(settings: PublicSettings, now: number): SalePhaseView | undefined {
  const window = announcedWindow(settings);
  if (!window) return undefined;
  const seconds = BigInt(Math.floor(now / 1000));
  return { status: "ready", phase: salePhase({ stage: "commitment", paused: false, window, now: seconds }) };
}

function commitmentsView({ commitmentData, error }: ReturnType<typeof useCommitmentData>): CommitmentDataView {
  const failure = error && failureOf(error);
  if (commitmentData) return { status: "ready", data: commitmentData, refreshFailure: failure };
  return failure ? { status: "failed", failure } : { status: "loading" };
}

function SaleOnChain({ settings, chain, ...panel }: PanelProps & { settings: PublicSettings; chain: SaleChain }) {
  const read = useSaleState();
  const unlisted = useUnlistedCommitments({ ...chain, viewKey: useView().session.viewKey });
  const phase = useSalePhase(read, settings, usePermitWindow());
  return (
    <SaleView
      chain={chain}
      {...panel}
      unlisted={unlisted}
      phase={phase}
      phaseRetry={{ onRetry: read.refetch, retrying: read.refreshing }}
      tokens={read.saleState?.tokens ?? []}
    />
  );
}

/** The public truth about the sale, kept up to date. Suspends until the page's own reads are there. */
export function SaleSection({ settings, renderedAt }: SaleSectionProps) {
  const read = useCommitmentData({ saleUUID: settings.saleUUID, pollingIntervalMs: POLL_EVERY_MS });
  const now = useNow(renderedAt, CLOCK_EVERY_MS);
  const commitments = commitmentsView(read);
  const panel = { now, commitments, onRetry: read.refetch, retrying: read.refreshing };
  if (!settings.chain) {
    const phase = announcedPhase(settings, now);
    return <SaleView chain={undefined} {...panel} phase={phase} />;
  }
  return <SaleOnChain settings={settings} chain={settings.chain} {...panel} />;
}

/** The panel while its figures are on their way. */
export function WaitingSale({ settings, renderedAt }: SaleSectionProps) {
  const phase = settings.chain ? ({ status: "loading" } as const) : announcedPhase(settings, renderedAt);
  return <SaleView chain={settings.chain} now={renderedAt} commitments={{ status: "loading" }} phase={phase} />;
}
