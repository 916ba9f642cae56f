import type {
  EntityDetails,
  EntitySetupState,
  EntityType,
  InvestingRegion,
  SaleEligibility,
} from "@echoxyz/sonar-core";
import { foreignName } from "@/lib/foreign-name";

/**
 * An entity in this app: sonar-core's `EntityDetails`, so that code written for sonar-react keeps compiling, plus one flag. Sonar's API is
 * pre-1.0: a setup state or eligibility that this app does not know becomes a passive value, and `Pending` is set, so that the user is
 * told to wait and is never sent through KYC again.
 */
export interface SonarEntity extends EntityDetails {
  Pending: boolean;
}

const UNNAMED: Record<`${EntityType}`, string> = {
  user: "Unnamed individual",
  organization: "Unnamed organisation",
};

const TYPES: Record<`${EntityType}`, string> = { user: "Individual", organization: "Organisation" };

const SETUPS: Record<`${EntitySetupState}`, string> = {
  "not-started": "Not started",
  "in-progress": "In progress",
  "ready-for-review": "Submitted",
  "in-review": "In review",
  complete: "Complete",
  failure: "Needs attention",
  "failure-final": "Declined",
  "technical-issue": "Technical issue",
};

const ELIGIBILITIES: Record<`${SaleEligibility}`, string> = {
  eligible: "Eligible",
  "not-eligible": "Not eligible",
  "unknown-setup-incomplete": "Not decided yet",
};

const REGIONS: Record<`${InvestingRegion}`, string> = {
  us: "United States",
  eu: "European Union",
  other: "Other",
  unknown: "Not known yet",
};

const REGION_NOTES: Record<`${InvestingRegion}`, string | undefined> = {
  us: "Investing from the United States: tokens bought in this sale may be locked up for a time.",
  eu: "Investing from the European Union: a commitment can be cancelled during the sale's cancellation window.",
  other: undefined,
  unknown: undefined,
};

/** The longest label that is shown, in characters. */
const LONGEST_LABEL = 80;

/** The entity's label as its user has chosen it, or a replacement: Sonar's labels may be empty (sonar.md 2.2). */
export function entityName(entity: Pick<SonarEntity, "Label" | "EntityType">): string {
  return foreignName(entity.Label, UNNAMED[entity.EntityType], LONGEST_LABEL);
}

/** The part of a shared label that is shown before the id. */
const SHARED_LABEL = 60;

/**
 * Entities of one name with the end of their id in the sale in it, as "Ada Lovelace (…b2eb5d)": labels are the user's own and may be empty, and a
 * wallet belongs to its entity for ever. Others keep theirs, as a person's abandoned duplicates do, which have never been set up.
 */
export function withDistinctLabels(entities: readonly SonarEntity[]): SonarEntity[] {
  const ids = new Map<string, Set<string>>();
  for (const entity of entities.filter(wasSetUp)) {
    const name = comparable(entity);
    ids.set(name, (ids.get(name) ?? new Set()).add(entity.SaleSpecificEntityID));
  }
  return entities.map((entity) => {
    const namesakes = ids.get(comparable(entity))?.size ?? 0;
    if (!wasSetUp(entity) || namesakes < 2) return entity;
    const name = foreignName(entity.Label, UNNAMED[entity.EntityType], SHARED_LABEL);
    return { ...entity, Label: `${name} (…${entity.SaleSpecificEntityID.slice(-6)})` };
  });
}

/** Two spellings of one letter look the same (Unicode Technical Report 36, section 2.1). */
function comparable(entity: SonarEntity): string {
  return entityName(entity).normalize("NFKC");
}

/** One that was complete may be in review again, and hold a commitment. */
function wasSetUp({ EntitySetupState: setup, Pending }: SonarEntity): boolean {
  return Pending || (setup !== "not-started" && setup !== "in-progress");
}

/** An entity's raw states in words. While `Pending`, setup and eligibility are placeholders and are not shown as facts. */
export function entityFacts(entity: SonarEntity): { type: string; setup: string; eligibility: string; region: string } {
  return {
    type: TYPES[entity.EntityType],
    setup: entity.Pending ? "Pending" : SETUPS[entity.EntitySetupState],
    eligibility: entity.Pending ? "Pending" : ELIGIBILITIES[entity.SaleEligibility],
    region: REGIONS[entity.InvestingRegion],
  };
}

/** A note on the rules of the sale for the region that the entity invests from, if there is one. */
export function regionNote(region: `${InvestingRegion}`): string | undefined {
  return REGION_NOTES[region];
}
