import type { PositionAmounts, PositionRow } from "@/lib/sale/position";
import type { PaymentToken } from "@/lib/sale/sale-state";

/** Part of what the chain says of payment tokens. */
export type NamedToken = Pick<PaymentToken, "address" | "symbol">;

/** Symbols for an amount over several tokens, which are worth the same (sonar.md 4): "USDC and USDT". Undefined while none is known. */
export function symbolsOf(tokens: readonly NamedToken[]): string | undefined {
  const symbols = [...new Set(tokens.map(({ symbol }) => symbol))];
  return symbols.length === 0 ? undefined : symbols.join(" and ");
}

/** The symbols of the tokens at these addresses, as far as they are known. */
export function symbolsAt(addresses: readonly string[], tokens: readonly NamedToken[]): string | undefined {
  const wanted = new Set(addresses.map((address) => address.toLowerCase()));
  return symbolsOf(tokens.filter(({ address }) => wanted.has(address.toLowerCase())));
}

/** Addresses of the tokens that one of an entity's sums is made of; where it is zero, of all that the entity has paid with. */
export function sumTokens(rows: readonly PositionRow[], amount: keyof PositionAmounts): PositionRow["token"][] {
  const counted = rows.filter((row) => row[amount] > 0n);
  return (counted.length > 0 ? counted : rows).map(({ token }) => token);
}

/**
 * Addresses of the tokens that an entity's total is made of, with what is added to it: `amount` in smallest units, 0 where only the price
 * or the lockup changes.
 */
export function totalTokens(
  rows: readonly PositionRow[],
  added?: { token: PositionRow["token"]; amount: bigint },
): PositionRow["token"][] {
  const held = rows.filter(({ committed }) => committed > 0n).map(({ token }) => token);
  return added && added.amount > 0n ? [...held, added.token] : held;
}
