import type { Commitment, ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import type { Hex } from "viem";
import { isHex } from "@/lib/sale/hex";

/** A commitment that the chain has confirmed and Sonar's list, which is about a minute behind, may not show yet. */
export interface UnlistedCommitment {
  /** SaleSpecificEntityID. */
  entityId: Hex;
  wallet: Hex;
  /** Those that the total is made of. */
  tokens: readonly Hex[];
  /** The entity's new total over all wallets and tokens, in smallest units: what the list will show of it. */
  total: string;
  /** When it was confirmed, in milliseconds since 1970. */
  at: number;
}

/** Longer than this (milliseconds) the list is not waited for: the entity may have cancelled since. */
const WAITED_FOR_MS = 15 * 60_000;

function isUnlisted(value: unknown): value is UnlistedCommitment {
  if (typeof value !== "object" || value === null) return false;
  const field = (name: keyof UnlistedCommitment): unknown => Reflect.get(value, name);
  const [total, tokens] = [field("total"), field("tokens")];
  const ids = isHex(field("entityId"), 32) && isHex(field("wallet"), 40);
  const areTokens = Array.isArray(tokens) && tokens.every((token) => isHex(token, 40));
  return ids && areTokens && typeof total === "string" && /^\d+$/.test(total) && Number.isFinite(field("at"));
}

/** Commitments out of what a browser had stored: an earlier version of this site, or its user, may have written anything there. */
export function parseUnlisted(text: string | null): UnlistedCommitment[] {
  if (text === null) return [];
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.filter(isUnlisted) : [];
  } catch {
    return [];
  }
}

/** What an entity has committed. Payment tokens of one sale are worth the same (sonar.md 4), so their amounts add up. */
export function committedTotal({ Amounts }: Pick<Commitment, "Amounts">): bigint {
  return Amounts.reduce((total, { Amount }) => total + BigInt(Amount), 0n);
}

function isShown({ entityId, total }: UnlistedCommitment, listed: readonly Commitment[]): boolean {
  const own = listed.find(({ SaleSpecificEntityID }) => SaleSpecificEntityID.toLowerCase() === entityId.toLowerCase());
  // A total can only rise while commitments are taken: a greater one holds this one.
  return own !== undefined && committedTotal(own) >= BigInt(total);
}

/** Those that the list does not show yet, the newest first; of one entity the newest only. `now` in milliseconds since 1970. */
export function notYetListed(
  confirmed: readonly UnlistedCommitment[],
  listed: readonly Commitment[],
  now: number,
): UnlistedCommitment[] {
  const newestFirst = [...confirmed].sort((a, b) => b.at - a.at);
  const newestOfEach = new Map(newestFirst.toReversed().map((one) => [one.entityId.toLowerCase(), one]));
  return newestFirst.filter(
    (one) =>
      newestOfEach.get(one.entityId.toLowerCase()) === one && now - one.at < WAITED_FOR_MS && !isShown(one, listed),
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
