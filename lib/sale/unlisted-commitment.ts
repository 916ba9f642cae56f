import type { Commitment } from "@echoxyz/sonar-core";
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
