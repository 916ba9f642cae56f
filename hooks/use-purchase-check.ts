"use client";

import { PrePurchaseFailureReason, type EntityID } from "@echoxyz/sonar-core";
import { useSonarPurchase } from "@/hooks/use-sonar-purchase";
import { failureOf } from "@/lib/failure-error";
import { describeReadiness, type PurchaseReadiness } from "@/lib/sale/purchase-readiness";
import type { ReadView } from "@/lib/sale/purchase-view";

/** Sonar's check before the purchase, in words, and a way to ask again. */
export interface PurchaseCheck {
  view: ReadView<PurchaseReadiness>;
  checking: boolean;
  checkAgain: () => void;
}

type Answer = ReturnType<typeof useSonarPurchase>;

function viewOf(answer: Answer, sandboxOrigin: string | undefined): PurchaseCheck["view"] {
  if (answer.loading) return { status: "loading" };
  if (answer.error) return { status: "failed", failure: failureOf(answer.error) };
  const check = {
    ReadyToPurchase: answer.readyToPurchase,
    FailureReason: "failureReason" in answer ? answer.failureReason : PrePurchaseFailureReason.UNKNOWN,
    LivenessCheckURL: "livenessCheckURL" in answer ? answer.livenessCheckURL : "",
  };
  const value = describeReadiness(check, { sandboxOrigin });
  return { status: "ready", value };
}

/** Whether an entity may buy with a wallet now. "" for what is not chosen yet: then nothing is asked, and it stays "loading". */
export function usePurchaseCheck(args: {
  saleUUID: string;
  entityID: EntityID;
  walletAddress: string;
  /** Its http address is trusted for the face check. */
  sandboxOrigin?: string;
}): PurchaseCheck {
  const { sandboxOrigin, ...purchase } = args;
  const answer = useSonarPurchase(purchase);
  return { view: viewOf(answer, sandboxOrigin), checking: answer.refreshing, checkAgain: answer.refetch };
}
