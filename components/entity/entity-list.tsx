import type { SonarEntity } from "@/lib/sonar/entity";
import { rankEntities } from "@/lib/sonar/entity-ranking";
import { entityName } from "@/lib/sonar/entity-words";
import { EntityCard } from "@/components/entity/entity-card";
import type { EntityChoiceProps } from "@/components/entity/entity-choice";

/** Which entity takes part, where there is a choice. */
export interface ChosenEntity {
  /** Those that can be chosen. */
  choosable?: readonly SonarEntity[];
  chosenId?: string;
  onChoose?: (entityId: string) => void;
}

interface EntityListProps extends ChosenEntity {
  entities: readonly SonarEntity[];
  setupUrl: string;
  supportUrl?: string;
  /** The entity whose setup link is the page's primary action, if one is. */
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
export function EntityList(props: EntityListProps) {
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
