import type { PersonaEntity } from "../personas/persona";
import { toHex } from "./permit";
import type { PermitV3 } from "./permit";
import { saleWindow } from "./sale-window";

/** Seconds that a permit is valid. */
const PERMIT_LIFETIME = 600;

/** What goes into a permit. */
export interface PermitRequest {
  entity: PersonaEntity;
  saleUuid: string;
  wallet: string;
  /** The sale's time in Unix seconds. */
  now: number;
  /** What the sale's windows are counted from, in Unix seconds. */
  anchor: number;
}

/** The permit for one entity and wallet, unsigned. */
export function buildPermit({ entity, saleUuid, wallet, now, anchor }: PermitRequest): PermitV3 {
  const { terms, details } = entity;
  const window = saleWindow(terms.window, anchor);
  return {
    SaleSpecificEntityID: toHex(details.SaleSpecificEntityID),
    SaleUUID: toHex(saleUuid.replaceAll("-", "")),
    Wallet: toHex(wallet),
    ExpiresAt: now + PERMIT_LIFETIME,
    MinAmount: terms.minAmount,
    MaxAmount: terms.maxAmount,
    MinPrice: terms.minPrice,
    MaxPrice: terms.maxPrice,
    OpensAt: window.opensAt,
    ClosesAt: window.closesAt,
    Payload: encodePayload(details.InvestingRegion === "us"),
  };
}

/** ABI encoding of `(bool forcedLockup)`. Never shorter: the contract reverts without a reason on an empty payload. */
export function encodePayload(forcedLockup: boolean): PermitV3["Payload"] {
  return toHex((forcedLockup ? "1" : "0").padStart(64, "0"));
}
