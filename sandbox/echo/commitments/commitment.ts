import type { Hex } from "../permits/permit";

/** One entity's commitment as Echo's public API gives it (sonar.md 2.7). */
export interface Commitment {
  CommitmentID: Hex;
  SaleSpecificEntityID: Hex;
  PriceNumerator: string;
  PriceDenominator: string;
  PriceMicroUSD: string;
  Amounts: { Wallet: Hex; Token: Hex; Amount: string }[];
  /** ISO 8601. */
  CreatedAt: string;
  ExtraRaw: Hex;
  ExtraDataParsed: null;
}

/** The sale's fixed price: 0.0215 payment units for one offered token of 18 decimals. */
const FIXED_PRICE = {
  PriceNumerator: "21500",
  PriceDenominator: "1000000000000000000",
  PriceMicroUSD: "21500",
} as const;

/** A commitment of the sandbox's fixed-price sale. `createdAt` is Unix time in milliseconds. */
export function makeCommitment(entityId: Hex, amounts: Commitment["Amounts"], createdAt: number): Commitment {
  return {
    // The contract's commitmentID is bytes32(entityID): left-aligned.
    CommitmentID: `0x${entityId.slice(2).padEnd(64, "0")}`,
    SaleSpecificEntityID: entityId,
    ...FIXED_PRICE,
    Amounts: amounts,
    CreatedAt: new Date(createdAt).toISOString(),
    ExtraRaw: "0x",
    ExtraDataParsed: null,
  };
}
