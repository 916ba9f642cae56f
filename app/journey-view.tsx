"use client";

import { Journey, type PurchaseParts } from "@/components/journey/journey";
import { useView } from "@/hooks/view";
import type { PublicSettings } from "@/lib/public-settings";
import { journeySteps, type EntitiesView } from "@/lib/sale/journey";
import type { PurchaseView } from "@/lib/sale/purchase-view";
import { chooseEntity, choosableEntities } from "@/lib/sonar/choose-entity";

/** What the journey shows, as far as it is known. */
export interface JourneyViewProps {
  settings: PublicSettings;
  entities: EntitiesView;
  /** The entity that the user wants to take part as. */
  wishedId?: string;
  /** Whether an entity holds something in the sale; absent while that is not known. */
  holds?: (entityId: string) => boolean;
  onChoose?: (entityId: string) => void;
  profileEmail?: string;
  purchase?: PurchaseView;
  parts?: PurchaseParts;
  onRetry?: () => void;
  retrying?: boolean;
}

/** The entities to choose from, and the one that takes part. */
export function choiceIn({ entities, wishedId, holds }: Pick<JourneyViewProps, "entities" | "wishedId" | "holds">) {
  const choosable = entities.status === "ready" ? choosableEntities(entities.entities, holds) : [];
  const chosen = chooseEntity(choosable, wishedId);
  return { choosable, chosen };
}

/** Draws the steps that `journeySteps` decides on. */
export function JourneyView(props: JourneyViewProps) {
  const {
    settings,
    entities,
    wishedId: _wished,
    holds: _holds,
    onChoose,
    profileEmail,
    purchase,
    parts,
    ...retry
  } = props;
  const { choosable, chosen } = choiceIn(props);
  const { session } = useView();
  const steps = journeySteps({
    signedIn: session.signedIn,
    connected: session.connected.includes("sonar"),
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
      purchase={parts}
      returnTo="/"
      {...retry}
    />
  );
}
