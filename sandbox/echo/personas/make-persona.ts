import { entityId, makeEntity } from "./make-entity";
import type { EntityWire, Persona, PurchaseTerms } from "./persona";

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
