"use client";

import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useSeeds } from "@/hooks/page-provider";
import { noteServerTime } from "@/hooks/use-server-time";
import { useCached, useSeededQuery, callAction, type QueryAnswer } from "@/hooks/use-seeded-query";
import { answerLimit } from "@/lib/http/answer-limit";
import { createPageStore } from "@/lib/page-store";
import type { PurchasePermit } from "@/lib/purchase/permit";
import { toRead, type Read, type Result } from "@/lib/result";
import {
  announcedWindow,
  saleDeadline,
  salePhase,
  type SaleDeadline,
  type SalePhase,
  type SaleWindow,
} from "@/lib/sale/phase";
import type { SaleState } from "@/lib/sale/state";

/** The state of a public read, without its data. */
type PublicRead = Omit<QueryAnswer<never>, "data">;

async function fetchResult<T>(path: string): Promise<Result<T>> {
  const response = await fetch(path, { signal: answerLimit() });
  noteServerTime(response);
  // Our own route answers with a Result; anything else (a proxy's error page) fails to parse.
  return response.json();
}

/** The shape of sonar-react's `UseCommitmentDataResult`, plus `refetch` and `refreshing`. */
export interface UseCommitmentDataResult extends PublicRead {
  /** Keeps the last answer when a poll fails; `error` is then set too. */
  commitmentData?: ReadCommitmentDataResponse;
}

/** As in sonar-react, so that a mistyped interval of code that moves over shows at once, and does not fill the log of this site. */
const SHORTEST_POLLING_MS = 1_000;

/** In milliseconds. The parts of the page that show the public data poll it together. */
export const COMMITMENTS_POLL_MS = 15_000;

/** Public data is the same for every user, so it has one key. */
export const COMMITMENTS_KEY = ["commitments"];

/**
 * The sale's public commitment data: the totals and the 100 latest commitments. Polls this site, which asks Echo once for everybody, except
 * while the tab is hidden. `saleUUID` is accepted and not sent. `error` is a `FailureError`. Throws if `pollingIntervalMs` is below 1,000.
 */
export function useCommitmentData(args: { saleUUID: string; pollingIntervalMs?: number }): UseCommitmentDataResult {
  const { pollingIntervalMs = Infinity } = args;
  // Not a number counts as too short as well.
  if (!(pollingIntervalMs >= SHORTEST_POLLING_MS))
    throw new Error(`pollingIntervalMs must be at least ${SHORTEST_POLLING_MS} milliseconds.`);
  const { data, ...rest } = useSeededQuery({
    queryKey: COMMITMENTS_KEY,
    queryFn: () => callAction(() => fetchResult<ReadCommitmentDataResponse>("/api/commitments")),
    seed: useSeeds().commitments,
    staleTime: 5_000,
    pollEvery: () => args.pollingIntervalMs ?? false,
  });
  return { ...rest, commitmentData: data };
}

/** The state of the sale's contract, and of the last read of it. */
export interface UseSaleStateResult extends PublicRead {
  /** Keeps the last answer when a poll fails; `error` is then set too. */
  saleState?: SaleState;
}

const SALE_STATE_KEY = ["saleState"];
const POLL_EVERY_MS = 10_000;

/** Where somebody may be about to commit, a pause must show within five seconds; an answer may be two seconds old when it arrives. */
const POLL_WHILE_COMMITTING_MS = 2_500;
const STALE_AFTER_MS = 2_000;

/**
 * The state of the sale's contract: stage, pause, payment tokens, the chain's time. Polls this site, which asks the chain once for
 * everybody, except while the tab is hidden. For pages of a sale whose contract is announced. `error` is a `FailureError`. `committing`: a form
 * depends on it, so it polls more often while the sale is in its stage of commitments.
 */
