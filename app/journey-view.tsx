"use client";

import { Journey, type PurchaseParts } from "@/components/journey/journey";
import { useView } from "@/hooks/view";
import type { PublicSettings } from "@/lib/public-settings";
import { journeySteps, type EntitiesView } from "@/lib/sale/journey";
import type { PurchaseView } from "@/lib/sale/purchase-view";
import type { SonarEntity } from "@/lib/sonar/entity";

/** What the journey shows, as far as it is known. */
export interface JourneyViewProps {
  settings: PublicSettings;
  entities: EntitiesView;
  chosen?: SonarEntity;
  onChoose?: (entityId: string) => void;
  profileEmail?: string;
  purchase?: PurchaseView;
  parts?: PurchaseParts;
  onRetry?: () => void;
  retrying?: boolean;
}

/** Draws the steps that `journeySteps` decides on. */
export function JourneyView(props: JourneyViewProps) {
  const { settings, entities, chosen, onChoose, profileEmail, purchase, parts, ...retry } = props;
  const { session } = useView();
  const steps = journeySteps({
    signedIn: session.signedIn,
    connected: session.connected.includes("sonar"),
    entities,
    ...(chosen && { chosen }),
    ...(profileEmail !== undefined && { profileEmail }),
    ...(purchase && { purchase }),
  });
  return (
    <Journey
      steps={steps}
      entities={entities}
      chosenId={chosen?.EntityID}
      onChoose={onChoose}
      setupUrl={settings.setupUrl}
      supportUrl={settings.supportUrl}
      purchase={parts}
      returnTo="/"
      {...retry}
    />
  );
}
