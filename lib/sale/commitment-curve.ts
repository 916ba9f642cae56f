import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { committedTotal } from "@/lib/sale/unlisted-commitment";

/** The sale's total right after one commitment. Amounts in smallest units. */
export interface CurvePoint {
  /** Milliseconds since 1970. */
  at: number;
  amount: bigint;
  total: bigint;
}

/**
 * How the total grew over the listed commitments, oldest first. Sonar lists the latest 100 only, so it is reckoned back from the real total:
 * the curve ends there, and begins at what those before came to. Never below zero, should the list be newer than the total.
 */
export function commitmentCurve(
  data: Pick<ReadCommitmentDataResponse, "TotalCommitmentAmount" | "Commitments">,
): CurvePoint[] {
  const newestFirst = data.Commitments.map((commitment) => ({
    at: Date.parse(commitment.CreatedAt),
    amount: committedTotal(commitment),
  })).sort((a, b) => b.at - a.at);
  let total = BigInt(data.TotalCommitmentAmount);
  const points = newestFirst.map(({ at, amount }) => {
    const point = { at, amount, total };
    total = total > amount ? total - amount : 0n;
    return point;
  });
  return points.reverse();
}
