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
  MinPrice: number;
  MaxPrice: number;
  OpensAt: number;
  ClosesAt: number;
  Payload: Hex;
}

/** Prefixes hex digits with 0x unless they have it. */
export function toHex(digits: string): Hex {
  return `0x${digits.replace(/^0x/, "").toLowerCase()}`;
}
