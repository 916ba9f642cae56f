"use client";

import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import { useFormPermit } from "@/hooks/use-form-permit";
import type { PurchaseCheck } from "@/hooks/use-purchase-check";
import { outsideWindow } from "@/lib/sale/purchase-readiness";
import type { SaleState } from "@/lib/sale/sale-state";
import type { SonarEntity } from "@/lib/sonar/entity";

interface OutsideWindowProps {
  entity: SonarEntity;
  wallet: string;
  saleState: SaleState;
  check: PurchaseCheck;
  setupUrl: string;
}

/** Says when the entity's own window opens or ended: the check does not tell, its permit does. */
export function OutsideWindow({ entity, wallet, saleState, check, setupUrl }: OutsideWindowProps) {
  const read = useFormPermit({ entityID: entity.EntityID, walletAddress: wallet });
  return (
    <ReadinessNotice
      readiness={outsideWindow(read.permit?.permit, BigInt(saleState.blockTime))}
      // Both: the operator may have moved the window since the permit was issued.
      onCheckAgain={() => (check.checkAgain(), read.refetch())}
      checking={check.checking || read.refreshing}
      setupUrl={setupUrl}
    />
  );
}
