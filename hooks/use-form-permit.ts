"use client";

import type { EntityID } from "@echoxyz/sonar-core";
import { useMemo } from "react";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { readPermit, type ReadPermit } from "@/lib/sale/permit";
import { problemError, type PurchaseError } from "@/lib/sale/purchase-error";
import type { PurchaseReadiness } from "@/lib/sale/purchase-readiness";
import type { ReadView } from "@/lib/sale/purchase-view";

/** A permit lives ten minutes; what it says is renewed before. Rarely, since permits are rationed (10 a minute by default). */
const RENEW_AFTER_MS = 8 * 60_000;

/** What a permit allows, for the form. `problem`: Sonar issued one that this site cannot use. */
export interface UseFormPermitResult extends SonarRead {
  permit?: ReadPermit;
  problem?: PurchaseError;
}

interface FormPermitArgs {
  entityID: EntityID;
  /** "": none is connected, and no permit is asked for. */
  walletAddress: string;
  /** Sonar's pre-purchase check of the two. */
  check: ReadView<PurchaseReadiness>;
  /** Whether the sale takes commitments at all: else nothing would come of a permit. */
  wanted: boolean;
}

/** For other refusals none is issued (lib/sonar/cleared-purchase.ts): the time alone is said by the permit itself. */
function maybePermitted(check: ReadView<PurchaseReadiness>): boolean {
  return check.status === "ready" && (check.value.ready || check.value.reason === "outside-time-window");
}

/**
 * The bounds, the lockup and the window of an entity and a wallet, from a permit that is fetched for nothing else: the one that is sent is
 * fetched when everything before it is done. Only for what has passed the pre-purchase check, or has only the time against it.
 */
export function useFormPermit({ check, wanted, ...input }: FormPermitArgs): UseFormPermitResult {
  const { data, ...read } = useSonarQuery({
    name: "formPermit",
    action: generatePurchasePermit,
    input: { ...input, purpose: "form" },
    enabled: wanted && input.walletAddress !== "" && maybePermitted(check),
    staleTime: RENEW_AFTER_MS,
    pollEvery: () => RENEW_AFTER_MS,
  });
  const permit = useMemo(() => data && readPermit(data.PermitJSON), [data]);
  if (!permit) return read;
  return permit.ok ? { ...read, permit: permit.value } : { ...read, problem: problemError(permit.problem) };
}
