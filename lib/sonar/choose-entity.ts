import type { SonarEntity } from "@/lib/sonar/entity";
import { rankEntities } from "@/lib/sonar/entity-ranking";
import { describeEntity } from "@/lib/sonar/entity-state";

/** Whether an entity can take part. */
export function canTakePart(entity: SonarEntity): boolean {
  return describeEntity(entity).next === "ready";
}

/**
 * The entities that can be chosen, the first one first: those that hold something in the sale, then those that can take part. One that has
 * committed and has lost its eligibility since is among them, for cancelling and claiming ask for none (sonar.md 4.8).
 */
export function choosableEntities(
  entities: readonly SonarEntity[],
  holds: (entityId: string) => boolean = () => false,
): SonarEntity[] {
  const ranked = rankEntities(entities);
  const holding = ranked.filter(({ EntityID }) => holds(EntityID));
  return [...holding, ...ranked.filter((entity) => canTakePart(entity) && !holding.includes(entity))];
}

/**
 * The entity that takes part: the one that the user has chosen, while it can be chosen; else the first that can. The choice comes from a
 * cookie and is a wish only: an id of somebody else's entity is on no list.
 */
export function chooseEntity(choosable: readonly SonarEntity[], wishedId: string | undefined): SonarEntity | undefined {
  return choosable.find(({ EntityID }) => EntityID === wishedId) ?? choosable[0];
}
