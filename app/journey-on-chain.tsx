"use client";

import type { ReactNode } from "react";
import { choiceIn, JourneyView, type JourneyViewProps } from "@/app/journey-view";
import { JourneyWallet } from "@/app/page-wallet";
import { PurchaseSection } from "@/app/purchase-section";
import { FailureNotice } from "@/components/failure-notice";
import type { PurchaseParts } from "@/components/journey/journey";
import { CommitFormSkeleton } from "@/components/purchase/commit-form-skeleton";
import { usePositions } from "@/hooks/use-positions";
import { usePurchase, type UsePurchaseResult } from "@/hooks/use-purchase";
import { isUnderWay } from "@/lib/sale/purchase-view";
import { isHolding } from "@/lib/sale/position";
import type { SaleChain } from "@/lib/sale/sale-chain";
import { walletNeed } from "@/lib/sale/wallet-need";
import type { SonarEntity } from "@/lib/sonar/entity";

interface OnChainProps extends JourneyViewProps {
  chain: SaleChain;
}

/** There is nothing to show of the commitment: none was made, and no wallet is here to make one. */
function isIdle({ view: { position, wallet, pending } }: UsePurchaseResult): boolean {
  return position.status === "ready" && position.value.state === "none" && wallet.status === "none" && !pending;
}

interface PartsProps extends Pick<OnChainProps, "settings" | "chain"> {
  chosen?: SonarEntity;
  purchase: UsePurchaseResult;
}

function PurchasePart({ purchase, chosen, chain, settings }: PartsProps): ReactNode {
  const { view, check, permit, wallet, saleState, reload, reloading, onConfirmed } = purchase;
  const { sale, position } = view;
  const failed = [sale, position].find((read) => read.status === "failed");
  if (failed) return <FailureNotice failure={failed.failure} returnTo="/" onRetry={reload} retrying={reloading} />;
  if (sale.status !== "ready" || position.status !== "ready") return <CommitFormSkeleton />;
  if (!chosen || !saleState || isIdle(purchase)) return null;
  return (
    <PurchaseSection
      key={chosen.EntityID}
      chain={chain}
      saleUUID={settings.saleUUID}
      entity={chosen}
      wallet={wallet.state}
      saleState={saleState}
      phase={sale.value.phase}
      position={position.value}
      check={check}
      permit={permit}
      setupUrl={settings.setupUrl}
      supportUrl={settings.supportUrl}
      returnTo="/"
      onConfirmed={onConfirmed}
      onReload={reload}
    />
  );
}

function partsOf(props: PartsProps): PurchaseParts {
  const { chain, purchase } = props;
  return {
    wallet: <JourneyWallet chain={chain} needed={walletNeed(purchase.view) !== "none"} />,
    commit: <PurchasePart {...props} />,
    underWay: isUnderWay(purchase.view.wallet),
  };
}

/** The whole journey, with wallet and commitment. Suspends until the page's own reads of the chain are there. */
export function JourneyOnChain(props: OnChainProps) {
  const { settings, chain } = props;
  const { positions } = usePositions();
  const view = { ...props, holds: (entityId: string) => isHolding(positions?.[entityId]) };
  const { chosen } = choiceIn(view);
  const purchase = usePurchase({ settings, chain, entity: chosen });
  const parts = partsOf({ settings, chain, purchase, chosen });
  return <JourneyView {...view} purchase={purchase.view} parts={parts} />;
}
