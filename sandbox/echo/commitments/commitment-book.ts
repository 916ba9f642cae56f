import type { Commitment } from "./commitment";

/** Rows the API lists at once, however many there are. */
const LISTED_COMMITMENTS = 100;

/** What ReadCommitmentData answers. */
export interface CommitmentData {
  TotalCommitmentAmount: string;
  UniqueCommitmentCount: number;
  PaymentTokenDecimals: number;
  OfferedTokenDecimals: number;
  Commitments: Commitment[];
}

/** The sale's commitments that are not on the chain, one per entity. */
export class CommitmentBook {
  private readonly byEntity: Map<string, Commitment>;

  /** `history` is oldest first. */
  constructor(history: readonly Commitment[]) {
    this.byEntity = new Map(history.map((commitment) => [commitment.SaleSpecificEntityID, commitment]));
  }

  /** Records an entity's new total, in place of its earlier one, as the newest commitment. */
  record(commitment: Commitment): void {
    this.byEntity.delete(commitment.SaleSpecificEntityID);
    this.byEntity.set(commitment.SaleSpecificEntityID, commitment);
  }

  /** Aggregates of everything and the newest rows. What is on the chain takes the place of what was recorded by hand. */
  read(onChain: readonly Commitment[] = []): CommitmentData {
    const byEntity = new Map(this.byEntity);
    for (const commitment of onChain) byEntity.set(commitment.SaleSpecificEntityID, commitment);
    const all = [...byEntity.values()].sort((a, b) => a.CreatedAt.localeCompare(b.CreatedAt));
    return {
      TotalCommitmentAmount: all.reduce((total, commitment) => total + committedBy(commitment), 0n).toString(),
      UniqueCommitmentCount: all.length,
      PaymentTokenDecimals: 6,
      OfferedTokenDecimals: 18,
      Commitments: all.slice(-LISTED_COMMITMENTS).reverse(),
    };
  }
}

function committedBy(commitment: Commitment): bigint {
  return commitment.Amounts.reduce((total, { Amount }) => total + BigInt(Amount), 0n);
}
