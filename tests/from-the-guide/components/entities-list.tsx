import { EntityDetails } from "@echoxyz/sonar-core";
import { EntityCard } from "./entity-card";

interface EntitiesListProps {
  loading: boolean;
  error?: Error;
  entities?: EntityDetails[];
  saleUUID: string;
  sonarFrontendURL: string | undefined;
}

export function EntitiesList({ loading, error, entities, saleUUID, sonarFrontendURL }: EntitiesListProps) {
  if (loading) return <p>Loading entities</p>;
  if (error) return <p role="alert">{error.message}</p>;
  if (!entities || entities.length === 0)
    return <a href={`${sonarFrontendURL}/sonar/${saleUUID}`}>Set up an entity on Sonar</a>;
  return (
    <section>
      {entities.map((entity) => (
        <EntityCard key={entity.EntityID} entity={entity} />
      ))}
    </section>
  );
}
