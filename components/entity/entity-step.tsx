import { EntityCard, type EntityChoiceProps } from "@/components/entity/entity-card";
import { RetryButton, FailureNotice, RefreshNote, type Retry } from "@/components/ui/failure-notice";
import { Skeleton } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import type { JourneyAction } from "@/lib/journey/journey-step";
import type { Read } from "@/lib/result";
import { entityName, type SonarEntity } from "@/lib/sonar/entity";
import { rankEntities } from "@/lib/sonar/entity-choice";

/** The chosen entity, if there is a choice. */
export interface ChosenEntity {
  /** The entities that can be chosen. */
  choosable?: readonly SonarEntity[];
  chosenId?: string;
  onChoose?: (entityId: string) => void;
}

interface EntityListProps extends ChosenEntity {
  entities: readonly SonarEntity[];
  setupUrl: string;
  supportUrl?: string;
  /** The entity whose setup link is the page's primary action, if there is one. */
  primaryEntityId?: string;
}

function choiceOf(
  entity: SonarEntity,
  { choosable = [], chosenId, onChoose }: EntityListProps,
): EntityChoiceProps | undefined {
  if (!onChoose || choosable.length < 2 || !choosable.includes(entity)) return undefined;
  const { EntityID } = entity;
  return { name: entityName(entity), chosen: EntityID === chosenId, onChoose: () => onChoose(EntityID) };
}

/** All entities of the account, best first, each with its own state and next step. */
function EntityList(props: EntityListProps) {
  const { entities, setupUrl, supportUrl, primaryEntityId } = props;
  return (
    <ul
      aria-label="Your entities"
      className="divide-y divide-line rounded-lg border border-line bg-surface-raised shadow-raised"
    >
      {rankEntities(entities).map((entity) => (
        <EntityCard
          key={entity.EntityID}
          entity={entity}
          setupUrl={setupUrl}
          supportUrl={supportUrl}
          primary={entity.EntityID === primaryEntityId}
          choice={choiceOf(entity, props)}
        />
      ))}
    </ul>
  );
}

/** A placeholder for a list of one entity, line by line as high as its card. */
function EntityListSkeleton() {
  return (
    <div role="status" className="rounded-lg border border-line bg-surface-raised p-4 shadow-raised sm:p-5">
      <span className="sr-only">Loading your entities.</span>
      <div className="flex h-11 items-start justify-between gap-4">
        <Skeleton className="h-5 w-40" />
        <Skeleton className="h-6 w-20" />
      </div>
      <div className="mt-3 flex h-6 items-center">
        <Skeleton className="h-4 w-3/4" />
      </div>
      <div className="mt-3 flex h-17 items-center sm:h-5">
        <Skeleton className="h-4 w-full max-w-96" />
      </div>
    </div>
  );
}

/** The connected account has no entity yet. */
function NoEntity({ setupUrl, ...retry }: { setupUrl: string } & Retry) {
  return (
    <div className="rounded-lg border border-dashed border-control p-5">
      <h3 className="font-medium">No entity yet</h3>
      <p className="mt-1 text-text-quiet">
        An entity is the person or organisation that takes part. Create one on Sonar, then come back: this page checks
        again.
      </p>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <ExternalLink href={setupUrl} variant="primary">
          Set up on Sonar
        </ExternalLink>
        <RetryButton {...retry} label="Check again" variant="quiet" />
      </div>
    </div>
  );
}

interface EntityStepProps extends Retry, ChosenEntity {
  entities: Read<readonly SonarEntity[]>;
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
      {entities.value.length === 0 ? (
        <NoEntity setupUrl={setupUrl} {...retry} />
      ) : (
        <EntityList
          entities={entities.value}
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
