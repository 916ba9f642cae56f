"use client";

import { PrePurchaseFailureReason, type EntityID } from "@echoxyz/sonar-core";
import type { UseSonarPurchaseResult as SonarReactResult } from "@echoxyz/sonar-react";
import { generatePurchasePermit, prePurchaseCheck } from "@/app/actions/sonar";
import { callAction } from "@/hooks/use-seeded-query";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { FailureError, failure } from "@/lib/result";

/** sonar-react's result, and a function to check again. */
export type UseSonarPurchaseResult = SonarReactResult & Pick<SonarRead, "refreshing" | "refetch">;

/**
 * Sonar's answer whether an entity may buy with a wallet now, and a function that gets the permit for it. It returns sonar-react's result;
 * unlike sonar-react's hook, it does not call Sonar while no account is connected, and it checks again whenever the user returns to the
 * tab, from a face check for example. `saleUUID` is accepted and not sent. `error` is a `FailureError`, and `generatePurchasePermit`
 * rejects with one: ask for a permit as late as possible, because it lives ten minutes.
 */
export function useSonarPurchase(args: {
  saleUUID: string;
  entityID: EntityID;
  walletAddress: string;
}): UseSonarPurchaseResult {
  const input = { entityID: args.entityID, walletAddress: args.walletAddress };
  const { authenticated, loading, data, error, refreshing, refetch } = useSonarQuery(prePurchaseCheck, input, {
    enabled: input.entityID !== "" && input.walletAddress !== "",
    staleTime: 0,
    focusAlways: true,
  });
  const again = { refreshing, refetch };
  if (!authenticated) {
    const notConnected = new FailureError(failure("connection/not_connected"));
    return { ...again, loading: false, readyToPurchase: false, error: notConnected };
  }
  // A passed check stays valid while a later one fails: it is only advice, and the server checks again before it issues a permit.
  if (error && !data) return { ...again, loading: false, readyToPurchase: false, error };
  if (loading || !data) return { ...again, loading: true, readyToPurchase: false, error: undefined };
  if (!data.ReadyToPurchase) {
    const failureReason = data.FailureReason === "" ? PrePurchaseFailureReason.UNKNOWN : data.FailureReason;
    const { LivenessCheckURL: livenessCheckURL } = data;
    return { ...again, loading: false, readyToPurchase: false, error: undefined, failureReason, livenessCheckURL };
  }
  return {
    ...again,
    loading: false,
    readyToPurchase: true,
    error: undefined,
    generatePurchasePermit: () => callAction(() => generatePurchasePermit(input)),
  };
}
