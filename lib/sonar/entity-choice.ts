import type { EntitySetupState, EntityType, SaleEligibility } from "@echoxyz/sonar-core";
import type { SonarEntity } from "@/lib/sonar/entity";
import { describeEntity } from "@/lib/sonar/entity-state";

type Setup = `${EntitySetupState}`;
type Eligibility = `${SaleEligibility}`;

const SETUP_PROGRESS: Record<Setup, number> = {
  complete: 1,
  "in-review": 2,
  "ready-for-review": 3,
  "in-progress": 4,
  failure: 5,
  "not-started": 6,
  "technical-issue": 7,
  "failure-final": 10,
};
const TYPE_ORDER: Record<`${EntityType}`, number> = { user: 1, organization: 2 };
const PENDING = 8;
const NOT_ELIGIBLE = 9;

/** The distance of an entity from taking part: 0 is ready now, the greatest number can never take part. */
function distanceToSale(entity: SonarEntity): number {
  const setup: Setup = entity.EntitySetupState;
  const eligibility: Eligibility = entity.SaleEligibility;
  if (entity.Pending) return PENDING;
  if (setup === "failure-final") return SETUP_PROGRESS[setup];
  if (eligibility === "not-eligible") return NOT_ELIGIBLE;
  return setup === "complete" && eligibility === "eligible" ? 0 : SETUP_PROGRESS[setup];
}

/** By code unit, so that every server, browser and locale agrees on the order. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareEntities(a: SonarEntity, b: SonarEntity): number {
  return (
    distanceToSale(a) - distanceToSale(b) ||
    TYPE_ORDER[a.EntityType] - TYPE_ORDER[b.EntityType] ||
    compareText(a.Label, b.Label) ||
    compareText(a.EntityID, b.EntityID)
  );
}

/**
 * The entities, best first: those that can take part now, then those that are closest to it. Individuals come before organisations, then
 * label and id decide. Sonar does not promise an order, and accounts contain abandoned duplicates (sonar.md 2.2): without this order, the
 * chosen entity would change from one read to the next.
 */
export function rankEntities(entities: readonly SonarEntity[]): SonarEntity[] {
  return [...entities].sort(compareEntities);
}

/** True if an entity can take part. */
export function canTakePart(entity: SonarEntity): boolean {
  return describeEntity(entity).next === "ready";
}

/**
 * The entities that can be chosen, best first: those with a position in the sale, then those that can take part. An entity that has committed
 * and has since lost its eligibility is included, because cancelling and claiming do not require it (sonar.md 4.8).
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
 * The entity that takes part: the one that the user has chosen, or without a choice the only one. Between several, nobody is chosen silently, nor
 * in place of a chosen one that can no longer take part: money would be paid for a person or company that the user did not mean. The preference
 * comes from a cookie and grants nothing: the id of somebody else's entity is on no list.
 */
export function chooseEntity(
  choosable: readonly SonarEntity[],
  preferredId: string | undefined,
): SonarEntity | undefined {
  if (preferredId !== undefined) return choosable.find(({ EntityID }) => EntityID === preferredId);
  return choosable.length === 1 ? choosable[0] : undefined;
}

/**
 * The entities that can be chosen, with the one that a wallet is asked for: as Sonar lists it now or, if it is no longer on the list, as it was.
 * Without it, what becomes of the transaction would be shown only once Sonar lists the entity again.
 */
export function withHeldEntity(
  choosable: readonly SonarEntity[],
  listed: readonly SonarEntity[],
  held: SonarEntity | undefined,
): readonly SonarEntity[] {
  const isHeld = ({ EntityID }: SonarEntity) => EntityID === held?.EntityID;
  return held === undefined || choosable.some(isHeld) ? choosable : [listed.find(isHeld) ?? held, ...choosable];
}
