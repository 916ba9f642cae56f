"use client";

import { Suspense } from "react";
import { JourneyOnChain } from "@/app/journey-on-chain";
import { JourneyWallet } from "@/app/page-wallet";
import { JourneyView, type JourneyViewProps } from "@/app/journey-view";
import { useEntityWish } from "@/hooks/use-entity-wish";
import { useSonarEntities } from "@/hooks/use-sonar-entities";
import { useSonarProfile } from "@/hooks/use-sonar-profile";
import { useWallet } from "@/hooks/wallet/use-wallet";
import { failureOf } from "@/lib/failure-error";
import type { PublicSettings } from "@/lib/public-settings";
import type { EntitiesView } from "@/lib/sale/journey";
import { isUnderWay, unreadPurchase } from "@/lib/sale/purchase-view";

interface JourneySectionProps {
  settings: PublicSettings;
  /** Of the entity that was chosen last, from the cookie. */
  wishedEntityId?: string;
}

function entitiesView({ entities, error }: ReturnType<typeof useSonarEntities>): EntitiesView {
  const failure = error && failureOf(error);
  if (entities) return { status: "ready", entities, refreshFailure: failure };
  return failure ? { status: "failed", failure } : { status: "loading" };
}

/** What this person has done and does next. Suspends until the page's own read of the entities is there. */
export function JourneySection({ settings, wishedEntityId }: JourneySectionProps) {
  const read = useSonarEntities(settings);
  const { wishedId, choose } = useEntityWish(wishedEntityId);
  const view = {
    settings,
    entities: entitiesView(read),
    wishedId,
    onChoose: choose,
    onRetry: read.refetch,
    retrying: read.refreshing,
  };
  // The email is one line: the entities must not wait for it.
  return (
    <Suspense fallback={<JourneyBeforeChain {...view} />}>
      <JourneyWithProfile {...view} />
    </Suspense>
  );
}

function JourneyWithProfile(view: JourneyViewProps) {
  const { profile } = useSonarProfile();
  const known = { ...view, profileEmail: profile?.EmailAddress };
  const { chain } = view.settings;
  if (!chain) return <JourneyView {...known} />;
  // Neither must they wait for the chain.
  return (
    <Suspense fallback={<JourneyBeforeChain {...known} />}>
      <JourneyOnChain {...known} chain={chain} />
    </Suspense>
  );
}

/** The journey while the chain has not answered: what is known of the wallet is known without it. */
function JourneyBeforeChain(view: JourneyViewProps) {
  const { chain } = view.settings;
  const { state } = useWallet();
  if (!chain) return <JourneyView {...view} />;
  const parts = { wallet: <JourneyWallet chain={chain} needed />, commit: null, underWay: isUnderWay(state) };
  return <JourneyView {...view} purchase={unreadPurchase(chain, state)} parts={parts} />;
}

/** The journey while the entities are on their way, and before there is a connection to read them with. */
export function WaitingJourney({ settings }: JourneySectionProps) {
  return <JourneyBeforeChain settings={settings} entities={{ status: "loading" }} />;
}
