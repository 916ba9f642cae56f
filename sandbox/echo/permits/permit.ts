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
