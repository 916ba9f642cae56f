import { EntityDetails, EntitySetupState, SaleEligibility } from "@echoxyz/sonar-core";

function describe(entity: EntityDetails): string {
  switch (entity.EntitySetupState) {
    case EntitySetupState.NOT_STARTED:
    case EntitySetupState.IN_PROGRESS:
    case EntitySetupState.FAILURE:
      return "There is something to do on Sonar";
    case EntitySetupState.IN_REVIEW:
    case EntitySetupState.READY_FOR_REVIEW:
      return "Sonar is checking this entity";
    case EntitySetupState.COMPLETE:
      return entity.SaleEligibility === SaleEligibility.ELIGIBLE ? "May take part" : "May not take part";
    default:
      return "Not known";
  }
}

export function EntityStateDescription({ entity }: { entity?: EntityDetails }) {
  return <p>{entity ? describe(entity) : "No entity is linked to this wallet"}</p>;
}
