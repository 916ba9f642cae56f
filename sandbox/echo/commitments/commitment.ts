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

/** One price tick in micro-USD: 0.0215 payment units for one offered token. */
const TICK_MICRO_USD = 21_500n;

/** Smallest units of one offered token, which has 18 decimals. */
const OFFERED_UNIT = "1000000000000000000";

/**
 * A commitment of the sandbox's sale. `createdAt` is Unix time in milliseconds; `price` is in ticks, and 0, which bids in
 * fixed-price sales may have, stands for the fixed price of one.
 */
export function makeCommitment(
  entityId: Hex,
  amounts: Commitment["Amounts"],
  createdAt: number,
  price = 0n,
): Commitment {
  // A payment token's smallest unit is a micro-USD.
  const microUsd = ((price === 0n ? 1n : price) * TICK_MICRO_USD).toString();
  return {
    // The contract's commitmentID is bytes32(entityID): left-aligned.
    CommitmentID: `0x${entityId.slice(2).padEnd(64, "0")}`,
    SaleSpecificEntityID: entityId,
    PriceNumerator: microUsd,
    PriceDenominator: OFFERED_UNIT,
    PriceMicroUSD: microUsd,
    Amounts: amounts,
    CreatedAt: new Date(createdAt).toISOString(),
    ExtraRaw: "0x",
    ExtraDataParsed: null,
  };
}
