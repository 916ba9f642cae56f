import { createHash } from "node:crypto";
import type { EntityWire, PersonaEntity, PurchaseTerms } from "./persona";

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
