"use client";

import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { EntityCard } from "@/components/entity/entity-card";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/feedback";
import { RetryButton, FailureNotice, RefreshNote, type Retry } from "@/components/ui/failure-notice";
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
  /** What an entity holds in the sale, in a sentence. */
  standing?: (entityId: string) => string | undefined;
}

interface EntityListProps extends ChosenEntity {
  entities: readonly SonarEntity[];
  setupUrl: string;
  supportUrl?: string;
  /** The entity whose setup link is the page's primary action, if there is one. */
  primaryEntityId?: string;
}

/** All entities of the account, best first, each with its own state and next step. `onPick`: they are the options of a choice. */
function EntityList({ onPick, ...props }: EntityListProps & { onPick?: (entityId: string) => void }) {
  const { entities, choosable = [], chosenId, standing, setupUrl, supportUrl, primaryEntityId } = props;
  const name = useId();
  const choiceOf = (entity: SonarEntity, index: number) => {
    if (!onPick || !choosable.includes(entity)) return undefined;
    const id = `${name}-${index}`;
    return {
      id,
      control: (
        <input
          type="radio"
          id={id}
          name={CHOICE}
          value={entity.EntityID}
          defaultChecked={entity.EntityID === chosenId}
          onChange={() => onPick(entity.EntityID)}
          className="relative z-1 mt-0.5 size-[20px] shrink-0 accent-accent"
        />
      ),
    };
  };
  return (
    <ul
      aria-label="Your entities"
      className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface-raised shadow-raised [overflow-clip-margin:0.5rem]"
    >
      {rankEntities(entities).map((entity, index) => (
        <EntityCard
          key={entity.EntityID}
          entity={entity}
          setupUrl={setupUrl}
          supportUrl={supportUrl}
          primary={entity.EntityID === primaryEntityId}
          standing={standing?.(entity.EntityID)}
          choice={choiceOf(entity, index)}
        />
      ))}
    </ul>
  );
}

/** The name of the radio buttons. */
const CHOICE = "entity";

/**
 * Asks which entity takes part. Nothing is chosen until the button is pressed: whoever moves through the options by keyboard passes others.
 */
function EntityChoice({ onChoose, ...list }: EntityListProps & Required<Pick<EntityListProps, "onChoose">>) {
  const [picked, setPicked] = useState(list.chosenId);
  const [problem, setProblem] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const problemId = useId();
  // What was picked before the page's script ran is read from the form.
  useEffect(() => {
    const id = form.current && new FormData(form.current).get(CHOICE);
    if (typeof id === "string") setPicked(id);
  }, []);
  const entity = list.choosable?.find(({ EntityID }) => EntityID === picked);

  function pick(entityId: string) {
    setPicked(entityId);
    setProblem(undefined);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const id = new FormData(event.currentTarget).get(CHOICE);
    if (typeof id === "string") return onChoose(id);
    setProblem("Choose an entity first.");
    form.current?.querySelector<HTMLElement>(`[name=${CHOICE}]`)?.focus();
  }

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="Who takes part?">
      <fieldset aria-describedby={problemId} className="grid gap-3">
        <legend className="mb-2 font-medium">Who takes part?</legend>
        <EntityList {...list} onPick={pick} />
        <div>
          <Button type="submit" variant={list.chosenId ? "secondary" : "primary"}>
            {entity ? `Continue as ${entityName(entity)}` : "Continue"}
          </Button>
          <p id={problemId} role="alert" className="min-h-5 text-sm text-bad">
            {problem}
          </p>
        </div>
      </fieldset>
    </form>
  );
}

/** A placeholder for a list of one entity, line by line as high as its card. */
function EntityListSkeleton() {
  return (
    <div className="rounded-lg border border-line bg-surface-raised p-4 shadow-raised sm:p-5">
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
export function EntityStep(props: EntityStepProps) {
  const { entities, action, setupUrl, supportUrl, choosable, chosenId, onChoose, standing, ...retry } = props;
  if (entities.status === "loading") return <EntityListSkeleton />;
  if (entities.status === "failed") return <FailureNotice failure={entities.failure} variant="primary" {...retry} />;
  const primaryEntityId = action?.kind === "setup" ? action.entityId : undefined;
  const list = { entities: entities.value, setupUrl, supportUrl, primaryEntityId, choosable, chosenId, standing };
  // A single one is asked about too where another was chosen that can no longer take part.
  const isChoice = onChoose && choosable && choosable.length > (chosenId === undefined ? 0 : 1);
  return (
    <div className="grid gap-3">
      {entities.value.length === 0 && <NoEntity setupUrl={setupUrl} {...retry} />}
      {entities.value.length > 0 && isChoice && <EntityChoice key={chosenId} {...list} onChoose={onChoose} />}
      {entities.value.length > 0 && !isChoice && <EntityList {...list} />}
      {entities.refreshFailure && <RefreshNote failure={entities.refreshFailure} {...retry} />}
    </div>
  );
}
