import type { EntityDetails } from "@echoxyz/sonar-core";

/**
 * An entity as this app holds it: sonar-core's `EntityDetails`, so code written for sonar-react keeps compiling,
 * plus one flag. Sonar's API is pre-1.0: a setup state or eligibility this app has never heard of is mapped to a passive
 * value and `Pending` is set, so that the user is told to wait and is never sent through KYC again.
 */
export interface SonarEntity extends EntityDetails {
  Pending: boolean;
}