export function useSaleState({ committing = false }: { committing?: boolean } = {}): UseSaleStateResult {
  const { data, ...rest } = useSeededQuery({
    queryKey: SALE_STATE_KEY,
    queryFn: () => callAction(() => fetchResult<SaleState>("/api/sale")),
    seed: useSeeds().saleState,
    staleTime: STALE_AFTER_MS,
    pollEvery: (state) => (committing && state?.stage === "commitment" ? POLL_WHILE_COMMITTING_MS : POLL_EVERY_MS),
  });
  return { ...rest, saleState: data };
}

/**
 * The state of the sale that this page has read last, for a part of the layout: it follows the page's reads, and makes none. Undefined while
 * there is none.
 */
export function useKnownSaleState(): SaleState | undefined {
  return useCached((cache) => cache.find<SaleState>({ queryKey: SALE_STATE_KEY })?.state.data, undefined);
}

const NOTHING = { blockTime: 0, seconds: 0 };

/**
 * The chain's time in Unix seconds: the time of the latest known block plus the seconds passed here since. The visitor's own clock may be
 * wrong by hours; only its pace is trusted. `blockTime` 0 means that no block is known yet.
 */
export function useChainTime(blockTime: number, everyMs: number): number {
  const [passed, setPassed] = useState(NOTHING);
  useEffect(() => {
    const start = performance.now();
    const update = () => setPassed({ blockTime, seconds: Math.floor((performance.now() - start) / 1000) });
    const timer = setInterval(update, everyMs);
    return () => clearInterval(timer);
  }, [blockTime, everyMs]);
  return blockTime + (passed.blockTime === blockTime ? passed.seconds : 0);
}

const CLOCK_EVERY_MS = 5_000;

/**
 * The sale's phase, from its contract, the announced times (milliseconds since 1970) and the chain's clock, which runs on between reads.
 * With `own`, the window of an entity's permit, it is that entity's phase: the contract follows the permit and knows no announcement.
 */
export function useSalePhase(
  { saleState, error }: Pick<UseSaleStateResult, "saleState" | "error">,
  announced: { opensAt?: number; closesAt?: number },
  own?: SaleWindow,
): Read<SalePhase> {
  const now = useChainTime(saleState?.blockTime ?? 0, CLOCK_EVERY_MS);
  if (!saleState) return toRead({ error });
  const { stage, paused, pausedBySite } = saleState;
  const data = salePhase({ stage, paused, pausedBySite, now: BigInt(now), window: own ?? announcedWindow(announced) });
  return toRead({ data, error });
}

/** The moment that matters in a phase, by the chain's clock; see `useSalePhase`. */
export function useSaleDeadline(
  saleState: SaleState | undefined,
  phase: Read<SalePhase>,
  window: SaleWindow | undefined,
): SaleDeadline | undefined {
  const now = useChainTime(saleState?.blockTime ?? 0, CLOCK_EVERY_MS);
  return phase.status === "ready" ? saleDeadline(phase.value, window, BigInt(now)) : undefined;
}

/** What the public part of the page may know of the permit that the form uses: its window and its bounds. */
export type ToldPermit = SaleWindow & Pick<PurchasePermit, "minAmount" | "maxAmount" | "minPrice" | "maxPrice">;

// A store outside React: the panel may hydrate after the journey, and a context that changes before that would discard its markup.
const toldPermit = createPageStore<ToldPermit | undefined>(undefined);

/**
 * Tells the rest of the page the permit that the form uses; undefined while there is none. The sale panel is outside the journey, and must not
 * tell a user who may commit now that nothing is known, or a later time, or limits of somebody else.
 */
export function useTellPermit(permit: ToldPermit | undefined): void {
  useEffect(() => {
    toldPermit.set(permit);
    return () => toldPermit.set(undefined);
  }, [permit]);
}

/** The permit that the journey has told of; undefined until then. */
export function useToldPermit(): ToldPermit | undefined {
  return useSyncExternalStore(toldPermit.subscribe, toldPermit.get, () => undefined);
}
