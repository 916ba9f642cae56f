"use client";

import type { ReactNode } from "react";
import { JourneyView, type JourneyViewProps } from "@/app/journey-view";
import { JourneyWallet } from "@/app/page-wallet";
import { PurchaseSection } from "@/app/purchase-section";
import { FailureNotice } from "@/components/failure-notice";
import type { PurchaseParts } from "@/components/journey/journey";
import { CommitFormSkeleton } from "@/components/purchase/commit-form-skeleton";
import { usePurchase, type UsePurchaseResult } from "@/hooks/use-purchase";
import { isUnderWay } from "@/lib/sale/purchase-view";
import type { SaleChain } from "@/lib/sale/sale-chain";
import { walletNeed } from "@/lib/sale/wallet-need";

interface OnChainProps extends JourneyViewProps {
  chain: SaleChain;
}

/** There is nothing to show of the commitment: none was made, and no wallet is here to make one. */
function isIdle({ view: { position, wallet, pending } }: UsePurchaseResult): boolean {
  return position.status === "ready" && position.value.state === "none" && wallet.status === "none" && !pending;
}

interface CommitPartProps extends Pick<OnChainProps, "settings" | "chain" | "chosen"> {
  purchase: UsePurchaseResult;
}

function CommitPart({ purchase, chosen, chain, settings }: CommitPartProps): ReactNode {
  const { view, check, wallet, saleState, reload, reloading, onConfirmed } = purchase;
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
      setupUrl={settings.setupUrl}
      {...(settings.supportUrl !== undefined && { supportUrl: settings.supportUrl })}
      returnTo="/"
      onConfirmed={onConfirmed}
      onReload={reload}
    />
  );
}

function partsOf({ settings, chain, chosen }: OnChainProps, purchase: UsePurchaseResult): PurchaseParts {
  return {
    wallet: <JourneyWallet chain={chain} needed={walletNeed(purchase.view) !== "none"} />,
    commit: <CommitPart settings={settings} chain={chain} chosen={chosen} purchase={purchase} />,
    underWay: isUnderWay(purchase.view.wallet),
  };
}

/** The whole journey, with wallet and commitment. Suspends until the page's own reads of the chain are there. */
export function JourneyOnChain(props: OnChainProps) {
  const { settings, chain, chosen } = props;
  const purchase = usePurchase({ settings, chain, ...(chosen && { entity: chosen }) });
  return <JourneyView {...props} purchase={purchase.view} parts={partsOf(props, purchase)} />;
}
