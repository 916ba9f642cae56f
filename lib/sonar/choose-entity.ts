import type { SonarEntity } from "@/lib/sonar/entity";
import { rankEntities } from "@/lib/sonar/entity-ranking";
import { describeEntity } from "@/lib/sonar/entity-state";

/** The cookie that holds the id of the entity that the user has chosen, so that the server renders for it at once. */
export const ENTITY_COOKIE = "entity";

/** Whether an entity can take part, and so be chosen. */
export function canTakePart(entity: SonarEntity): boolean {
  return describeEntity(entity).next === "ready";
}

/**
 * The entity that takes part: the one the user has chosen, while it is on the list and can take part; else the best one that can. The
 * choice comes from a cookie and is a wish only: an id of somebody else's entity is on no list.
 */
export function chooseEntity(entities: readonly SonarEntity[], wishedId: string | undefined): SonarEntity | undefined {
  const able = rankEntities(entities).filter(canTakePart);
  return able.find(({ EntityID }) => EntityID === wishedId) ?? able[0];
}
