"use client";

import { useState, Suspense, type ReactNode } from "react";
import { PurchaseSection } from "@/app/_home/purchase";
import { JourneyWallet } from "@/app/_home/wallet";
import { Journey, type PurchaseContent } from "@/components/journey/journey";
import { CommitFormSkeleton } from "@/components/purchase/commit-form";
import { FailureNotice } from "@/components/ui/failure-notice";
import { useSessionStatus } from "@/hooks/use-session";
import { usePositions } from "@/hooks/use-positions";
import { usePurchase, type UsePurchaseResult } from "@/hooks/use-purchase";
import { useSonarEntities } from "@/hooks/use-sonar-entities";
import { useSonarProfile } from "@/hooks/use-sonar-profile";
import { useWallet } from "@/hooks/use-wallet";
import type { PublicSettings } from "@/lib/config/public-settings";
import { entityCookie, writeCookie } from "@/lib/http/cookies";
import { journeySteps, type JourneyInput } from "@/lib/journey/journey";
import { walletNeed } from "@/lib/journey/purchase-steps";
import { isHolding } from "@/lib/purchase/position";
import { isWalletInUse, loadingPurchase, type PurchaseState } from "@/lib/purchase/purchase-state";
import { toRead } from "@/lib/result";
import type { SaleChain } from "@/lib/sale/state";
import type { SonarEntity } from "@/lib/sonar/entity";
import { chooseEntity, choosableEntities } from "@/lib/sonar/entity-choice";

/** Everything that the steps show, as far as it is known. */
interface JourneyStepsProps {
  settings: PublicSettings;
  entities: JourneyInput["entities"];
  /** The entity that the user wants to take part as. */
  preferredId?: string;
  /** True if an entity holds something in the sale; absent while that is not known. */
  holds?: (entityId: string) => boolean;
  onChoose?: (entityId: string) => void;
  profileEmail?: string;
  purchase?: PurchaseState;
  content?: PurchaseContent;
  onRetry?: () => void;
  retrying?: boolean;
}

/** The entities that can be chosen, and the chosen one. */
function entityChoice({ entities, preferredId, holds }: JourneyStepsProps) {
  const choosable = entities.status === "ready" ? choosableEntities(entities.value, holds) : [];
  const chosen = chooseEntity(choosable, preferredId);
  return { choosable, chosen };
}

/** Draws the steps that `journeySteps` decides on. */
function JourneySteps(props: JourneyStepsProps) {
  const { settings, entities, onChoose, profileEmail, purchase, content, onRetry, retrying } = props;
  const { choosable, chosen } = entityChoice(props);
  const session = useSessionStatus();
  const steps = journeySteps({
    signedIn: session.signedIn,
    connected: session.sonarConnected,
    entities,
    chosen,
    profileEmail,
    purchase,
  });
  return (
    <Journey
      steps={steps}
      entities={entities}
      choosable={choosable}
      chosenId={chosen?.EntityID}
      onChoose={onChoose}
      setupUrl={settings.setupUrl}
      supportUrl={settings.supportUrl}
      purchase={content}
      returnTo="/"
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}

/** The entity that the user prefers, first from the cookie; `chooseEntity` decides whether it can take part. */
function usePreferredEntity(fromCookie: string | undefined) {
  const [preferredId, setPreferredId] = useState(fromCookie);
  function onChoose(entityId: string) {
    setPreferredId(entityId);
    writeCookie(entityCookie(entityId));
  }
  return { preferredId, onChoose };
}

interface OnChainProps extends JourneyStepsProps {
  chain: SaleChain;
}

/** There is nothing to show of the commitment: none was made, and no wallet is connected to make one. */
function isIdle({ state: { position, wallet, pending } }: UsePurchaseResult): boolean {
  return position.status === "ready" && position.value.state === "none" && wallet.status === "none" && !pending;
}

interface PurchaseContentProps extends Pick<OnChainProps, "settings" | "chain"> {
  chosen?: SonarEntity;
  purchase: UsePurchaseResult;
}

function CommitContent({ purchase, chosen, chain, settings }: PurchaseContentProps): ReactNode {
  const { state, check, permit, wallet, saleState, reload, reloading, onConfirmed } = purchase;
  const { sale, position } = state;
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

function purchaseContent(props: PurchaseContentProps): PurchaseContent {
  const { chain, purchase } = props;
  return {
    wallet: <JourneyWallet chain={chain} needed={walletNeed(purchase.state) !== "none"} />,
    commit: <CommitContent {...props} />,
    underWay: isWalletInUse(purchase.state.wallet),
  };
}

/** The whole journey, with wallet and commitment. It suspends until the page's own reads of the chain arrive. */
function JourneyOnChain(props: OnChainProps) {
  const { settings, chain } = props;
  const { positions } = usePositions();
  const known = { ...props, holds: (entityId: string) => isHolding(positions?.[entityId]) };
  const { chosen } = entityChoice(known);
  const purchase = usePurchase({ settings, chain, entity: chosen });
  const content = purchaseContent({ settings, chain, purchase, chosen });
  return <JourneySteps {...known} purchase={purchase.state} content={content} />;
}

interface JourneySectionProps {
  settings: PublicSettings;
  /** The entity that was chosen last, from the cookie. */
  preferredEntityId?: string;
}

/** The steps of the signed-in user. It suspends until the page's own read of the entities arrives. */
export function JourneySection({ settings, preferredEntityId }: JourneySectionProps) {
  const { entities, error, refetch, refreshing } = useSonarEntities(settings);
  const preference = usePreferredEntity(preferredEntityId);
  const read = toRead({ data: entities, error });
  const known = { settings, entities: read, onRetry: refetch, retrying: refreshing, ...preference };
  // The email is a single line, and the entities must not wait for it.
  return (
    <Suspense fallback={<JourneyBeforeChain {...known} />}>
      <JourneyWithProfile {...known} />
    </Suspense>
  );
}

function JourneyWithProfile(props: JourneyStepsProps) {
  const { profile } = useSonarProfile();
  const known = { ...props, profileEmail: profile?.EmailAddress };
  const { chain } = props.settings;
  if (!chain) return <JourneySteps {...known} />;
  // They must not wait for the chain either.
  return (
    <Suspense fallback={<JourneyBeforeChain {...known} />}>
      <JourneyOnChain {...known} chain={chain} />
    </Suspense>
  );
}

/** The journey while the chain has not answered. The wallet's state is known without it. */
function JourneyBeforeChain(props: JourneyStepsProps) {
  const { chain } = props.settings;
  const { state } = useWallet();
  if (!chain) return <JourneySteps {...props} />;
  const content = { wallet: <JourneyWallet chain={chain} needed />, commit: null, underWay: isWalletInUse(state) };
  return <JourneySteps {...props} purchase={loadingPurchase(chain, state)} content={content} />;
}

/** The journey while the entities are loading, and before there is a connection to read them with. */
export function WaitingJourney({ settings }: JourneySectionProps) {
  return <JourneyBeforeChain settings={settings} entities={{ status: "loading" }} />;
}
