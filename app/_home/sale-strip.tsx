"use client";

import { useEffect, useRef } from "react";
import { SaleStrip } from "@/components/sale/sale-strip";
import { useAnnounce } from "@/hooks/use-announcer";
import {
  COMMITMENTS_POLL_MS,
  useCommitmentData,
  useToldPermit,
  useSaleDeadline,
  useSalePhase,
  useSaleState,
  type UseCommitmentDataResult,
} from "@/hooks/use-sale";
import { PAGE_CLOCK_MS, serverTimeOf, useServerTime } from "@/hooks/use-server-time";
import type { PublicSettings } from "@/lib/config/public-settings";
import { site } from "@/lib/config/site";
import { toRead, type Read } from "@/lib/result";
import { announcedPhase, announcedWindow, PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";
import { salePricing } from "@/lib/sale/pricing";

interface StripSectionProps {
  settings: Omit<PublicSettings, "own">;
  /** The time of rendering on the server, in milliseconds since 1970: the browser's first render must show the same text. */
  renderedAt: number;
}

type StripProps = Parameters<typeof SaleStrip>[0];

/** The same on every path: the page itself is the way to read again without a script. */
const RETURN_TO = "/";

/** Everything that a strip has, whatever is known. */
const COMMON = { token: site.token.symbol, goal: site.sale };

function figuresOf({ commitmentData, error, refetch, refreshing }: UseCommitmentDataResult) {
  return {
    figures: toRead({ data: commitmentData, error }),
    figuresRetry: { returnTo: RETURN_TO, onRetry: refetch, retrying: refreshing },
  };
}

/** Says that this site has paused commitments, or takes them again, when that happens while the page is open: the form comes and goes. */
function usePauseNews(phase: Read<SalePhase>): void {
  const announce = useAnnounce();
  const paused = phase.status === "ready" ? phase.value.kind === "paused-by-site" : undefined;
  const known = useRef(paused);
  useEffect(() => {
    if (paused === undefined) return;
    const isNews = known.current !== undefined && known.current !== paused;
    known.current = paused;
    if (isNews) announce(paused ? PHASE_WORDS["paused-by-site"].sentence : "The pause of new commitments has ended.");
  }, [paused, announce]);
}

function StripOnChain({ settings, renderedAt }: StripSectionProps) {
  const commitments = useCommitmentData({ saleUUID: settings.saleUUID, pollingIntervalMs: COMMITMENTS_POLL_MS });
  const sale = useSaleState();
  const permit = useToldPermit();
  const window = permit ?? announcedWindow(settings);
  const phase = useSalePhase(sale, settings, permit);
  const deadline = useSaleDeadline(sale.saleState, phase, window);
  usePauseNews(phase);
  const now = useServerTime(renderedAt, PAGE_CLOCK_MS);
  return (
    <SaleStrip
      {...COMMON}
      {...figuresOf(commitments)}
      phase={phase}
      deadline={deadline}
      outdatedAt={sale.saleState?.outdated && sale.saleState.blockTime * 1_000}
      phaseRetry={{ returnTo: RETURN_TO, onRetry: sale.refetch, retrying: sale.refreshing }}
      pricing={salePricing({
        commitments: commitments.commitmentData,
        permit,
        priceTick: settings.chain?.priceTick,
        announced: site.sale.price,
      })}
      pricedAt={commitments.answeredAt === undefined ? now : serverTimeOf(commitments.answeredAt)}
      tokens={sale.saleState?.tokens ?? []}
    />
  );
}

function announced(settings: StripSectionProps["settings"], now: number): Pick<StripProps, "phase" | "deadline"> {
  const known = announcedPhase(settings, now);
  return known ? { phase: { status: "ready", value: known.phase }, deadline: known.deadline } : {};
}

function StripBeforeContract({ settings, renderedAt }: StripSectionProps) {
  const commitments = useCommitmentData({ saleUUID: settings.saleUUID, pollingIntervalMs: COMMITMENTS_POLL_MS });
  const now = useServerTime(renderedAt, PAGE_CLOCK_MS);
  return (
    <SaleStrip
      {...COMMON}
      {...figuresOf(commitments)}
      {...announced(settings, now)}
      phaseRetry={{ returnTo: RETURN_TO }}
      pricing={salePricing({ commitments: commitments.commitmentData, announced: site.sale.price })}
      pricedAt={commitments.answeredAt === undefined ? now : serverTimeOf(commitments.answeredAt)}
      tokens={[]}
    />
  );
}

/** The sale at a glance, kept up to date. It suspends until the page's own reads arrive. */
export function StripSection(props: StripSectionProps) {
  return props.settings.chain ? <StripOnChain {...props} /> : <StripBeforeContract {...props} />;
}

/** The strip while its reads are under way. */
export function WaitingStrip({ settings, renderedAt }: StripSectionProps) {
  const status = settings.chain ? { phase: { status: "loading" } as const } : announced(settings, renderedAt);
  const retry = { returnTo: RETURN_TO };
  return (
    <SaleStrip
      {...COMMON}
      {...status}
      phaseRetry={retry}
      figures={{ status: "loading" }}
      figuresRetry={retry}
      pricing={{ kind: "unknown" }}
      pricedAt={renderedAt}
      tokens={[]}
    />
  );
}
