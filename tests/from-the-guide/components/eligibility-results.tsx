import { EntityDetails } from "@echoxyz/sonar-core";
import { NotEligibleMessage } from "./not-eligible-message";

interface EligibilityResultsProps {
  entities: EntityDetails[];
  eligibleEntities: EntityDetails[];
  sonarHomeURL: string;
}

export function EligibilityResults({ entities, eligibleEntities, sonarHomeURL }: EligibilityResultsProps) {
  if (entities.length === 0) return null;
  if (eligibleEntities.length === 0) return <NotEligibleMessage sonarHomeURL={sonarHomeURL} />;
  return <p>{`Eligible: ${eligibleEntities.length} of ${entities.length}`}</p>;
}
