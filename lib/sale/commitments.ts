import type { Commitment, ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import type { Hex } from "viem";
import { isDigits, isTime } from "@/lib/purchase/pending";
import { isHex, sameHex } from "@/lib/sale/hex";

/** A commitment that the chain has confirmed but Sonar's list, which is about a minute behind, may not show yet. */
export interface UnlistedCommitment {
  /** SaleSpecificEntityID. */
  entityId: Hex;
  wallet: Hex;
  /** The tokens that the total is made of. */
  tokens: readonly Hex[];
  /** The entity's new total over all wallets and tokens, in smallest units, as the list will show it. */
  total: string;
  /** Time of confirmation in milliseconds since 1970. */
  at: number;
}

/** After this time the commitment is dropped even if it was never listed: the entity may have cancelled since. */
const MAX_WAIT_MS = 15 * 60_000;

function isUnlisted(value: unknown): value is UnlistedCommitment {
  if (typeof value !== "object" || value === null) return false;
  const field = (name: keyof UnlistedCommitment): unknown => Reflect.get(value, name);
  const [total, tokens] = [field("total"), field("tokens")];
  const ids = isHex(field("entityId"), 32) && isHex(field("wallet"), 40);
  const areTokens = Array.isArray(tokens) && tokens.every((token) => isHex(token, 40));
  return ids && areTokens && isDigits(total) && isTime(field("at"));
}

/** Reads commitments from a browser's storage. Anything may be there: earlier versions of this site and users write to it too. */
export function parseUnlisted(text: string | null): UnlistedCommitment[] {
  if (text === null) return [];
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.filter(isUnlisted) : [];
  } catch {
    return [];
  }
}

/** An entity's total. The payment tokens of one sale have equal value (sonar.md 4), so their amounts add up. */
export function committedTotal({ Amounts }: Pick<Commitment, "Amounts">): bigint {
  return Amounts.reduce((total, { Amount }) => total + BigInt(Amount), 0n);
}

function isShown({ entityId, total }: UnlistedCommitment, listed: readonly Commitment[]): boolean {
  const own = listed.find(({ SaleSpecificEntityID }) => sameHex(SaleSpecificEntityID, entityId));
  // A total can only rise during the commitment stage, so a greater one includes this one.
  return own !== undefined && committedTotal(own) >= BigInt(total);
}

/** The newest commitment of each entity that the list does not show yet, newest first. `now` in milliseconds since 1970. */
export function notYetListed(
  confirmed: readonly UnlistedCommitment[],
  listed: readonly Commitment[],
  now: number,
): UnlistedCommitment[] {
  const newestFirst = [...confirmed].sort((a, b) => b.at - a.at);
  const newestOf = (entityId: Hex) => newestFirst.find((one) => sameHex(one.entityId, entityId));
  return newestFirst.filter(
    (one) => newestOf(one.entityId) === one && now - one.at < MAX_WAIT_MS && !isShown(one, listed),
  );
}

/** The sale's total right after one commitment. Amounts in smallest units. */
export interface CurvePoint {
  /** Milliseconds since 1970. */
  at: number;
  amount: bigint;
  total: bigint;
}

/**
 * The growth of the total over the listed commitments, oldest first. Sonar lists only the latest 100, so the curve is computed backwards
 * from the real total and starts at the sum of the earlier ones. It never falls below zero, even if the list is newer than the total.
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
