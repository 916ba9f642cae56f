import { EntitySetupState, EntityType, InvestingRegion, SaleEligibility } from "@echoxyz/sonar-core";
import type { SonarEntity } from "@/lib/sonar/entity";

/** An eligible individual, with whatever a test needs to be otherwise. */
export function someEntity(changes: Partial<SonarEntity> = {}): SonarEntity {
  return {
    Label: "Ada Lovelace",
    EntityID: "AUX-1",
    SaleSpecificEntityID: "0x11111111111111111111111111111111",
    EntityType: EntityType.USER,
    EntitySetupState: EntitySetupState.COMPLETE,
    SaleEligibility: SaleEligibility.ELIGIBLE,
    InvestingRegion: InvestingRegion.OTHER,
    Pending: false,
    ...changes,
  };
}
