import type { EntitiesView } from "@/lib/sale/journey";
import type { JourneyAction } from "@/lib/sale/journey-step";
import { EntityList, type ChosenEntity } from "@/components/entity/entity-list";
import { EntityListSkeleton } from "@/components/entity/entity-list-skeleton";
import { NoEntity } from "@/components/entity/no-entity";
import { FailureNotice } from "@/components/failure-notice";
import { RefreshNote } from "@/components/refresh-note";
import type { Retry } from "@/components/retry-button";

interface EntityStepProps extends Retry, ChosenEntity {
  entities: EntitiesView;
  action?: JourneyAction;
  setupUrl: string;
  supportUrl?: string;
}

/** The content of the journey's entity step, in every state of the list. */
export function EntityStep({
  entities,
  action,
  setupUrl,
  supportUrl,
  choosable,
  chosenId,
  onChoose,
  ...retry
}: EntityStepProps) {
  if (entities.status === "loading") return <EntityListSkeleton />;
  if (entities.status === "failed") return <FailureNotice failure={entities.failure} variant="primary" {...retry} />;
  const primaryEntityId = action?.kind === "setup" ? action.entityId : undefined;
  return (
    <div className="grid gap-3">
      {entities.entities.length === 0 ? (
        <NoEntity setupUrl={setupUrl} {...retry} />
      ) : (
        <EntityList
          entities={entities.entities}
          setupUrl={setupUrl}
          supportUrl={supportUrl}
          primaryEntityId={primaryEntityId}
          choosable={choosable}
          chosenId={chosenId}
          onChoose={onChoose}
        />
      )}
      {entities.refreshFailure && <RefreshNote failure={entities.refreshFailure} {...retry} />}
    </div>
  );
}
