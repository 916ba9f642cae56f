import { Check, Building2, User } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Badge, Skeleton } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { entityFacts, entityName, regionNote, type SonarEntity } from "@/lib/sonar/entity";
import { describeEntity, type EntityNext } from "@/lib/sonar/entity-state";
import { RetryButton, FailureNotice, RefreshNote, type Retry } from "@/components/ui/failure-notice";
import type { JourneyAction } from "@/lib/journey/journey-step";
import type { Read } from "@/lib/result";
import { rankEntities } from "@/lib/sonar/entity-choice";

/** The choice between several entities. */
export interface EntityChoiceProps {
  /** The entity's name for screen readers, which hear one such button per entity. */
  name: string;
  chosen: boolean;
  onChoose: () => void;
}

/** Lets the user choose the entity to take part with. */
function EntityChoice({ name, chosen, onChoose }: EntityChoiceProps) {
  return (
    <div className="mt-4 flex min-h-9 items-center">
      {chosen ? (
        <p className="inline-flex items-center gap-2 text-sm font-medium text-ok">
          <Check aria-hidden className="size-4" />
          <span>You are taking part as this entity</span>
        </p>
      ) : (
        <Button onClick={onChoose}>
          <span>Take part as this entity</span>
          <span className="sr-only">{`: ${name}`}</span>
        </Button>
      )}
    </div>
  );
}

interface EntityNextStepProps {
  next: EntityNext;
  setupUrl: string;
  supportUrl?: string;
  primary: boolean;
}

/** The entity owner's next step: Sonar's hosted setup, or support if the operator has named it. */
function EntityNextStep({ next, setupUrl, supportUrl, primary }: EntityNextStepProps) {
  if (next === "setup") {
    return (
      <div className="mt-4">
        <ExternalLink href={setupUrl} variant={primary ? "primary" : "secondary"}>
          Continue on Sonar
        </ExternalLink>
      </div>
    );
  }
  if (next !== "support" || !supportUrl) return null;
  return (
    <div className="mt-4">
      <ExternalLink href={supportUrl} variant="secondary">
        Contact support
      </ExternalLink>
    </div>
  );
}

interface EntityCardProps {
  entity: SonarEntity;
  /** Address of Sonar's hosted setup. */
  setupUrl: string;
  supportUrl?: string;
  /** The page's only primary action belongs to this entity. */
  primary: boolean;
  /** Present if there is a choice between several entities and this is one of them. */
  choice?: EntityChoiceProps;
}

function EntityFacts({ entity }: { entity: SonarEntity }) {
  const { setup, eligibility, region } = entityFacts(entity);
  const rows = [
    ["Setup", setup],
    ["Eligibility", eligibility],
    ["Region", region],
  ];
  return (
    <dl className="mt-3 grid gap-1 text-sm sm:flex sm:flex-wrap sm:gap-x-6">
      {rows.map(([term, value]) => (
        <div key={term} className="flex flex-wrap gap-x-2">
          <dt className="text-text-quiet">{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One entity: its name, its state, and its owner's next step. */
function EntityCard({ entity, setupUrl, supportUrl, primary, choice }: EntityCardProps) {
  const { badge, tone, sentence, next } = describeEntity(entity, { supportUrl });
  const note = regionNote(entity.InvestingRegion);
  const Icon = entity.EntityType === "organization" ? Building2 : User;
  return (
    <li className="p-[min(1rem,4vw)] sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="flex min-w-0 flex-[1_1_9rem] gap-[min(0.75rem,3vw)]">
          <Icon aria-hidden className="mt-0.5 size-[20px] shrink-0 text-text-quiet" />
          <div className="min-w-0">
            {/* Isolated, because a label may contain characters that reverse the direction of the text after it. */}
            <h3 className="font-medium">
              <bdi>{entityName(entity)}</bdi>
            </h3>
            <p className="text-sm text-text-quiet">{entityFacts(entity).type}</p>
          </div>
        </div>
        <Badge tone={tone}>{badge}</Badge>
      </div>
      <p className="mt-3">{sentence}</p>
      <EntityFacts entity={entity} />
      {note && <p className="mt-2 text-sm text-text-quiet">{note}</p>}
      <EntityNextStep next={next} setupUrl={setupUrl} supportUrl={supportUrl} primary={primary} />
      {choice && <EntityChoice {...choice} />}
    </li>
  );
}

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
    <div className="rounded-lg border border-dashed border-control p-[min(1.25rem,4vw)]">
      <h3 className="font-medium">No entity yet</h3>
      <p className="mt-1 text-text-quiet">
        An entity is the person or organisation that takes part. Create one on Sonar, then return to this page. It
        checks again by itself.
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
