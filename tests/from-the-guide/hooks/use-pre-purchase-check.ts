"use client";

import { PrePurchaseCheckResponse } from "@echoxyz/sonar-core";
import { prePurchaseCheck } from "@/app/actions/sonar";
import { useSonarQuery } from "@/hooks/use-sonar-query";
import { saleUUID } from "../config";

type Input = { saleUUID: string; entityID: string; walletAddress: string };

export function usePrePurchaseCheck(entityID: string, walletAddress: string) {
  return useSonarQuery<Input, PrePurchaseCheckResponse>(prePurchaseCheck, { saleUUID, entityID, walletAddress });
}
