"use client";

import { SalePanel } from "@/components/sale/sale-panel";
import { useSessionStatus } from "@/hooks/use-session";
import { useCommitmentData, usePermitWindow, useSalePhase, useSaleState } from "@/hooks/use-sale";
import { useServerTime } from "@/hooks/use-server-time";
import { useUnlistedCommitments } from "@/hooks/use-unlisted-commitments";
import type { PublicSettings } from "@/lib/config/public-settings";
import { toRead, type Read } from "@/lib/result";
import { announcedWindow, salePhase, type SalePhase } from "@/lib/sale/phase";
import type { SaleChain } from "@/lib/sale/state";

const POLL_EVERY_MS = 15_000;
const CLOCK_EVERY_MS = 30_000;

interface SaleSectionProps {
  settings: PublicSettings;
  /** The time of rendering on the server, in milliseconds since 1970: the browser's first render must show the same text. */
  renderedAt: number;
}

type PanelProps = Omit<Parameters<typeof SalePanel>[0], "contract" | "returnTo">;

function SalePanelOnChain({ chain, ...panel }: PanelProps & Pick<PublicSettings, "chain">) {
  const explorerUrl = chain?.explorerUrl && `${chain.explorerUrl}/address/${chain.contract}`;
  const contract = chain && { address: chain.contract, chainName: chain.chainName, explorerUrl };
  // Only auctions have price steps.
  return <SalePanel returnTo="/" contract={contract} auction={chain?.priceTick !== undefined} {...panel} />;
}

/** Before there is a contract, the phase follows the announced times and the page's clock. */
function announcedPhase(settings: PublicSettings, now: number): Read<SalePhase> | undefined {
  const window = announcedWindow(settings);
  if (!window) return undefined;
  const seconds = BigInt(Math.floor(now / 1000));
  return { status: "ready", value: salePhase({ stage: "commitment", paused: false, window, now: seconds }) };
}

function SaleOnChain({ settings, chain, ...panel }: PanelProps & { settings: PublicSettings; chain: SaleChain }) {
  const read = useSaleState();
  const unlisted = useUnlistedCommitments({ ...chain, viewKey: useSessionStatus().viewKey });
  const phase = useSalePhase(read, settings, usePermitWindow());
  return (
    <SalePanelOnChain
      chain={chain}
      {...panel}
      unlisted={unlisted}
      phase={phase}
      phaseRetry={{ onRetry: read.refetch, retrying: read.refreshing }}
      tokens={read.saleState?.tokens ?? []}
    />
  );
}

/** The public facts about the sale, kept up to date. It suspends until the page's own reads arrive. */
export function SaleSection({ settings, renderedAt }: SaleSectionProps) {
  const read = useCommitmentData({ saleUUID: settings.saleUUID, pollingIntervalMs: POLL_EVERY_MS });
  const now = useServerTime(renderedAt, CLOCK_EVERY_MS);
  const commitments = toRead({ data: read.commitmentData, error: read.error });
  const panel = { now, commitments, onRetry: read.refetch, retrying: read.refreshing };
  if (!settings.chain) {
    const phase = announcedPhase(settings, now);
    return <SalePanelOnChain chain={undefined} {...panel} phase={phase} />;
  }
  return <SaleOnChain settings={settings} chain={settings.chain} {...panel} />;
}

/** The panel while its figures are loading. */
export function WaitingSale({ settings, renderedAt }: SaleSectionProps) {
  const phase = settings.chain ? ({ status: "loading" } as const) : announcedPhase(settings, renderedAt);
  return <SalePanelOnChain chain={settings.chain} now={renderedAt} commitments={{ status: "loading" }} phase={phase} />;
}
