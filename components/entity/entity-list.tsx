import type { SonarEntity } from "@/lib/sonar/entity";
import { rankEntities } from "@/lib/sonar/entity-ranking";
import { EntityCard } from "@/components/entity/entity-card";

interface EntityListProps {
  entities: readonly SonarEntity[];
  setupUrl: string;
  supportUrl?: string;
  /** The entity whose setup link is the page's primary action, if one is. */
  primaryEntityId?: string;
}

/** All entities of the account, best first, each with its own state and next step. */
export function EntityList({ entities, setupUrl, supportUrl, primaryEntityId }: EntityListProps) {
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
        />
      ))}
    </ul>
  );
}
