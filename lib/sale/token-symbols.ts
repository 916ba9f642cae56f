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
