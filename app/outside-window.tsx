"use client";

import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import type { UseFormPermitResult } from "@/hooks/use-form-permit";
import type { PurchaseCheck } from "@/hooks/use-purchase-check";
import { outsideWindow } from "@/lib/sale/purchase-readiness";
import type { SaleState } from "@/lib/sale/sale-state";

interface OutsideWindowProps {
  saleState: SaleState;
  check: PurchaseCheck;
  permit: UseFormPermitResult;
  setupUrl: string;
}

/** Says when the entity's own window opens or ended: the check does not tell, its permit does. */
export function OutsideWindow({ saleState, check, permit, setupUrl }: OutsideWindowProps) {
  return (
    <ReadinessNotice
      readiness={outsideWindow(permit.permit?.permit, BigInt(saleState.blockTime))}
      // Both: the operator may have moved the window since the permit was issued.
      onCheckAgain={() => (check.checkAgain(), permit.refetch())}
      checking={check.checking || permit.refreshing}
      setupUrl={setupUrl}
    />
  );
}
