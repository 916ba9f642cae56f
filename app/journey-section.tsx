"use client";

import { Suspense } from "react";
import { JourneyWallet } from "@/app/page-wallet";
import { Journey } from "@/components/journey/journey";
import { useSonarEntities } from "@/hooks/use-sonar-entities";
import { useSonarProfile } from "@/hooks/use-sonar-profile";
import { useView } from "@/hooks/view";
import { useWallet } from "@/hooks/wallet/use-wallet";
import { failureOf } from "@/lib/failure-error";
import type { PublicSettings } from "@/lib/public-settings";
import { journeySteps, type EntitiesView } from "@/lib/sale/journey";
import type { PurchaseView } from "@/lib/sale/purchase-view";

interface JourneySectionProps {
  settings: PublicSettings;
}

interface JourneyViewProps extends JourneySectionProps {
  entities: EntitiesView;
  profileEmail?: string;
  onRetry?: () => void;
  retrying?: boolean;
}

const NOTHING_READ = {
  sale: { status: "loading" },
  position: { status: "loading" },
  check: { status: "loading" },
  pending: false,
} as const;

function JourneyView({ settings, entities, profileEmail, ...retry }: JourneyViewProps) {
  const { session } = useView();
  const { state: wallet } = useWallet();
  const { chain } = settings;
  const purchase: PurchaseView | undefined = chain && { chain, wallet, ...NOTHING_READ };
  const steps = journeySteps({
    signedIn: session.signedIn,
    connected: session.connected.includes("sonar"),
    entities,
    profileEmail,
    purchase,
  });
  const parts = chain && {
    wallet: <JourneyWallet chain={chain} needed={steps.some(({ action }) => action?.kind === "connect-wallet")} />,
    commit: null,
    underWay: wallet.status === "connected" || wallet.status === "reconnecting",
  };
  const { setupUrl, supportUrl } = settings;
  return (
    <Journey
      steps={steps}
      entities={entities}
      setupUrl={setupUrl}
      supportUrl={supportUrl}
      returnTo="/"
      purchase={parts}
      {...retry}
    />
  );
}

function entitiesView({ entities, error }: ReturnType<typeof useSonarEntities>): EntitiesView {
  const failure = error && failureOf(error);
  if (entities) return { status: "ready", entities, refreshFailure: failure };
  return failure ? { status: "failed", failure } : { status: "loading" };
}

/** What this person has done and does next. Suspends until the page's own read of the entities is there. */
export function JourneySection({ settings }: JourneySectionProps) {
  const read = useSonarEntities(settings);
  const view = { settings, entities: entitiesView(read), onRetry: read.refetch, retrying: read.refreshing };
  // The email is one line: the entities must not wait for it.
  return (
    <Suspense fallback={<JourneyView {...view} />}>
      <JourneyWithProfile {...view} />
    </Suspense>
  );
}

function JourneyWithProfile(view: JourneyViewProps) {
  const { profile } = useSonarProfile();
  return <JourneyView {...view} profileEmail={profile?.EmailAddress} />;
}

/** The journey while the entities are on their way. */
export function WaitingJourney({ settings }: JourneySectionProps) {
  return <JourneyView settings={settings} entities={{ status: "loading" }} />;
}
