import { createHash } from "node:crypto";

/** An entity as Echo's API returns it (sonar.md 2.2). The values are plain text, because some personas have unlisted ones. */
export interface EntityWire {
  Label: string;
  EntityID: string;
  SaleSpecificEntityID: string;
  EntityType: string;
  EntitySetupState: string;
  SaleEligibility: string;
  InvestingRegion: string;
}

/** The entity's window for commitments, seen from the day on which the sale starts. */
export type WindowKind = "open" | "not-yet-open" | "closed";

/** A valid permit, one that has already expired, or one in the previous form (sonar.md 2.5). */
export type PermitKind = "current" | "expired" | "older-form";

/** The terms of the sale for one entity. Amounts are decimal strings in the payment token's smallest units. */
export interface PurchaseTerms {
  /** The result of the pre-purchase check; empty if it passes. */
  failureReason: string;
  window: WindowKind;
  /** True if the limits are specific to this entity. */
  customLimit: boolean;
  minAmount: string;
  maxAmount: string;
  /** In price ticks. The API sends them as JSON numbers; one that a JavaScript number cannot hold is a bigint. */
  minPrice: number;
  maxPrice: number | bigint;
  /** The kind of permit that this entity gets. */
  permit: PermitKind;
}

/** One entity of a persona, and the sale's terms for it. */
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

/** A Sonar user whom a person can play in the sandbox. */
export interface Persona {
  id: string;
  name: string;
  /** The purpose of this persona, in one line on the consent page. */
  description: string;
  /** The heading above it on the consent page. */
  group: string;
  /** `EmailAddress` is absent if the contact scope was not granted. */
  profile: { EntityID: string; EmailAddress?: string };
  entities: readonly PersonaEntity[];
  investments: readonly Investment[];
  /** The behaviour of the entity list; absent: all entities, in the order above, from the first read. */
  listing?: {
    /** The number of empty reads after connecting, as if Echo had not caught up yet. */
    emptyReads?: number;
    /** Orders that alternate, as indexes into `entities`: the real list has no fixed order either. */
    orders?: readonly (readonly number[])[];
  };
}

/** 1 to 5,000 units of a token with 6 decimals, at the sale's fixed price of one tick, in an open window. */
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

/** A verified and eligible individual from outside the US and EU, with the given differences. */
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

/** An EntityID that is the same for the same key. Like Echo's, it is not a UUID. */
export function entityId(key: string): string {
  return `AUX-${digest(`entity:${key}`).slice(0, 12).toUpperCase()}`;
}

/** A UUID that is the same for the same key. */
export function uuidOf(key: string): string {
  return digest(key).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/**
 * One visitor's own copy of a persona: with the same `visitor` always the same ids, and with any other one none of them. In a public demo
 * everybody plays the same personas, and without this they would share wallets, commitments and limits.
 */
export function ownPersona(persona: Persona, visitor: string): Persona {
  const own = (id: string) => `${visitor}:${id}`;
  const entities = persona.entities.map(({ details, terms }) => {
    const { EntityID, SaleSpecificEntityID } = details;
    const prefix = SaleSpecificEntityID.startsWith("0x") ? "0x" : "";
    const ids = SaleSpecificEntityID.includes("-")
      ? { EntityID: uuidOf(own(EntityID)), SaleSpecificEntityID: uuidOf(own(SaleSpecificEntityID)) }
      : { EntityID: entityId(own(EntityID)), SaleSpecificEntityID: prefix + digest(own(SaleSpecificEntityID)) };
    return { details: { ...details, ...ids }, terms };
  });
  const profile = { ...persona.profile, EntityID: entityId(own(persona.profile.EntityID)) };
  return { ...persona, id: `${persona.id}@${visitor}`, profile, entities };
}

type Headline = Pick<Persona, "id" | "name" | "description" | "group">;

/** A persona with one entity of the same name, and the given differences. */
export function soloPersona(
  headline: Headline,
  details: Partial<EntityWire> = {},
  terms: Partial<PurchaseTerms> = {},
  rest: Partial<Persona> = {},
): Persona {
  const entity = makeEntity(headline.id, { Label: headline.name, ...details }, terms);
  return persona(headline, { entities: [entity], ...rest });
}

/** A persona without entities and investments, with the given additions. */
export function persona(headline: Headline, rest: Partial<Persona>): Persona {
  return {
    ...headline,
    profile: { EntityID: entityId(headline.id), EmailAddress: `${headline.id}@example.com` },
    entities: [],
    investments: [],
    ...rest,
  };
}
