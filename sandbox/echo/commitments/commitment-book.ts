import { clearingPrice, effectivePrice, TICK_MICRO_USD, type AuctionBid } from "../../chain/auction";
import type { Hex } from "../permits/permit";
import type { SaleKind } from "../sale-anchor";

/** One entity's commitment as Echo's public API returns it (sonar.md 2.7). */
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

/** Smallest units of one offered token, which has 18 decimals. */
const OFFERED_UNIT = "1000000000000000000";

/** A commitment to the sandbox's sale. `createdAt` is Unix time in milliseconds; `price` is in ticks, see `effectivePrice`. */
export function makeCommitment(
  entityId: Hex,
  amounts: Commitment["Amounts"],
  createdAt: number,
  price = 0n,
): Commitment {
  return {
    // The contract's commitmentID is bytes32(entityID): left-aligned.
    CommitmentID: `0x${entityId.slice(2).padEnd(64, "0")}`,
    SaleSpecificEntityID: entityId,
    ...wirePrice(effectivePrice(price)),
    Amounts: amounts,
    CreatedAt: new Date(createdAt).toISOString(),
    ExtraRaw: "0x",
    ExtraDataParsed: null,
  };
}

/** A price of some ticks as the API has it. A payment token's smallest unit is a micro-USD. */
function wirePrice(ticks: bigint): Pick<Commitment, "PriceNumerator" | "PriceDenominator" | "PriceMicroUSD"> {
  const microUsd = (ticks * TICK_MICRO_USD).toString();
  return { PriceNumerator: microUsd, PriceDenominator: OFFERED_UNIT, PriceMicroUSD: microUsd };
}

/** The history bids the lowest price, so that it never moves the clearing price of those on the chain. */
function clearingPriceOf(all: readonly Commitment[]): Partial<CommitmentData> {
  const price = wirePrice(clearingPrice(all.map(toAuctionBid)));
  return {
    ClearingPriceNumerator: price.PriceNumerator,
    ClearingPriceDenominator: price.PriceDenominator,
    ClearingPriceMicroUSD: price.PriceMicroUSD,
  };
}

function toAuctionBid(commitment: Commitment): AuctionBid {
  return { price: BigInt(commitment.PriceMicroUSD) / TICK_MICRO_USD, amount: committedBy(commitment) };
}

/** The most rows that the API lists at once. */
const LISTED_COMMITMENTS = 100;

/** The answer of ReadCommitmentData. */
export interface CommitmentData {
  TotalCommitmentAmount: string;
  UniqueCommitmentCount: number;
  PaymentTokenDecimals: number;
  OfferedTokenDecimals: number;
  /** In an auction only: the estimate, in smallest payment units for one smallest offered unit. */
  ClearingPriceNumerator?: string;
  ClearingPriceDenominator?: string;
  /** For one whole offered token. */
  ClearingPriceMicroUSD?: string;
  Commitments: Commitment[];
}

/** The sale's commitments that are not on the chain, one per entity. */
export class CommitmentBook {
  private readonly byEntity: Map<string, Commitment>;

  /** `history` is oldest first. */
  constructor(history: readonly Commitment[]) {
    this.byEntity = new Map(history.map((commitment) => [commitment.SaleSpecificEntityID, commitment]));
  }

  /** Records an entity's new total as the newest commitment; it replaces the earlier one. */
  record(commitment: Commitment): void {
    this.byEntity.delete(commitment.SaleSpecificEntityID);
    this.byEntity.set(commitment.SaleSpecificEntityID, commitment);
  }

  /** Totals and the newest rows. A commitment on the chain replaces the entity's recorded one. */
  read(onChain: readonly Commitment[] = [], kind: SaleKind = "fixed-price"): CommitmentData {
    const byEntity = new Map(this.byEntity);
    for (const commitment of onChain) byEntity.set(commitment.SaleSpecificEntityID, commitment);
    const all = [...byEntity.values()].sort((a, b) => a.CreatedAt.localeCompare(b.CreatedAt));
    return {
      TotalCommitmentAmount: all.reduce((total, commitment) => total + committedBy(commitment), 0n).toString(),
      UniqueCommitmentCount: all.length,
      PaymentTokenDecimals: 6,
      OfferedTokenDecimals: 18,
      ...(kind === "auction" && clearingPriceOf(all)),
      Commitments: all.slice(-LISTED_COMMITMENTS).reverse(),
    };
  }
}

function committedBy(commitment: Commitment): bigint {
  return commitment.Amounts.reduce((total, { Amount }) => total + BigInt(Amount), 0n);
}
