"use client";

import { useChainTime } from "@/hooks/use-chain-time";
import type { UseSaleStateResult } from "@/hooks/use-sale-state";
import { failureOf } from "@/lib/failure-error";
import type { Failure } from "@/lib/result";
import { announcedWindow } from "@/lib/sale/announced-window";
import { salePhase, type SalePhase, type SaleWindow } from "@/lib/sale/phase";

const CLOCK_EVERY_MS = 5_000;

/** The sale's phase as the page knows it. `refreshFailure`: a later read failed, the phase goes on from the last answer. */
export type SalePhaseView =
  | { status: "loading" }
  | { status: "failed"; failure: Failure }
  | { status: "ready"; phase: SalePhase; refreshFailure?: Failure };

/**
 * The phase of the sale by its contract, the announced times (milliseconds since 1970) and the chain's clock, which runs on between reads.
 * With `own`, the window of an entity's permit, it is that entity's phase: the contract goes by the permit and knows no announcement.
 */
export function useSalePhase(
  { saleState, error }: Pick<UseSaleStateResult, "saleState" | "error">,
  announced: { opensAt?: number; closesAt?: number },
  own?: SaleWindow,
): SalePhaseView {
  const now = useChainTime(saleState?.blockTime ?? 0, CLOCK_EVERY_MS);
  const failure = error && failureOf(error);
  if (!saleState) return failure ? { status: "failed", failure } : { status: "loading" };
  const { stage, paused } = saleState;
  const phase = salePhase({ stage, paused, now: BigInt(now), window: own ?? announcedWindow(announced) });
  return { status: "ready", phase, refreshFailure: failure };
}
