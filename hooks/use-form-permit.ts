"use client";

import type { EntityID } from "@echoxyz/sonar-core";
import { useMemo } from "react";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { readPermit, type ReadPermit } from "@/lib/sale/permit";
import { problemError, type PurchaseError } from "@/lib/sale/purchase-error";

/** A permit lives ten minutes; what it says is renewed before. Rarely, since permits are rationed (10 a minute by default). */
const RENEW_AFTER_MS = 8 * 60_000;

/** What a permit allows, for the form. `problem`: Sonar issued one that this site cannot use. */
export interface UseFormPermitResult extends SonarRead {
  permit?: ReadPermit;
  problem?: PurchaseError;
}

/**
 * The bounds, the lockup and the window of an entity and a wallet, from a permit that is fetched for nothing else: the one that is sent is
 * fetched when everything before it is done. Only for what has passed the pre-purchase check, or has only the time against it: for other
 * refusals Sonar issues none.
 */
export function useFormPermit(input: { entityID: EntityID; walletAddress: string }): UseFormPermitResult {
  const { data, ...read } = useSonarQuery({
    name: "formPermit",
    action: generatePurchasePermit,
    input,
    staleTime: RENEW_AFTER_MS,
    pollEvery: () => RENEW_AFTER_MS,
  });
  const permit = useMemo(() => data && readPermit(data.PermitJSON), [data]);
  if (!permit) return read;
  return permit.ok ? { ...read, permit: permit.value } : { ...read, problem: problemError(permit.problem) };
}
