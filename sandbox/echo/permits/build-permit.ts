import type { PersonaEntity } from "../personas/persona";
import { toHex } from "./permit";
import type { PermitV2, PermitV3 } from "./permit";
import { saleWindow } from "./sale-window";

/** Seconds that a permit is valid. */
const PERMIT_LIFETIME = 600;

/** Seconds for which an expired permit has been over when it is issued. */
const EXPIRED_FOR = 60;

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
export function buildPermit(request: PermitRequest): PermitV3 | PermitV2 {
  const { terms } = request.entity;
  const bounds = permitBounds(request);
  if (terms.permit === "older-form") return bounds;
  const { opensAt, closesAt } = saleWindow(terms.window, request.anchor);
  return { ...bounds, OpensAt: opensAt, ClosesAt: closesAt };
}

function permitBounds({ entity: { terms, details }, saleUuid, wallet, now }: PermitRequest): PermitV2 {
  return {
    SaleSpecificEntityID: toHex(details.SaleSpecificEntityID),
    SaleUUID: toHex(saleUuid.replaceAll("-", "")),
    Wallet: toHex(wallet),
    ExpiresAt: terms.permit === "expired" ? now - EXPIRED_FOR : now + PERMIT_LIFETIME,
    MinAmount: terms.minAmount,
    MaxAmount: terms.maxAmount,
    MinPrice: terms.minPrice,
    MaxPrice: terms.maxPrice,
    Payload: encodePayload(details.InvestingRegion === "us"),
  };
}

/** ABI encoding of `(bool forcedLockup)`. Never shorter: the contract reverts without a reason on an empty payload. */
export function encodePayload(forcedLockup: boolean): PermitV3["Payload"] {
  return toHex((forcedLockup ? "1" : "0").padStart(64, "0"));
}
