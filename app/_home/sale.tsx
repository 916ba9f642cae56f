"use client";

import { SalePanel } from "@/components/sale/sale-panel";
import { contractFacts, SaleTerms, TermsOfSale, type SaleContractFacts } from "@/components/sale/sale-terms";
import { useSessionStatus } from "@/hooks/use-session";
import {
  COMMITMENTS_POLL_MS,
  useCommitmentData,
  useSalePhase,
  useSaleState,
  useToldPermit,
  type ToldPermit,
  type UseSaleStateResult,
} from "@/hooks/use-sale";
import { PAGE_CLOCK_MS, useServerTime } from "@/hooks/use-server-time";
import { useUnlistedCommitments } from "@/hooks/use-unlisted-commitments";
import type { PublicSettings } from "@/lib/config/public-settings";
import { YEAR_10000 } from "@/lib/calendar";
import { site } from "@/lib/config/site";
import { toRead, type Read } from "@/lib/result";
import { announcedPhase, type SalePhase } from "@/lib/sale/phase";
import { salePricing } from "@/lib/sale/pricing";
import type { PaymentToken, SaleChain } from "@/lib/sale/state";

interface SaleSectionProps {
  settings: PublicSettings;
  /** The time of rendering on the server, in milliseconds since 1970: the browser's first render must show the same text. */
  renderedAt: number;
}

type PanelProps = Omit<Parameters<typeof SalePanel>[0], "terms" | "returnTo">;

interface PanelOnChainProps extends PanelProps {
  settings: PublicSettings;
  tokens?: readonly PaymentToken[];
  check?: SaleContractFacts["check"];
}

/** An entity's own permit decides when it must have committed, whatever was announced. */
function closeFor(permit: ToldPermit | undefined, announced: number | undefined) {
  if (!permit) return announced === undefined ? undefined : { at: announced, own: false };
  const at = Number(permit.closesAt) * 1000;
  return permit.closesAt < YEAR_10000 ? { at, own: at !== announced } : undefined;
}

function SalePanelOnChain({ settings, check = "waiting", ...panel }: PanelOnChainProps) {
  const { chain, closesAt } = settings;
  const permit = useToldPermit();
  const { commitments, tokens = [] } = panel;
  const pricing = salePricing({
    commitments: commitments.status === "ready" ? commitments.value : undefined,
    permit,
    priceTick: chain?.priceTick,
    announced: site.sale.price,
  });
  const terms = (
    <TermsOfSale>
      <SaleTerms
        pricing={pricing}
        tokens={tokens}
        contract={chain && contractFacts(chain, check)}
        ownLimits={permit}
        close={closeFor(permit, closesAt)}
      />
    </TermsOfSale>
  );
  return <SalePanel returnTo="/" terms={terms} auction={pricing.kind === "auction"} {...panel} />;
}

/** The server answers only for a contract that has named this sale; a later failure may be about that. */
function contractCheck({ saleState, error }: UseSaleStateResult): SaleContractFacts["check"] {
  if (error) return "unknown";
  return saleState ? "verified" : "waiting";
}

function readOfAnnounced(settings: PublicSettings, now: number): Read<SalePhase> | undefined {
  const announced = announcedPhase(settings, now);
  return announced && { status: "ready", value: announced.phase };
}

interface SaleOnChainProps extends PanelProps {
  settings: PublicSettings;
  chain: SaleChain;
}

function SaleOnChain({ settings, chain, ...panel }: SaleOnChainProps) {
  const read = useSaleState();
  const unlisted = useUnlistedCommitments({ ...chain, viewKey: useSessionStatus().viewKey });
  const phase = useSalePhase(read, settings, useToldPermit());
  return (
    <SalePanelOnChain
      settings={settings}
      {...panel}
      unlisted={unlisted}
      phase={phase}
      tokens={read.saleState?.tokens}
      check={contractCheck(read)}
    />
  );
}

/** The public facts about the sale, kept up to date. It suspends until the page's own reads arrive. */
export function SaleSection({ settings, renderedAt }: SaleSectionProps) {
  const read = useCommitmentData({ saleUUID: settings.saleUUID, pollingIntervalMs: COMMITMENTS_POLL_MS });
  const now = useServerTime(renderedAt, PAGE_CLOCK_MS);
  const commitments = toRead({ data: read.commitmentData, error: read.error });
  const panel = { now, commitments, onRetry: read.refetch, retrying: read.refreshing };
  if (!settings.chain) {
    const phase = readOfAnnounced(settings, now);
    return <SalePanelOnChain settings={settings} {...panel} phase={phase} />;
  }
  return <SaleOnChain settings={settings} chain={settings.chain} {...panel} />;
}

/** The panel while its figures are loading. */
export function WaitingSale({ settings, renderedAt }: SaleSectionProps) {
  const phase = settings.chain ? ({ status: "loading" } as const) : readOfAnnounced(settings, renderedAt);
  return <SalePanelOnChain settings={settings} now={renderedAt} commitments={{ status: "loading" }} phase={phase} />;
}
