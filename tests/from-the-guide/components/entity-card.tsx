import { EntityDetails, SaleEligibility } from "@echoxyz/sonar-core";
import { EntityDetailRows } from "./entity-detail-rows";
import { EntityStateDescription } from "./entity-state-description";

interface EntityCardProps {
  entity: EntityDetails;
}

export function EntityCard({ entity }: EntityCardProps) {
  const eligible = entity.SaleEligibility === SaleEligibility.ELIGIBLE;
  return (
    <article className={eligible ? "eligible" : undefined}>
      <h3>{entity.Label || "Without a name"}</h3>
      <EntityDetailRows entity={entity} />
      <EntityStateDescription entity={entity} />
    </article>
  );
}
