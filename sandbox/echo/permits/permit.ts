import { AUCTION_BOUNDS } from "../../chain/auction";
import type { WindowKind, PersonaEntity } from "../personas/persona";
import type { SaleKind } from "../sale-anchor";

/** A hex string with 0x. */
export type Hex = `0x${string}`;

/** A PurchasePermitV3 as Echo's API returns it: times in Unix seconds, amounts as decimal strings (sonar.md 2.5). */
export interface PermitV3 {
  SaleSpecificEntityID: Hex;
  SaleUUID: Hex;
  Wallet: Hex;
  ExpiresAt: number;
  MinAmount: string;
  MaxAmount: string;
  /** A price that a JavaScript number cannot hold is a bigint. */
  MinPrice: number | bigint;
  MaxPrice: number | bigint;
  OpensAt: number;
  ClosesAt: number;
  Payload: Hex;
}

/** The previous form, without a window, which current contracts do not accept. */
export type PermitV2 = Omit<PermitV3, "OpensAt" | "ClosesAt">;

/** Hex digits, or a UUID, as hex with 0x. */
export function toHex(digits: string): Hex {
  return `0x${digits.replace(/^0x/, "").replaceAll("-", "").toLowerCase()}`;
}

const DAY = 24 * 60 * 60;

/** Unix seconds; commitments are allowed in [opensAt, closesAt). */
export interface SaleWindow {
  opensAt: number;
  closesAt: number;
}

/**
 * A persona's window, counted from the sale's anchor (Unix seconds). It does not move with the clock: moving the chain's clock past its
 * end closes it.
 */
export function saleWindow(kind: WindowKind, anchor: number): SaleWindow {
  switch (kind) {
    case "open":
      return { opensAt: anchor - DAY, closesAt: anchor + 30 * DAY };
    case "not-yet-open":
      return { opensAt: anchor + 7 * DAY, closesAt: anchor + 30 * DAY };
    case "closed":
      return { opensAt: anchor - 3 * DAY, closesAt: anchor };
  }
}

/** True while a window is open; `now` is in Unix seconds. */
export function isOpen({ opensAt, closesAt }: SaleWindow, now: number): boolean {
  return opensAt <= now && now < closesAt;
}

/** The lifetime of a permit in seconds. */
const PERMIT_LIFETIME = 600;

/** The age of an expired permit's end when it is issued, in seconds. */
const EXPIRED_FOR = 60;

/** The facts that a permit contains or depends on. */
export interface PermitRequest {
  entity: PersonaEntity;
  saleUuid: string;
  wallet: string;
  /** The sale's time in Unix seconds. */
  now: number;
  /** The time that the sale's windows are counted from, in Unix seconds. */
  anchor: number;
  /** Absent: at a fixed price. */
  kind?: SaleKind;
}

/** The permit for one entity and wallet, unsigned. */
export function buildPermit(request: PermitRequest): PermitV3 | PermitV2 {
  const { terms } = request.entity;
  const bounds = permitBounds(request);
  if (terms.permit === "older-form") return bounds;
  const { opensAt, closesAt } = saleWindow(terms.window, request.anchor);
  return { ...bounds, OpensAt: opensAt, ClosesAt: closesAt };
}

/** In an auction everybody may bid the same prices. One persona's price that JSON rounds stays as it is. */
function priceBounds({ entity: { terms }, kind }: PermitRequest): Pick<PermitV2, "MinPrice" | "MaxPrice"> {
  const { minPrice, maxPrice } = kind === "auction" ? AUCTION_BOUNDS : terms;
  return { MinPrice: minPrice, MaxPrice: typeof terms.maxPrice === "bigint" ? terms.maxPrice : maxPrice };
}

function permitBounds(request: PermitRequest): PermitV2 {
  const { terms, details } = request.entity;
  const { saleUuid, wallet, now } = request;
  return {
    SaleSpecificEntityID: toHex(details.SaleSpecificEntityID),
    SaleUUID: toHex(saleUuid),
    Wallet: toHex(wallet),
    ExpiresAt: terms.permit === "expired" ? now - EXPIRED_FOR : now + PERMIT_LIFETIME,
    MinAmount: terms.minAmount,
    MaxAmount: terms.maxAmount,
    ...priceBounds(request),
    Payload: encodePayload(details.InvestingRegion === "us"),
  };
}

/** The permit as the API sends it: its ids are written as the entity's are, hex or UUIDs with dashes. Echo documents both. */
export function permitOnTheWire(permit: PermitV3 | PermitV2, { entity, saleUuid }: PermitRequest): object {
  const { SaleSpecificEntityID } = entity.details;
  return SaleSpecificEntityID.includes("-") ? { ...permit, SaleSpecificEntityID, SaleUUID: saleUuid } : permit;
}

/** ABI encoding of `(bool forcedLockup)`. It is never empty, because the contract would revert without a reason. */
export function encodePayload(forcedLockup: boolean): PermitV3["Payload"] {
  return toHex((forcedLockup ? "1" : "0").padStart(64, "0"));
}
