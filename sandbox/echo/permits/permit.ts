import type { WindowKind, PersonaEntity } from "../personas/persona";

/** 0x and hex digits. */
export type Hex = `0x${string}`;

/** A PurchasePermitV3 as Echo's API gives it: times in Unix seconds, amounts as decimal strings (sonar.md 2.5). */
export interface PermitV3 {
  SaleSpecificEntityID: Hex;
  SaleUUID: Hex;
  Wallet: Hex;
  ExpiresAt: number;
  MinAmount: string;
  MaxAmount: string;
  /** Prices that no JavaScript number holds are bigints. */
  MinPrice: number | bigint;
  MaxPrice: number | bigint;
  OpensAt: number;
  ClosesAt: number;
  Payload: Hex;
}

/** The form before it, which current contracts do not take: without a window. */
export type PermitV2 = Omit<PermitV3, "OpensAt" | "ClosesAt">;

/** Prefixes hex digits with 0x unless they have it. */
export function toHex(digits: string): Hex {
  return `0x${digits.replace(/^0x/, "").toLowerCase()}`;
}

const DAY = 24 * 60 * 60;

/** Unix seconds; commitments are allowed in [opensAt, closesAt). */
export interface SaleWindow {
  opensAt: number;
  closesAt: number;
}

/**
 * A persona's window, counted from the sale's anchor (Unix seconds). It does not float with the clock: moving the chain's
 * clock past its end closes it.
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

/** Whether a window is open at `now` (Unix seconds). */
export function isOpen({ opensAt, closesAt }: SaleWindow, now: number): boolean {
  return opensAt <= now && now < closesAt;
}

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
