import { createHash } from "node:crypto";

/** An entity in the form in which Echo's API gives it (sonar.md 2.2). Text, because some personas hold unlisted values. */
export interface EntityWire {
  Label: string;
  EntityID: string;
  SaleSpecificEntityID: string;
  EntityType: string;
  EntitySetupState: string;
  SaleEligibility: string;
  InvestingRegion: string;
}

/** When the entity may commit, as seen from the day on which the sale begins. */
export type WindowKind = "open" | "not-yet-open" | "closed";

/** A permit as it should be, one that has expired when it arrives, or one of the form before (sonar.md 2.5). */
export type PermitKind = "current" | "expired" | "older-form";

/** What the sale allows one entity. Amounts are decimal strings in the payment token's smallest units. */
export interface PurchaseTerms {
  /** What the pre-purchase check says; empty when it passes. */
  failureReason: string;
  window: WindowKind;
  /** True if the limits are this entity's own. */
  customLimit: boolean;
  minAmount: string;
  maxAmount: string;
  /** Price ticks. The API sends them as JSON numbers, which not every uint64 survives: those are bigints. */
  minPrice: number;
  maxPrice: number | bigint;
  /** What kind of permit arrives. */
  permit: PermitKind;
}

/** One entity of a persona: what is told about it and how the sale treats it. */
export interface PersonaEntity {
  details: EntityWire;
  terms: PurchaseTerms;
}

/** An Echo private-group investment; `InvestedOn` is ISO 8601. */
export interface Investment {
  CompanyName: string;
  Round: string;
  InvestedOn: string;
}

/** Somebody to be in the sandbox: one Sonar user. */
export interface Persona {
  id: string;
  name: string;
  /** One line for the consent page: what this persona is there to show. */
  description: string;
  /** Heading on the consent page. */
  group: string;
  /** `EmailAddress` is absent when the contact scope was not granted. */
  profile: { EntityID: string; EmailAddress?: string };
  entities: readonly PersonaEntity[];
  investments: readonly Investment[];
  /** How the entity list behaves; absent: all entities, in the order above, from the first read. */
  listing?: {
    /** Reads after connecting that find nothing, as when Echo has not caught up yet. */
    emptyReads?: number;
    /** Orders taken in turn, as indexes into `entities`: the real list's order is not guaranteed either. */
    orders?: readonly (readonly number[])[];
  };
}

/** 1 to 5,000 units of a token with 6 decimals, at the sale's fixed price of one tick, now. */
const USUAL_TERMS: PurchaseTerms = {
  failureReason: "",
  window: "open",
  customLimit: false,
  minAmount: "1000000",
  maxAmount: "5000000000",
  minPrice: 1,
  maxPrice: 1,
  permit: "current",
};

/** An individual from outside the US and EU who is verified and eligible, except for what is given. */
export function makeEntity(
  key: string,
  details: Partial<EntityWire>,
  terms: Partial<PurchaseTerms> = {},
): PersonaEntity {
  return {
    details: {
      Label: key,
      EntityID: entityId(key),
      SaleSpecificEntityID: `0x${digest(`sale:${key}`)}`,
      EntityType: "user",
      EntitySetupState: "complete",
      SaleEligibility: "eligible",
      InvestingRegion: "other",
      ...details,
    },
    terms: { ...USUAL_TERMS, ...terms },
  };
}

/** An EntityID: stable for a key, and not a UUID, as Echo's are not. */
export function entityId(key: string): string {
  return `AUX-${digest(`entity:${key}`).slice(0, 12).toUpperCase()}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

type Headline = Pick<Persona, "id" | "name" | "description" | "group">;

/** A persona with one entity under its own name, and what differs from the usual. */
export function soloPersona(
  headline: Headline,
  details: Partial<EntityWire> = {},
  terms: Partial<PurchaseTerms> = {},
  rest: Partial<Persona> = {},
): Persona {
  const entity = makeEntity(headline.id, { Label: headline.name, ...details }, terms);
  return persona(headline, { entities: [entity], ...rest });
}

/** A persona without entities or history, except for what is given. */
export function persona(headline: Headline, rest: Partial<Persona>): Persona {
  return {
    ...headline,
    profile: { EntityID: entityId(headline.id), EmailAddress: `${headline.id}@example.com` },
    entities: [],
    investments: [],
    ...rest,
  };
}
