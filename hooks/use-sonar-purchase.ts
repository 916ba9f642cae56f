"use client";

import { PrePurchaseFailureReason, type EntityID } from "@echoxyz/sonar-core";
import type { UseSonarPurchaseResult } from "@echoxyz/sonar-react";
import { generatePurchasePermit, prePurchaseCheck } from "@/app/actions/sonar";
import { callAction } from "@/hooks/call-action";
import { useSonarQuery } from "@/hooks/use-sonar-query";
import { FailureError } from "@/lib/failure-error";
import { failure } from "@/lib/result";

/**
 * Whether an entity may buy with a wallet now, and a way to get the permit for it. Has sonar-react's result; unlike its twin it does not call
 * Sonar while no account is connected. `saleUUID` is accepted and not sent. `error` is a `FailureError`, and
 * `generatePurchasePermit` rejects with one: ask for a permit as late as possible, it lives ten minutes.
 */
export function useSonarPurchase(args: {
  saleUUID: string;
  entityID: EntityID;
  walletAddress: string;
}): UseSonarPurchaseResult {
  const input = { entityID: args.entityID, walletAddress: args.walletAddress };
  const { authenticated, loading, data, error } = useSonarQuery({
    name: "prePurchaseCheck",
    action: prePurchaseCheck,
    input,
    enabled: input.entityID !== "" && input.walletAddress !== "",
    staleTime: 0,
  });
  if (!authenticated) {
    const notConnected = new FailureError(failure("connection/not_connected"));
    return { loading: false, readyToPurchase: false, error: notConnected };
  }
  if (error) return { loading: false, readyToPurchase: false, error };
  if (loading || !data) return { loading: true, readyToPurchase: false, error: undefined };
  if (!data.ReadyToPurchase) {
    const failureReason = data.FailureReason === "" ? PrePurchaseFailureReason.UNKNOWN : data.FailureReason;
    const { LivenessCheckURL: livenessCheckURL } = data;
    return { loading: false, readyToPurchase: false, error: undefined, failureReason, livenessCheckURL };
  }
  return {
    loading: false,
    readyToPurchase: true,
    error: undefined,
    generatePurchasePermit: () => callAction(() => generatePurchasePermit(input)),
  };
}
